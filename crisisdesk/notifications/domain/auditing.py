"""Proving that nothing in the outbox waits longer than it must.

A row on its way belongs to a living worker until its lease ends; a row that waits has a moment at
which it is tried. The sweep of delivery keeps both true; here it is checked that it did.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications.domain import leasing
from crisisdesk.notifications.domain.outbox import WAKE_UP
from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Notification

GRACE = timedelta(minutes=2)  # sweeps come every few seconds: what waits longer was forgotten
MOST = 1000  # rows counted and mended in one run


@dataclass(frozen=True)
class Waiting:
    """Rows that wait wrongly: how many were counted (MOST at the most) and since when the oldest does."""

    count: int
    since: datetime | None


def free_expired_leases(*, at: datetime) -> Waiting:
    """Put rows whose lease is long over, or has no end, back in the queue, and return what was found."""
    held = Notification.objects.filter(state=State.SENDING).filter(
        Q(lease_until__lt=at - GRACE) | Q(lease_until=None)
    )
    found = _count(held, "lease_until")
    if found.count:
        endless = held.filter(lease_until=None).order_by("pk").values("pk")[:MOST]
        Notification.objects.filter(pk__in=endless, state=State.SENDING, lease_until=None).update(
            lease_until=at - GRACE
        )
        leasing.reclaim(at=at)
    return found


def date_undated(*, at: datetime) -> Waiting:
    """Let rows that wait without a moment at which they are tried be tried now, and return what was found."""
    undated = Notification.objects.filter(state=State.PENDING, next_attempt_at=None)
    found = _count(undated, "created_at")
    if found.count:
        first = undated.order_by("pk").values("pk")[:MOST]
        Notification.objects.filter(pk__in=first, state=State.PENDING).update(next_attempt_at=at)
        after_commit(WAKE_UP)
    return found


def overdue(*, at: datetime) -> Waiting:
    """Return what should have been tried long ago by any transport, and ring for it once more."""
    found = _count(
        Notification.objects.filter(state=State.PENDING, next_attempt_at__lt=at - GRACE),
        "next_attempt_at",
    )
    if found.count:
        after_commit(WAKE_UP)
    return found


def _count(rows: QuerySet[Notification], moment: str) -> Waiting:
    found = list(rows.order_by(moment, "pk").values_list(moment, flat=True)[:MOST])
    return Waiting(len(found), next((since for since in found if since is not None), None))
