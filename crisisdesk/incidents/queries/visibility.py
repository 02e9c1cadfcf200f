"""What you may not see does not exist (law 6): every read of incidents starts here."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.models import Incident, IncidentAccess, RoleAssignment
from crisisdesk.incidents.queries.duty import with_duty
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
    """Return the incident with its brand and who is on duty, or raise NotVisible."""
    return one_of(visible_to(user), reference)


def one_of(rows: QuerySet[Incident], reference: str) -> Incident:
    """Return the incident of this reference among these, or raise NotVisible."""
    found = with_duty(rows).select_related("brand", "lead").filter(reference=reference).first()
    if found is None:
        raise NotVisible
    return found


def visible_ids(user: User) -> QuerySet[Incident, int]:
    """Return the ids of the incidents the person may see, to be part of another query."""
    return visible_to(user).order_by().values_list("pk", flat=True)


def may_see(user: User, incident_id: int) -> bool:
    """Whether the person may see this incident (asked by notifications at send and when the inbox is shown)."""
    return visible_to(user).filter(pk=incident_id).exists()


def may_see_many(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those (user id, incident id) that are allowed, in one query however many are asked."""
    users = {user for user, _ in pairs}
    incidents = {incident for _, incident in pairs}
    member = "brand__memberships__user_id"
    by_brand = Incident.objects.filter(
        Q(is_restricted=False) | Q(opened_by=F(member)),
        pk__in=incidents,
        brand__memberships__user__in=users,
    ).order_by()
    holders = RoleAssignment.objects.filter(user__in=users, incident__in=incidents, to_at=None)
    named = IncidentAccess.objects.filter(user__in=users, incident__in=incidents)
    found = by_brand.values_list(member, "pk").union(
        holders.order_by().values_list("user_id", "incident_id"),
        named.order_by().values_list("user_id", "incident_id"),
    )
    return set(found) & set(pairs)


def restricted_among(incident_ids: Collection[int]) -> set[int]:
    """Return those of these incidents that are restricted: no other hands carry their words."""
    return set(
        Incident.objects.filter(pk__in=incident_ids, is_restricted=True)
        .order_by()
        .values_list("pk", flat=True)
    )
