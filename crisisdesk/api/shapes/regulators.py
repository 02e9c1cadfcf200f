"""Duties to tell an authority as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.queries.regulators import RegulatorRow


class RegulatorField(TypedDict):
    """One thing that has to be told."""

    name: str
    label: str
    is_told: bool


class NoticeShape(TypedDict):
    """One part of a notice as it was sent."""

    id: int
    sent_at: datetime
    contents: dict[str, str]
    language: str
    receipt: str
    late_seconds: int
    late_reason: str
    recorded_at: datetime


class RegulatorShape(TypedDict):
    """One duty: its question, its answer, its clock, what was told. `applies` is null until somebody answers."""

    id: int
    key: str
    title: str
    ask: str
    rule: str
    source: str
    source_url: str
    starts_from: str
    starts_after: str
    applies: bool | None
    answered_by: Person | None
    answered_at: datetime | None
    started_at: datetime | None
    due_at: datetime | None
    deadline: int | None
    fields: list[RegulatorField]
    notices: list[NoticeShape]
    version: int


def regulators(rows: list[RegulatorRow]) -> list[RegulatorShape]:
    """Return these duties, their words in the asker's language."""
    names = people([row.clock for row in rows], "answered_by")
    return [
        {
            "id": row.clock.pk,
            "key": row.clock.key,
            "title": in_language(row.duty.title),
            "ask": in_language(row.duty.ask),
            "rule": in_language(row.duty.rule),
            "source": row.duty.source,
            "source_url": row.duty.url,
            "starts_from": row.duty.start,
            "starts_after": row.duty.after,
            "applies": row.clock.applies,
            "answered_by": person(names, row.clock.answered_by_id),
            "answered_at": row.clock.answered_at,
            "started_at": row.clock.started_at,
            "due_at": row.due_at,
            "deadline": row.clock.deadline_id,
            "fields": [
                {
                    "name": name,
                    "label": in_language(row.duty.field_words[name]),
                    "is_told": name not in row.missing,
                }
                for name in row.duty.fields
            ],
            "notices": [
                {
                    "id": part.notice.pk,
                    "sent_at": part.notice.sent_at,
                    "contents": part.notice.contents,
                    "language": part.notice.language,
                    "receipt": part.notice.receipt,
                    "late_seconds": part.notice.late_seconds,
                    "late_reason": part.notice.late_reason,
                    "recorded_at": part.notice.recorded_at,
                }
                for part in row.told
            ],
            "version": row.clock.version,
        }
        for row in rows
    ]
