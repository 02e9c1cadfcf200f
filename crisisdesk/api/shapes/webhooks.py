"""Webhooks of the asker, and what was sent there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from crisisdesk.notifications.domain.webhooks import NewSecret
    from crisisdesk.notifications.models import Address
    from crisisdesk.notifications.queries.webhooks import Sent


class Webhook(TypedDict):
    """One endpoint. News goes there when it has proven itself and is not off."""

    id: int
    url: str
    label: str
    created_at: datetime
    verified_at: datetime | None
    off_at: datetime | None
    off_reason: str
    both_sign_until: datetime | None


class NewWebhook(Webhook):
    """An endpoint with the secret just made; it is shown this once."""

    secret: str


class Answered(TypedDict):
    """What the endpoint answered: its status and the beginning of its words."""

    answer: str


class Attempt(TypedDict):
    """One attempt, the other side's answer, and how long it took."""

    at: datetime
    outcome: str
    answer: str
    took_ms: int | None


class SentMessage(TypedDict):
    """One message; `subject` is null for what the asker may no longer see."""

    id: int
    webhook_id: str
    event: str
    subject: str | None
    state: str
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: list[Attempt]


def webhook(address: Address) -> Webhook:
    """Return the endpoint without its secret."""
    return {
        "id": address.pk,
        "url": address.value,
        "label": address.label,
        "created_at": address.created_at,
        "verified_at": address.verified_at,
        "off_at": address.off_at,
        "off_reason": address.off_reason,
        "both_sign_until": address.previous_until,
    }


def new_webhook(made: NewSecret) -> NewWebhook:
    """Return the endpoint with its secret, this one time."""
    return {**webhook(made.address), "secret": made.secret}


def sent_message(row: Sent) -> SentMessage:
    """Return one message with its attempts; of what may no longer be seen not the words, nor what was answered."""
    return {
        "id": row.id,
        "webhook_id": f"n-{row.id}",
        "event": row.kind,
        "subject": row.said.subject if row.said else None,
        "state": row.state,
        "created_at": row.created_at,
        "next_attempt_at": row.next_attempt_at,
        "attempts": [
            {
                "at": one.at,
                "outcome": one.outcome,
                "answer": one.answer if row.may_see else "",
                "took_ms": one.took_ms,
            }
            for one in row.attempts
        ],
    }
