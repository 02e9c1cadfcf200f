"""Who is on duty on an incident now and who may be given something, read once for the life of the incident object."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateTimeField, Exists, OuterRef, Q, Value
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.models import Incident, RoleAssignment
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, Membership, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

_IDS, _READ, _PEOPLE, _TEAM = "_holder_ids", "_duty_read", "_people", "_team"
_DECIDE = {Role.APPROVER, Role.LEAD}
_WORK = {Role.LEAD, Role.STAFF, Role.APPROVER}
_ROW = JSONObject(role="role", user="user_id")


@dataclass(frozen=True, slots=True)
class Holder:
    """A role on the incident and a person who has it."""

    role: str
    user: User


@dataclass(frozen=True, slots=True)
class Team:
    """Who may be given something, in the order of their names; who approves and who deputises for which language; and
    everybody active with a role on the brand, by that role."""

    members: list[User]
    approvers: dict[str, User]
    deputies: dict[str, User]
    by_role: dict[str, frozenset[int]]

    @property
    def deciders(self) -> list[User]:
        """The approvers and leads of the brand."""
        deciding = {pk for role in _DECIDE for pk in self.by_role.get(role, ())}
        return [user for user in self.members if user.pk in deciding]


def with_duty(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return these incidents together with who is on duty on each at this moment."""
    return incidents.annotate(**{_READ: compiled(Incident, _on_duty)})


def holder_ids(incident: Incident) -> tuple[tuple[str, int], ...]:
    """Return (role, user id) of everybody on duty, whoever came first first."""
    kept: tuple[tuple[str, int], ...] | None = incident.__dict__.get(_IDS)
    if kept is None:
        read: list[dict[str, Any]] | None = incident.__dict__.get(_READ)
        rows = _now(incident).values("role", "user") if read is None else read
        kept = tuple((row["role"], row["user"]) for row in rows)
        incident.__dict__[_IDS] = kept
    return kept


def read_with_roles(incident: Incident, user: User) -> frozenset[Role] | None:
    """Return the person's roles on the brand from the same query that reads who is on duty; None when that is known
    already. Under the incident's lock both are as they stand now."""
    if _IDS in incident.__dict__ or _READ in incident.__dict__ or not user.is_active:
        return None
    roles = Membership.objects.filter(user=user, brand=incident.brand_id).order_by()
    never = Value(None, output_field=DateTimeField())
    fields = ("role", "user_id", "id", "from_at")
    found = list(
        _now(incident)
        .order_by()
        .values_list(*fields)
        .union(roles.annotate(from_at=never).values_list(*fields), all=True)
        .order_by("from_at", "id")
    )
    incident.__dict__[_IDS] = tuple((role, pk) for role, pk, _, since in found if since)
    return frozenset(Role(role) for role, _, _, since in found if since is None)


def holders(incident: Incident) -> list[Holder]:
    """Return everybody on duty with the people themselves."""
    ids = holder_ids(incident)
    known = people(incident, {user for _, user in ids})
    return [Holder(role, known[user]) for role, user in ids]


def people(incident: Incident, ids: Collection[int]) -> Mapping[int, User]:
    """Return these people and whoever else was read for this incident; no query where all of them were."""
    known: dict[int, User] = incident.__dict__.setdefault(_PEOPLE, {})
    missing = set(ids) - known.keys()
    if missing:
        known |= User.objects.in_bulk(missing)
    return known


def team(incident: Incident) -> Team:
    """Return whoever has a role on the brand and who approves its languages; the same query reads who is on duty."""
    kept: Team | None = incident.__dict__.get(_TEAM)
    if kept is None:
        kept = incident.__dict__[_TEAM] = _team(incident)
    return kept


def _team(incident: Incident) -> Team:
    works = Membership.objects.filter(user=OuterRef("pk"), brand=incident.brand_id)
    languages = BrandLanguage.objects.filter(brand=incident.brand_id)
    first, second = (
        languages.filter(approver=OuterRef("pk")),
        languages.filter(deputy=OuterRef("pk")),
    )
    rows = User.objects.annotate(
        works=ArraySubquery(works.values("role")),
        approves=ArraySubquery(first.values("language")),
        deputises=ArraySubquery(second.values("language")),
    ).filter(
        (Q(is_active=True) & Exists(works))
        | Exists(first)
        | Exists(second)
        | Q(pk__in={user for _, user in holder_ids(incident)})
    )
    found = list(rows.order_by("full_name", "pk"))
    incident.__dict__.setdefault(_PEOPLE, {}).update({person.pk: person for person in found})
    works_as: dict[str, set[int]] = {}
    for person in found:
        for role in person.works if person.is_active else ():
            works_as.setdefault(role, set()).add(person.pk)
    working = {pk for role in _WORK for pk in works_as.get(role, ())}
    return Team(
        [person for person in found if person.pk in working],
        {language: person for person in found for language in person.approves},
        {language: person for person in found for language in person.deputises},
        {role: frozenset(ids) for role, ids in works_as.items()},
    )


def forget(incident: Incident) -> None:
    """Read again who is on duty: roles have just changed in this transaction."""
    for name in (_IDS, _READ, _PEOPLE, _TEAM):
        incident.__dict__.pop(name, None)


def _on_duty() -> ArraySubquery:
    return ArraySubquery(_now(OuterRef("pk")).values(row=_ROW))


def _now(incident: Incident | OuterRef) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(incident=incident, to_at=None).order_by("from_at", "pk")
