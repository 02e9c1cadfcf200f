"""Messages that were given up, with what the other side said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from crisisdesk.notifications import registry
from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.queries.inbox import in_words

PAGE = 30


@dataclass(frozen=True)
class GivenUp:
    """One message: to whom, by what, and how its last attempt ended. `headline` is empty for what can
    no longer be written.
    """

    row: Notification
    headline: str
    path: str
    attempts: int
    at: datetime | None
    answer: str


@dataclass(frozen=True)
class Page:
    """Some messages, the newest first; `older` is what to ask for next."""

    rows: tuple[GivenUp, ...]
    older: int | None


def given_up(viewer: Any) -> QuerySet[Notification]:
    """Return the messages that were given up and tell of what this person may see."""
    seen = Q(pk__in=[])
    for topic in registry.topics():
        seen |= Q(topic=topic.name, topic_id__in=topic.visible(viewer))
    return Notification.objects.filter(seen, state=State.FAILED)


def page(viewer: Any, *, before: int | None = None, limit: int = PAGE) -> Page:
    """Return the newest of them, or those older than `before`, in the viewer's language; three queries."""
    rows = given_up(viewer).select_related("recipient").order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    ends = Delivery.objects.filter(notification__in=[row.pk for row in shown])
    last = {
        end.notification_id: end
        for end in ends.order_by("notification_id", "-pk").distinct("notification_id")
    }
    return Page(
        tuple(_shown(row, last.get(row.pk), viewer) for row in shown),
        shown[-1].pk if len(found) > limit else None,
    )


def _shown(row: Notification, end: Delivery | None, viewer: Any) -> GivenUp:
    said = in_words(row, viewer)  # that it cannot be written may be why it was given up
    headline, path = (said.subject, said.path) if said else ("", "")
    return GivenUp(
        row, headline, path, row.attempts, end.at if end else None, end.answer if end else ""
    )
