"""The timeline and what the team writes down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.incidents.domain.sentences import sentence

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Commitment, Decision, Fact, Question
    from crisisdesk.incidents.queries.events import EventRow


class EventWords(TypedDict):
    """Free words of an event, in their own language; empty where they were erased."""

    language: str
    text: str


class Event(TypedDict):
    """What happened: the sentence in the asker's language, its data, and the link of the chain."""

    number: int
    kind: str
    sentence: str
    texts: dict[str, EventWords]
    actor: Person | None
    source: str
    occurred_at: datetime
    recorded_at: datetime
    amends: int | None
    data: dict[str, Any]
    hash: str


class FactShape(TypedDict):
    """Something known, or not known yet."""

    id: int
    text: str
    language: str
    is_known: bool
    is_withdrawn: bool
    stated_by: Person | None
    stated_at: datetime
    version: int


class DecisionShape(TypedDict):
    """A question, the choice, and why."""

    id: int
    question: str
    choice: str
    reason: str
    language: str
    decided_by: Person | None
    decided_at: datetime


class QuestionShape(TypedDict):
    """Something people ask, and our answer; `prepared` are answers approved before the announcement."""

    id: int
    text: str
    language: str
    asker: str
    asker_name: str
    channel: str
    url: str
    times_asked: int
    answer: str
    answer_language: str
    answer_url: str
    prepared: dict[str, str]
    asked_at: datetime
    answered_at: datetime | None
    taken_private_at: datetime | None
    closing_line_url: str
    closed_publicly_at: datetime | None
    added_by: Person | None
    version: int


class CommitmentShape(TypedDict):
    """Something we promised in public, with its time."""

    id: int
    text: str
    language: str
    is_next_update: bool
    publication: int | None
    made_at: datetime
    due_at: datetime
    kept_at: datetime | None


def event(row: EventRow) -> Event:
    """Return an event."""
    texts: dict[str, EventWords] = {
        name: {"language": language, "text": text} for name, language, text in row.texts
    }
    return {
        "number": row.number,
        "kind": row.kind,
        "sentence": sentence(row.kind, row.data),
        "texts": texts,
        "actor": None if row.actor_id is None else {"id": row.actor_id, "name": row.actor_name},
        "source": row.source,
        "occurred_at": row.occurred_at,
        "recorded_at": row.recorded_at,
        "amends": row.amends,
        "data": dict(row.data),
        "hash": row.hash,
    }


def facts(rows: list[Fact]) -> list[FactShape]:
    """Return these facts."""
    names = people(rows, "stated_by")
    return [
        {
            "id": row.pk,
            "text": row.text,
            "language": row.language,
            "is_known": row.is_known,
            "is_withdrawn": row.is_withdrawn,
            "stated_by": person(names, row.stated_by_id),
            "stated_at": row.stated_at,
            "version": row.version,
        }
        for row in rows
    ]


def decisions(rows: list[Decision]) -> list[DecisionShape]:
    """Return these decisions."""
    names = people(rows, "decided_by")
    return [
        {
            "id": row.pk,
            "question": row.question,
            "choice": row.choice,
            "reason": row.reason,
            "language": row.language,
            "decided_by": person(names, row.decided_by_id),
            "decided_at": row.decided_at,
        }
        for row in rows
    ]


def questions(rows: list[Question]) -> list[QuestionShape]:
    """Return these questions."""
    names = people(rows, "added_by")
    return [
        {
            "id": row.pk,
            "text": row.text,
            "language": row.language,
            "asker": row.asker,
            "asker_name": row.asker_name,
            "channel": row.channel,
            "url": row.url,
            "times_asked": row.times_asked,
            "answer": row.answer,
            "answer_language": row.answer_language,
            "answer_url": row.answer_url,
            "prepared": row.prepared,
            "asked_at": row.asked_at,
            "answered_at": row.answered_at,
            "taken_private_at": row.taken_private_at,
            "closing_line_url": row.closing_line_url,
            "closed_publicly_at": row.closed_publicly_at,
            "added_by": person(names, row.added_by_id),
            "version": row.version,
        }
        for row in rows
    ]


def commitment(row: Commitment) -> CommitmentShape:
    """Return a promise."""
    return {
        "id": row.pk,
        "text": row.text,
        "language": row.language,
        "is_next_update": row.is_next_update,
        "publication": row.publication_id,
        "made_at": row.made_at,
        "due_at": row.due_at,
        "kept_at": row.kept_at,
    }
