"""Who is on duty on an incident now, read once for the life of the incident object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.incidents.models import Incident, RoleAssignment

if TYPE_CHECKING:
    from django.db.models import QuerySet

_IDS, _PEOPLE = "_holder_ids", "_holders"


def holder_ids(incident: Incident) -> tuple[tuple[str, int], ...]:
    """Return (role, user id) of everybody on duty, whoever came first first."""
    kept: tuple[tuple[str, int], ...] | None = incident.__dict__.get(_IDS)
    if kept is None:
        kept = tuple(_now(incident).values_list("role", "user_id"))
        incident.__dict__[_IDS] = kept
    return kept


def holders(incident: Incident) -> list[RoleAssignment]:
    """Return the assignments of everybody on duty with the people themselves."""
    kept: list[RoleAssignment] | None = incident.__dict__.get(_PEOPLE)
    if kept is None:
        kept = list(_now(incident).select_related("user"))
        incident.__dict__[_PEOPLE] = kept
        incident.__dict__[_IDS] = tuple((row.role, row.user_id) for row in kept)
    return kept


def forget(incident: Incident) -> None:
    """Read again who is on duty: roles have just changed in this transaction."""
    incident.__dict__.pop(_IDS, None)
    incident.__dict__.pop(_PEOPLE, None)


def _now(incident: Incident) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(incident=incident, to_at=None).order_by("from_at", "pk")
