"""Playbooks, their revisions, the words signed in advance, and lessons."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from crisisdesk.api.shapes.people import Person, person
from crisisdesk.incidents.queries.listing import names_of
from playbooks.domain.content import parse

if TYPE_CHECKING:
    from playbooks.domain.behaviours import Behaviour
    from playbooks.domain.lesson_use import Use
    from playbooks.domain.presigning import Presigned
    from playbooks.models import Lesson, PlaybookRevision, PresignedText
    from playbooks.queries.shelf import Shelved


class PlaybookRow(TypedDict):
    """A playbook on the shelf with its newest revision."""

    slug: str
    brand: str | None
    crisis_type: str
    scct_cluster: str
    title: dict[str, str]
    summary: dict[str, str]
    default_severity: str
    revision: int
    number: int


class RevisionRow(TypedDict):
    """One frozen text of a playbook, without its content."""

    id: int
    number: int
    note: str
    content_hash: str
    created_at: datetime


class RevisionDetail(RevisionRow):
    """One frozen text of a playbook with all that it says, as the schema of playbooks writes it."""

    slug: str
    brand: str | None
    content: dict[str, Any]


class Signature(TypedDict):
    """A signature given in peacetime under exact words in one language for one brand."""

    id: int
    revision: int
    brand: str
    statement: str
    language: str
    approver: Person | None
    signed_at: datetime
    withdrawn_at: datetime | None


class SignedWords(TypedDict):
    """Words of a revision that are signed in advance for a brand, and the facts that may go in."""

    id: int
    statement: str
    language: str
    text: str
    facts: list[str]
    approver: Person | None
    signed_at: datetime


class LessonCase(TypedDict):
    """The case that a lesson was drawn from."""

    key: str
    name: dict[str, str]


class LessonPlace(TypedDict):
    """Where a lesson rests: a document with its paragraphs, or a public source with its address."""

    document: str | None
    paragraphs: list[int]
    public: str
    url: str


class LessonShape(TypedDict):
    """A lesson, its case, and where it rests."""

    key: str
    words: dict[str, str]
    origin: str
    case: LessonCase | None
    rests_on: list[LessonPlace]


class LessonInPlaybook(TypedDict):
    """The items and clocks of one playbook that follow from a lesson, by their keys."""

    playbook: str
    items: list[str]
    clocks: list[str]


class BehaviourShape(TypedDict):
    """Something in the desk that enforces or helps a lesson."""

    key: str
    kind: str
    words: str


class LessonDetail(LessonShape):
    """A lesson with all that follows from it, and what is still to come."""

    state: str
    playbooks: list[LessonInPlaybook]
    behaviours: list[BehaviourShape]
    planned: list[BehaviourShape]


def playbook(found: Shelved) -> PlaybookRow:
    """Return a playbook for a list."""
    content = parse(found.revision)
    own = found.playbook.brand
    return {
        "slug": found.playbook.slug,
        "brand": own.key if own else None,
        "crisis_type": found.playbook.crisis_type,
        "scct_cluster": found.playbook.scct_cluster,
        "title": dict(content.title),
        "summary": dict(content.summary),
        "default_severity": content.default_severity,
        "revision": found.revision.pk,
        "number": found.revision.number,
    }


def revision_row(row: PlaybookRevision) -> RevisionRow:
    """Return a revision for a list."""
    return {
        "id": row.pk,
        "number": row.number,
        "note": row.note,
        "content_hash": row.content_hash,
        "created_at": row.created_at,
    }


def revision(row: PlaybookRevision) -> RevisionDetail:
    """Return a revision with its content."""
    own = row.playbook.brand
    return {
        **revision_row(row),
        "slug": row.playbook.slug,
        "brand": own.key if own else None,
        "content": asdict(parse(row)),
    }


def signature(row: PresignedText) -> Signature:
    """Return a signature."""
    names = names_of([row.approver_id])
    return {
        "id": row.pk,
        "revision": row.revision_id,
        "brand": row.brand.key,
        "statement": row.statement_key,
        "language": row.language,
        "approver": person(names, row.approver_id),
        "signed_at": row.signed_at,
        "withdrawn_at": row.withdrawn_at,
    }


def signed_words(rows: list[Presigned]) -> list[SignedWords]:
    """Return the words that are signed."""
    names = names_of(row.approver_id for row in rows)
    return [
        {
            "id": row.id,
            "statement": row.statement_key,
            "language": row.language,
            "text": row.text,
            "facts": list(row.facts),
            "approver": person(names, row.approver_id),
            "signed_at": row.signed_at,
        }
        for row in rows
    ]


def lesson(row: Lesson) -> LessonShape:
    """Return a lesson."""
    return {
        "key": row.key,
        "words": row.words,
        "origin": row.origin,
        "case": {"key": row.case, "name": row.case_name} if row.case else None,
        "rests_on": [
            {
                "document": place.get("document"),
                "paragraphs": place.get("paragraphs", []),
                "public": place.get("public", ""),
                "url": place.get("url", ""),
            }
            for place in row.rests_on
        ],
    }


def lesson_detail(row: Lesson, use: Use) -> LessonDetail:
    """Return a lesson with what follows from it."""
    return {
        **lesson(row),
        "state": use.state,
        "playbooks": [
            {
                "playbook": found.playbook.slug,
                "items": [item.key for item in found.items],
                "clocks": [clock.key for clock in found.clocks],
            }
            for found in use.playbooks
        ],
        "behaviours": [_behaviour(each) for each in use.present],
        "planned": [_behaviour(each) for each in use.planned],
    }


def _behaviour(found: Behaviour) -> BehaviourShape:
    return {"key": found.key, "kind": found.kind, "words": str(found.words)}
