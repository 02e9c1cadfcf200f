"""How much mail waits, for those who run the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Notification

LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """Mail that waits, since when the oldest does, and what was given up within a day."""

    waiting: int
    oldest: datetime | None
    given_up: int


def figures(at: datetime) -> Figures:
    """Return the outbox in figures, in one query."""
    waits = Q(state__in=[State.PENDING, State.SENDING])
    found = Notification.objects.filter(
        waits | Q(state=State.FAILED, created_at__gt=at - LATELY), transport=Transport.EMAIL
    ).aggregate(
        waiting=Count("pk", filter=waits),
        oldest=Min("created_at", filter=waits),
        given_up=Count("pk", filter=Q(state=State.FAILED)),
    )
    return Figures(**found)
