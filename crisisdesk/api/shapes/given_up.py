"""Messages that were given up."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from crisisdesk.notifications.queries.given_up import GivenUp


class GivenUpShape(TypedDict):
    """One message, with the other side's answer to its last attempt."""

    id: int
    transport: str
    recipient: int
    topic: str
    kind: str
    subject: str
    path: str
    attempts: int
    answer: str
    told_at: datetime
    tried_at: datetime | None


class SentAgain(TypedDict):
    """How many messages go out again."""

    count: int


def given_up(message: GivenUp) -> GivenUpShape:
    """Return one message."""
    row = message.row
    return {
        "id": row.pk,
        "transport": row.transport,
        "recipient": row.recipient_id,
        "topic": row.topic,
        "kind": row.kind,
        "subject": message.headline,
        "path": message.path,
        "attempts": message.attempts,
        "answer": message.answer,
        "told_at": row.created_at,
        "tried_at": message.at,
    }
