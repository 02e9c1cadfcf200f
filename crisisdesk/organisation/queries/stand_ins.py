"""Who is told in whose place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from crisisdesk.notifications.models import StandIn
from crisisdesk.organisation.models import Membership, User

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet


def in_sight(user: User) -> QuerySet[StandIn]:
    """Return the agreements that this person made or was named in; nobody else reads them one by one."""
    rows = StandIn.objects.filter(Q(person=user.pk) | Q(stand_in=user.pk))
    return rows.select_related("person", "stand_in")


def running(rows: QuerySet[StandIn], *, at: datetime) -> QuerySet[StandIn]:
    """Return those that hold at this moment or later."""
    return rows.filter(ended_at=None, until_at__gt=at)


def overlapping(*, from_at: datetime, until_at: datetime) -> QuerySet[StandIn]:
    """Return those that hold at some moment of this time."""
    return StandIn.objects.filter(
        ended_at=None, from_at__lt=until_at, until_at__gt=from_at
    ).order_by("from_at", "pk")


def stand_ins_of(user_ids: Collection[int], *, at: datetime) -> dict[int, StandIn]:
    """Return who stands in for each of these people at this moment, in one query."""
    rows = StandIn.objects.filter(
        person__in=user_ids, ended_at=None, from_at__lte=at, until_at__gt=at
    )
    return {row.person_id: row for row in rows.select_related("stand_in").order_by("pk")}


def may_stand_in(user: User) -> QuerySet[User]:
    """Return the active people who share a brand with this person, in the order of their names."""
    brands = Membership.objects.filter(user_id=user.pk).values("brand_id")
    colleagues = Membership.objects.filter(brand_id__in=brands).values("user_id")
    return (
        User.objects.filter(is_active=True, pk__in=colleagues)
        .exclude(pk=user.pk)
        .order_by("full_name", "pk")
    )
