"""The inbox of the person who asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from crisisdesk.notifications.queries.inbox import Item


class Line(TypedDict):
    """One piece of news, in the reader's language."""

    id: int
    topic: str
    kind: str
    urgent: bool
    is_drill: bool
    subject: str
    headline: str
    lines: list[str]
    due: str
    action: str
    path: str
    created_at: datetime
    read_at: datetime | None


class Marked(TypedDict):
    """How many lines are read now that were not before."""

    marked: int


def line(item: Item) -> Line:
    """Return a line of the inbox."""
    said = item.rendered
    return {
        "id": item.id,
        "topic": item.topic,
        "kind": item.kind,
        "urgent": item.urgent,
        "is_drill": item.is_drill,
        "subject": said.subject,
        "headline": said.headline,
        "lines": list(said.lines),
        "due": said.due_line,
        "action": said.action_label,
        "path": said.path,
        "created_at": item.created_at,
        "read_at": item.read_at,
    }
