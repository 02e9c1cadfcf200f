"""What a newer revision of the playbook brings to a running incident, and what was taken over."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from crisisdesk.api.shapes.checklist import Item
from crisisdesk.api.shapes.words import StatementShape
from crisisdesk.incidents.domain.reasons import reason_words

if TYPE_CHECKING:
    from crisisdesk.incidents.domain.newer import NewItem, NewStatement
    from playbooks.models import PlaybookRevision


class NewItemShape(TypedDict):
    """An item that can be taken over, as it would stand now; `counts_anew` says that its time would be over and counts
    from now instead."""

    key: str
    phase: str
    channel: str
    words: dict[str, str]
    detail: dict[str, str]
    required: bool
    role: str
    due_at: datetime | None
    counts_anew: bool
    shown: bool
    reason: str
    waits_for: list[str]
    counts_from: str


class NewStatementShape(TypedDict):
    """A statement that can be taken over, as it would stand now."""

    key: str
    stage: str
    audience: str
    channels: list[str]
    title: dict[str, str]
    text: dict[str, str]
    shown: bool
    reason: str


class NewerRevision(TypedDict):
    """The newest revision of the playbook, where it came after the incident's own; `revision` is null where none
    did."""

    ours: int
    revision: int | None
    number: int | None
    note: str
    created_at: datetime | None
    items: list[NewItemShape]
    statements: list[NewStatementShape]


class TakenOver(TypedDict):
    """What came into the incident."""

    items: list[Item]
    statements: list[StatementShape]


def newer(
    ours: int,
    revision: PlaybookRevision | None,
    items: list[NewItem],
    statements: list[NewStatement],
) -> NewerRevision:
    """Return what can be taken over."""
    return {
        "ours": ours,
        "revision": revision.pk if revision else None,
        "number": revision.number if revision else None,
        "note": revision.note if revision else "",
        "created_at": revision.created_at if revision else None,
        "items": [_item(each) for each in items],
        "statements": [_statement(each) for each in statements],
    }


def _item(each: NewItem) -> NewItemShape:
    row, item = each.row, each.row.item
    return {
        "key": item.key,
        "phase": item.phase,
        "channel": item.channel,
        "words": item.words,
        "detail": item.detail,
        "required": item.required,
        "role": item.role,
        "due_at": each.due_at,
        "counts_anew": each.counts_anew,
        "shown": not item.is_hidden,
        "reason": reason_words(row.reasons, row.questions, is_hidden=item.is_hidden),
        "waits_for": [other.key for other in row.waits_for],
        "counts_from": each.counts_from.key if each.counts_from else "",
    }


def _statement(each: NewStatement) -> NewStatementShape:
    text = each.text
    return {
        "key": text.key,
        "stage": text.stage,
        "audience": text.audience,
        "channels": list(each.channels),
        "title": dict(text.title),
        "text": dict(text.text),
        "shown": not each.is_hidden,
        "reason": reason_words(each.reasons, each.questions, is_hidden=each.is_hidden),
    }
