"""Who was told what, when, by which transport, and what the other side answered: the outbox read from the event's side.

Whoever calls has asked who may see the event. Addresses stay masked here; `place` shows one to its owner and to those
who look after people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crisisdesk.core import masking
from crisisdesk.notifications.enums import Outcome, State, Transport
from crisisdesk.notifications.models import Delivery, Notification

MOST = 400  # rows of one answer: people times transports
MOST_ATTEMPTS = 20
# Addresses that are keys themselves: whoever knows one can write there. They are shown to nobody whole.
_KEYS = frozenset({Transport.PUSH, Transport.SERVICE, Transport.WEBHOOK})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt with the other side's answer, in which no address stands that the reader may not see."""

    at: datetime
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One person told by one transport. `read_at` counts the inbox of the desk only: nothing else reports back."""

    id: int
    event: str  # the dedupe key: which event
    person: Any
    why: str
    transport: str
    place: str
    state: str
    is_drill: bool
    told_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    next_attempt_at: datetime | None
    attempts: tuple[Attempt, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it has neither left nor been given up."""
        return self.state in (State.PENDING, State.SENDING)

    @property
    def withheld_for(self) -> str:
        """Why it was told to nobody, as a code: the reader may no longer see it, or the address is off."""
        last = self.attempts[-1].answer if self.attempts else ""
        return (last or "not_visible") if self.state == State.WITHHELD else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of some events' news, the first person told first; `is_cut`: there is more than is shown."""

    receipts: list[Receipt]
    is_cut: bool

    def of(self, event: str) -> list[Receipt]:
        """Return what became of one event's news."""
        return [receipt for receipt in self.receipts if receipt.event == event]


def told_of(
    topic: str, topic_id: int, events: Collection[str], *, reader: Any, sees_addresses: bool
) -> Told:
    """Return who was told of these events (dedupe keys) of one topic, in two queries whatever their number."""
    rows = list(
        Notification.objects.filter(topic=topic, topic_id=topic_id, dedupe_key__in=events)
        .select_related("recipient", "address")
        .order_by("pk")[: MOST + 1]
    )
    attempts: dict[int, list[Delivery]] = {}
    for delivery in Delivery.objects.filter(
        notification__in=[row.pk for row in rows[:MOST] if row.transport != Transport.INBOX]
    ):
        attempts.setdefault(delivery.notification_id, []).append(delivery)
    receipts = [
        _receipt(
            row,
            attempts.get(row.pk, [])[-MOST_ATTEMPTS:],
            openly=sees_addresses or row.recipient_id == reader.pk,
        )
        for row in rows[:MOST]
    ]
    return Told(receipts, len(rows) > MOST)


def mine(user: Any, notification_id: int) -> Notification | None:
    """Return a row of the outbox that this person was told by, whatever its transport."""
    rows = Notification.objects.filter(recipient_id=user.pk).select_related("address")
    return rows.filter(pk=notification_id).first()


def place(transport: str, value: str, label: str, *, openly: bool) -> str:
    """Return where somebody was told, as this reader may see it; empty for the inbox of the desk."""
    if not value:
        return label
    if "://" in value or transport in _KEYS:
        return label or (masking.masked(value) if "://" in value else masking.GAP)
    return value if openly else masking.masked(value)


def _receipt(row: Notification, attempts: list[Delivery], *, openly: bool) -> Receipt:
    value = row.recipient.email if row.transport == Transport.EMAIL else ""
    label = row.address.label if row.address else ""
    if row.address:
        value = row.address.value
    return Receipt(
        id=row.pk,
        event=row.dedupe_key,
        person=row.recipient,
        why=row.why,
        transport=row.transport,
        place=place(row.transport, value, label, openly=openly),
        state=row.state,
        is_drill=row.is_drill,
        told_at=row.created_at,
        sent_at=row.sent_at,
        read_at=row.read_at,
        next_attempt_at=row.next_attempt_at if row.state == State.PENDING else None,
        attempts=tuple(
            Attempt(one.at, one.outcome, _answer(one, value, openly=openly)) for one in attempts
        ),
    )


def _answer(delivery: Delivery, value: str, *, openly: bool) -> str:
    if delivery.outcome == Outcome.WITHHELD or openly:
        return delivery.answer
    return masking.without_addresses(delivery.answer, value)
