"""Looking back: post-mortem, actions, figures, reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.domain.reviewing import TEXT_FIELDS

if TYPE_CHECKING:
    from crisisdesk.incidents.models import ActionItem, Incident, Postmortem
    from crisisdesk.incidents.queries.metrics import Figures
    from crisisdesk.reports.models import RenderedReport


class PostmortemShape(TypedDict):
    """The review of an incident; version 0 is one that nobody has written yet."""

    language: str
    verdict: str
    summary: str
    cause: str
    cause_known: bool
    affected: str
    affected_known: bool
    business_effect: str
    business_effect_known: bool
    went_well: str
    went_badly: str
    what_could_return: str
    decisions_asked: str
    changes: str
    lessons: list[str]
    is_final: bool
    edition: int
    finalised_by: Person | None
    finalised_at: datetime | None
    saved_by: Person | None
    saved_at: datetime | None
    version: int


class Action(TypedDict):
    """What will be done so that it does not return, by whom and by when."""

    id: int
    text: str
    language: str
    owner: Person | None
    due_date: date
    is_prevention: bool
    done_at: datetime | None
    added_at: datetime
    version: int


class Figure(TypedDict):
    """One of the six figures, in minutes, or in counts for promises and actions."""

    key: str
    outcome: str
    value: int | None
    of: int | None
    target: int | None
    over: int
    broken: int


class FigureList(TypedDict):
    """The six figures in their fixed order."""

    figures: list[Figure]


class Report(TypedDict):
    """A PDF that somebody asked for; it can be downloaded once its state is `done`."""

    id: int
    kind: str
    language: str
    edition: int
    state: str
    requested_by: Person | None
    requested_at: datetime
    done_at: datetime | None
    pages: int
    size: int
    sha256: str
    file_name: str
    built_from_number: int
    built_from_hash: str
    error_code: str


def postmortem(row: Postmortem | None, incident: Incident | None = None) -> PostmortemShape:
    """Return the review, or the empty page of one that is not begun."""
    if row is None:
        return {
            **dict.fromkeys(TEXT_FIELDS, ""),  # type: ignore[typeddict-item]
            "language": incident.title_language if incident else LANGUAGES[0],
            "cause_known": True,
            "affected_known": True,
            "business_effect_known": True,
            "lessons": [],
            "is_final": False,
            "edition": 0,
            "finalised_by": None,
            "finalised_at": None,
            "saved_by": None,
            "saved_at": None,
            "version": 0,
        }
    names = people([row], "finalised_by", "saved_by")
    return {
        **{name: getattr(row, name) for name in TEXT_FIELDS},  # type: ignore[typeddict-item]
        "language": row.language,
        "cause_known": row.cause_known,
        "affected_known": row.affected_known,
        "business_effect_known": row.business_effect_known,
        "lessons": row.lessons,
        "is_final": row.is_final,
        "edition": row.edition,
        "finalised_by": person(names, row.finalised_by_id),
        "finalised_at": row.finalised_at,
        "saved_by": person(names, row.saved_by_id),
        "saved_at": row.saved_at,
        "version": row.version,
    }


def actions(rows: list[ActionItem]) -> list[Action]:
    """Return these actions."""
    names = people(rows, "owner")
    return [
        {
            "id": row.pk,
            "text": row.text,
            "language": row.language,
            "owner": person(names, row.owner_id),
            "due_date": row.due_date,
            "is_prevention": row.is_prevention,
            "done_at": row.done_at,
            "added_at": row.added_at,
            "version": row.version,
        }
        for row in rows
    ]


def figures(found: Figures) -> FigureList:
    """Return the six figures."""
    return {
        "figures": [
            {
                "key": measure.key,
                "outcome": str(measure.outcome),
                "value": measure.value,
                "of": measure.of,
                "target": measure.target,
                "over": measure.over,
                "broken": measure.broken,
            }
            for measure in found.all()
        ]
    }


def reports(rows: list[RenderedReport]) -> list[Report]:
    """Return these reports; their files and incidents must be read ahead."""
    names = people(rows, "requested_by")
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "language": row.language,
            "edition": row.edition,
            "state": row.state,
            "requested_by": person(names, row.requested_by_id),
            "requested_at": row.requested_at,
            "done_at": row.done_at,
            "pages": row.pages,
            "size": row.size,
            "sha256": row.sha256,
            "file_name": row.file_name,
            "built_from_number": row.built_from_number,
            "built_from_hash": row.built_from_hash,
            "error_code": row.error_code,
        }
        for row in rows
    ]
