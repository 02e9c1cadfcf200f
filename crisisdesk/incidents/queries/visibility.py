"""What you may not see does not exist (law 6): every read of incidents starts here."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.models import Incident, IncidentAccess, RoleAssignment
from crisisdesk.organisation.models import Membership

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


def visible_to(user: User) -> QuerySet[Incident]:
    """Return the incidents the person may see.

    Unrestricted: everybody with a role on the brand. Restricted: only the opener, current role holders and people the
    lead has named; not admins, not superusers. A role on an incident shows that one even without a role on the brand.
    """
    if not user.is_active:
        return Incident.objects.none()
    member = Exists(Membership.objects.filter(user=user, brand=OuterRef("brand_id")))
    holder = Exists(RoleAssignment.objects.filter(user=user, incident=OuterRef("pk"), to_at=None))
    named = Exists(IncidentAccess.objects.filter(user=user, incident=OuterRef("pk")))
    return Incident.objects.filter(
        (Q(is_restricted=False) & member) | Q(opened_by=user) & member | holder | named
    )


def visible_incident(user: User, reference: str) -> Incident:
    """Return the incident with its brand, or raise NotVisible."""
    found = visible_to(user).select_related("brand", "lead").filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def may_see(user: User, incident_id: int) -> bool:
    """Whether the person may see this incident (asked by notifications at send and when the inbox is shown)."""
    return visible_to(user).filter(pk=incident_id).exists()


def may_see_many(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those (user id, incident id) that are allowed, in four queries however many are asked."""
    users = {user for user, _ in pairs}
    incidents = {incident for _, incident in pairs}
    rows = Incident.objects.filter(pk__in=incidents).values_list(
        "pk", "brand_id", "is_restricted", "opened_by_id"
    )
    members = set(Membership.objects.filter(user__in=users).values_list("user_id", "brand_id"))
    inside = set(
        RoleAssignment.objects.filter(
            user__in=users, incident__in=incidents, to_at=None
        ).values_list("user_id", "incident_id")
    ) | set(
        IncidentAccess.objects.filter(user__in=users, incident__in=incidents).values_list(
            "user_id", "incident_id"
        )
    )
    facts = {pk: (brand, restricted, opener) for pk, brand, restricted, opener in rows}
    allowed = set()
    for user, incident in pairs:
        if incident not in facts:
            continue
        brand, restricted, opener = facts[incident]
        if (user, incident) in inside or (
            (user, brand) in members and (not restricted or opener == user)
        ):
            allowed.add((user, incident))
    return allowed
