"""How much waits to be sent, for those who run the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Notification

LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Figures:
    """What waits for one transport, since when the oldest does, and what was given up within a day."""

    transport: str
    waiting: int
    oldest: datetime | None
    given_up: int


def figures(at: datetime) -> list[Figures]:
    """Return the outbox in figures, e-mail first and then every transport that has any, in one query."""
    # What waits for the end of quiet hours or of a minute waits as it should.
    waits = Q(state__in=[State.PENDING, State.SENDING], held="")
    found = (
        Notification.objects.filter(
            waits | Q(state=State.FAILED, created_at__gt=at - LATELY),
        )
        .order_by()
        .values("transport")
        .annotate(
            waiting=Count("pk", filter=waits),
            oldest=Min("created_at", filter=waits),
            given_up=Count("pk", filter=Q(state=State.FAILED)),
        )
    )
    rows = {row["transport"]: Figures(**row) for row in found}
    rows.setdefault(Transport.EMAIL, Figures(Transport.EMAIL, 0, None, 0))
    return [rows[transport] for transport in Transport.values if transport in rows]
