"""The checklist, its evidence, and every promise about time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict, cast

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.incidents.domain.reasons import reason_words
from crisisdesk.incidents.domain.screening import answer_word
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.checklist import waits_of
from crisisdesk.incidents.queries.situation import questions_of, situation_of, why

if TYPE_CHECKING:
    from crisisdesk.incidents.models import (
        ChecklistItem,
        Evidence,
        Incident,
        ScreeningQuestion,
    )


class ItemClock(TypedDict):
    """The deadline of an item."""

    id: int
    due_at: datetime
    state: str


class WaitsFor(TypedDict):
    """An item that must be done or skipped first."""

    id: int
    key: str


class ItemRepeat(TypedDict):
    """An item that comes back that many minutes after each tick, by severity, until a status."""

    minutes: dict[str, int]
    until: str


class Item(TypedDict):
    """One step of the checklist; words and detail are in every language of the desk.

    `reason` says in words why it is there, or why it is not (`shown` is false).
    """

    id: int
    key: str
    phase: str
    position: int
    channel: str
    words: dict[str, str]
    detail: dict[str, str]
    required: bool
    role: str
    owner: Person | None
    state: str
    skip_reason: str
    done_at: datetime | None
    done_by: Person | None
    meets: str
    provenance: dict[str, Any]
    lesson: str
    deadline: ItemClock | None
    shown: bool
    reason: str
    waits_for: list[WaitsFor]
    repeat: ItemRepeat | None
    times_done: int


class Screening(TypedDict):
    """A question whose answer (yes, no, unknown) shapes the plan; while it is unknown, conditions
    read `unknown_counts_as`."""

    id: int
    key: str
    ask: dict[str, str]
    answer: str
    unknown_counts_as: str
    answered_by: Person | None
    answered_at: datetime | None


class EvidenceShape(TypedDict):
    """A file or a link that shows what happened."""

    id: int
    item: int | None
    name: str
    url: str
    is_file: bool
    content_type: str
    size: int
    sha256: str
    added_by: Person | None
    added_at: datetime
    is_linked: bool


def items(incident: Incident, rows: list[ChecklistItem]) -> list[Item]:
    """Return these items of one incident with their deadlines, the reason in words and what they wait for, in at most
    four queries."""
    questions = questions_of(incident)
    situation = situation_of(incident, questions)
    waiting = waits_of(incident, rows, situation)
    names = people(rows, "owner", "done_by")
    clocks = {
        pk: ItemClock(id=clock, due_at=due_at, state=state)
        for clock, pk, due_at, state in Deadline.objects.filter(
            subject_kind="item", subject_id__in=[row.pk for row in rows]
        )
        .order_by("pk")
        .values_list("pk", "subject_id", "due_at", "state")
    }
    return [
        {
            "id": row.pk,
            "key": row.key,
            "phase": row.phase,
            "position": row.position,
            "channel": row.channel,
            "words": row.words,
            "detail": row.detail,
            "required": row.required,
            "role": row.role,
            "owner": person(names, row.owner_id),
            "state": row.state,
            "skip_reason": row.skip_reason,
            "done_at": row.done_at,
            "done_by": person(names, row.done_by_id),
            "meets": row.meets,
            "provenance": row.provenance,
            "lesson": row.lesson,
            "deadline": clocks.get(row.pk),
            "shown": not row.is_hidden,
            "reason": reason_words(why(row, situation), questions, is_hidden=row.is_hidden),
            "waits_for": [{"id": other.pk, "key": other.key} for other in waiting.get(row.pk, ())],
            "repeat": cast("ItemRepeat", row.repeat) if row.repeat else None,
            "times_done": row.times_done,
        }
        for row in rows
    ]


def screening(rows: list[ScreeningQuestion]) -> list[Screening]:
    """Return these questions; who answered must be read ahead."""
    names = people(rows, "answered_by")
    return [
        {
            "id": row.pk,
            "key": row.key,
            "ask": row.ask,
            "answer": answer_word(row),
            "unknown_counts_as": "yes" if row.unknown else "no",
            "answered_by": person(names, row.answered_by_id),
            "answered_at": row.answered_at,
        }
        for row in rows
    ]


def evidence(rows: list[Evidence]) -> list[EvidenceShape]:
    """Return these pieces of evidence; their files must be read ahead."""
    names = people(rows, "added_by")
    return [
        {
            "id": row.pk,
            "item": row.item_id,
            "name": row.name,
            "url": row.url,
            "is_file": row.file is not None,
            "content_type": row.file.content_type if row.file else "",
            "size": row.file.size if row.file else 0,
            "sha256": row.file.sha256 if row.file else "",
            "added_by": person(names, row.added_by_id),
            "added_at": row.added_at,
            "is_linked": row.linked_from_id is not None,
        }
        for row in rows
    ]
