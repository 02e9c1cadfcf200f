"""Calendar addresses of the asker."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from crisisdesk.incidents.models import CalendarFeed


class CalendarShape(TypedDict):
    """One address: of one incident, or with null of all that the asker has."""

    id: int
    incident: str | None
    created_at: datetime
    read_at: datetime | None


class NewCalendarShape(CalendarShape):
    """An address just made; it is shown this once."""

    address: str


def calendar(feed: CalendarFeed) -> CalendarShape:
    """Return the address without its secret, which nobody keeps."""
    return {
        "id": feed.pk,
        "incident": feed.incident.reference if feed.incident else None,
        "created_at": feed.created_at,
        "read_at": feed.read_at,
    }
