"""The checklist, its evidence, and every promise about time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.incidents.models import Deadline

if TYPE_CHECKING:
    from crisisdesk.incidents.models import ChecklistItem, Evidence
    from crisisdesk.incidents.queries.due import DeadlineRow


class ItemClock(TypedDict):
    """The deadline of an item."""

    id: int
    due_at: datetime
    state: str


class Item(TypedDict):
    """One step of the checklist; words and detail are in every language of the desk."""

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


class DeadlineShape(TypedDict):
    """A promise about time; without an owner nobody has it."""

    id: int
    incident: str
    kind: str
    key: str
    label: dict[str, str]
    channel: str
    language: str
    role: str
    owner: Person | None
    subject: str
    subject_id: int
    started_at: datetime
    due_at: datetime
    state: str
    met_at: datetime | None
    reason: str
    missed_before_opening: bool


def items(rows: list[ChecklistItem]) -> list[Item]:
    """Return these items with their deadlines, in two queries."""
    names = people(rows, "owner", "done_by")
    clocks = {
        pk: ItemClock(id=clock, due_at=due_at, state=state)
        for clock, pk, due_at, state in Deadline.objects.filter(
            subject_kind="item", subject_id__in=[row.pk for row in rows]
        ).values_list("pk", "subject_id", "due_at", "state")
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


def deadline(row: DeadlineRow) -> DeadlineShape:
    """Return a deadline."""
    return {
        "id": row.id,
        "incident": row.reference,
        "kind": row.kind,
        "key": row.key,
        "label": dict(row.label),
        "channel": row.channel,
        "language": row.language,
        "role": row.role,
        "owner": person({row.owner_id or 0: row.owner_name}, row.owner_id),
        "subject": row.subject_kind,
        "subject_id": row.subject_id,
        "started_at": row.started_at,
        "due_at": row.due_at,
        "state": row.state,
        "met_at": row.met_at,
        "reason": row.reason,
        "missed_before_opening": row.missed_before_opening,
    }
