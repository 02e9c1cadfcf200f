"""Who was told what, when, by which transport, and what the other side answered."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.utils.translation import get_language

from crisisdesk.api.shapes.people import Person
from crisisdesk.incidents.domain.because import short
from crisisdesk.incidents.domain.sentences import sentence

if TYPE_CHECKING:
    from crisisdesk.incidents.queries.receipts import Knew
    from crisisdesk.notifications.queries.receipts import Receipt


class TriedShape(TypedDict):
    """One attempt with the other side's answer."""

    at: datetime
    outcome: str
    answer: str


class ReceiptShape(TypedDict):
    """One person told by one transport. `place` is masked unless it is the asker's own, or they administer the brand.
    `read_at` counts the inbox of the desk only: mail is not tracked. `withheld` says why, as a code."""

    person: Person
    why: str
    why_words: str
    transport: str
    place: str
    state: str
    withheld: str
    is_drill: bool
    told_at: datetime
    sent_at: datetime | None
    read_at: datetime | None
    next_attempt_at: datetime | None
    attempts: list[TriedShape]


class KnewShape(TypedDict):
    """One event with everybody who was told of it; `is_cut`: there are more than are given."""

    number: int
    kind: str
    sentence: str
    recorded_at: datetime
    receipts: list[ReceiptShape]
    is_cut: bool


def knew(found: Knew) -> KnewShape:
    """Return an event with who knew of it."""
    event = found.event
    return {
        "number": event.number,
        "kind": event.kind,
        "sentence": sentence(event.kind, dict(event.data)),
        "recorded_at": event.recorded_at,
        "receipts": [_receipt(one) for one in found.receipts],
        "is_cut": found.is_cut,
    }


def _receipt(one: Receipt) -> ReceiptShape:
    language = get_language() or "en"
    return {
        "person": {"id": one.person.pk, "name": one.person.name_in(language)},
        "why": one.why,
        "why_words": short(one.why),
        "transport": one.transport,
        "place": one.place,
        "state": one.state,
        "withheld": one.withheld_for,
        "is_drill": one.is_drill,
        "told_at": one.told_at,
        "sent_at": one.sent_at,
        "read_at": one.read_at,
        "next_attempt_at": one.next_attempt_at,
        "attempts": [
            {"at": each.at, "outcome": each.outcome, "answer": each.answer} for each in one.attempts
        ],
    }
