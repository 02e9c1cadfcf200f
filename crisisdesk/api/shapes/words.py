"""Statements, their exact texts, what was said to them and where they stand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from crisisdesk.api.shapes.people import Names, Person, people, person
from crisisdesk.core.words import refusal
from crisisdesk.incidents.queries.listing import names_of
from crisisdesk.incidents.queries.statements import one_statement

if TYPE_CHECKING:
    from crisisdesk.incidents.models import (
        Approval,
        Incident,
        Publication,
        StatementLanguage,
        StatementRevision,
    )
    from crisisdesk.incidents.queries.statements import Said
    from crisisdesk.incidents.queries.statements import Words as Standing


class ApprovalShape(TypedDict):
    """A yes or no to one exact text."""

    id: int
    approver: Person | None
    approved: bool
    comment: str
    how: str
    text_hash: str
    recorded_by: Person | None
    decided_at: datetime
    recorded_at: datetime
    confirmed_at: datetime | None
    has_proof: bool


class Revision(TypedDict):
    """One exact text in one language; an approval names it by its hash."""

    id: int
    statement: int
    language: str
    number: int
    text: str
    text_hash: str
    state: str
    is_presigned: bool
    author: Person | None
    created_at: datetime
    saved_at: datetime
    submitted_by: Person | None
    submitted_at: datetime | None
    asked: Person | None
    deputy: Person | None
    deputy_asked_at: datetime | None
    reached_at: datetime | None
    approved_at: datetime | None
    approvals: list[ApprovalShape]


class Caution(TypedDict):
    """What should be known before going on; nothing is refused for it."""

    code: str
    detail: str


class PublicationShape(TypedDict):
    """A text on one channel: being posted, posted or given back."""

    id: int
    statement: int
    revision: int
    language: str
    channel: str
    account: str
    state: str
    claimed_by: Person | None
    claimed_until: datetime | None
    url: str
    published_at: datetime | None
    published_by: Person | None
    is_reply: bool
    override_reason: str
    warnings: list[Caution]


class Words(TypedDict):
    """A statement in one language: the template, the newest text, and where it stands."""

    id: int
    statement: int
    language: str
    plan: str
    follow_by: datetime | None
    template: str
    values: dict[str, str]
    state: str
    approvals_needed: int
    approvals_had: int
    placeholders_left: list[str]
    channels_left: list[str]
    revision: Revision | None
    publications: list[PublicationShape]
    version: int


class StatementShape(TypedDict):
    """Words we mean to say: one stage, one audience, some channels, one or more languages."""

    id: int
    key: str
    stage: str
    audience: str
    title: dict[str, str]
    channels: list[str]
    lane: str
    facts: list[str]
    placeholders: dict[str, Any]
    words: list[Words]


def approvals(rows: list[Approval]) -> list[ApprovalShape]:
    """Return what was said to a text."""
    return _approvals(rows, people(rows, "approver", "recorded_by"))


def _approvals(rows: list[Approval], names: Names) -> list[ApprovalShape]:
    return [
        {
            "id": row.pk,
            "approver": person(names, row.approver_id),
            "approved": row.approved,
            "comment": row.comment,
            "how": row.how,
            "text_hash": row.text_hash,
            "recorded_by": person(names, row.recorded_by_id),
            "decided_at": row.decided_at,
            "recorded_at": row.recorded_at,
            "confirmed_at": row.confirmed_at,
            "has_proof": row.proof_id is not None,
        }
        for row in rows
    ]


def revisions(rows: list[StatementRevision]) -> list[Revision]:
    """Return texts with what was said to them; their approvals must be read ahead."""
    names = _names(rows, [said for row in rows for said in row.approvals.all()])
    return [_revision(row, list(row.approvals.all()), names) for row in rows]


def _names(texts: list[StatementRevision], said: list[Approval]) -> Names:
    wanted = [
        pk
        for row in texts
        for pk in (row.author_id, row.submitted_by_id, row.asked_id, row.deputy_id)
    ]
    return names_of(wanted + [pk for row in said for pk in (row.approver_id, row.recorded_by_id)])


def _revision(row: StatementRevision, said: list[Approval], names: Names) -> Revision:
    return {
        "id": row.pk,
        "statement": row.statement_id,
        "language": row.language,
        "number": row.number,
        "text": row.text,
        "text_hash": row.text_hash,
        "state": row.state,
        "is_presigned": row.is_presigned,
        "author": person(names, row.author_id),
        "created_at": row.created_at,
        "saved_at": row.saved_at,
        "submitted_by": person(names, row.submitted_by_id),
        "submitted_at": row.submitted_at,
        "asked": person(names, row.asked_id),
        "deputy": person(names, row.deputy_id),
        "deputy_asked_at": row.deputy_asked_at,
        "reached_at": row.reached_at,
        "approved_at": row.approved_at,
        "approvals": _approvals(said, names),
    }


def _warning(code: str) -> Caution:
    return {"code": code, "detail": refusal(code, {})}


def publications(rows: list[Publication]) -> list[PublicationShape]:
    """Return publications; their accounts must be read ahead."""
    return _publications(rows, people(rows, "claimed_by", "published_by"))


def _publications(rows: list[Publication], names: Names) -> list[PublicationShape]:
    return [
        {
            "id": row.pk,
            "statement": row.statement_id,
            "revision": row.revision_id,
            "language": row.language,
            "channel": row.channel,
            "account": row.account.handle if row.account else "",
            "state": row.state,
            "claimed_by": person(names, row.claimed_by_id),
            "claimed_until": row.claimed_until,
            "url": row.url,
            "published_at": row.published_at,
            "published_by": person(names, row.published_by_id),
            "is_reply": row.is_reply,
            "override_reason": row.override_reason,
            "warnings": [] if row.account else [_warning("account_unlisted")],
        }
        for row in rows
    ]


def statements(said: list[Said]) -> list[StatementShape]:
    """Return statements with their words, in one query more than they were read with."""
    standing = [words for each in said for words in each.words]
    texts = [words.revision for words in standing if words.revision]
    posts = [post for words in standing for post in [*words.posts, *words.claims]]
    names = {
        **_names(texts, [row for words in standing for row in words.approvals]),
        **people(posts, "claimed_by", "published_by"),
    }
    return [
        {
            "id": each.statement.pk,
            "key": each.statement.key,
            "stage": each.statement.stage,
            "audience": each.statement.audience,
            "title": each.statement.title,
            "channels": each.statement.channels,
            "lane": each.statement.lane,
            "facts": each.statement.facts,
            "placeholders": each.statement.placeholders,
            "words": [_words(words, names) for words in each.words],
        }
        for each in said
    ]


def _words(words: Standing, names: Names) -> Words:
    text = words.revision
    return {
        "id": words.row.pk,
        "statement": words.statement.pk,
        "language": words.row.language,
        "plan": words.row.plan,
        "follow_by": words.row.follow_by,
        "template": words.row.template,
        "values": words.row.values,
        "state": words.state,
        "approvals_needed": words.needed,
        "approvals_had": words.had,
        "placeholders_left": words.gaps,
        "channels_left": words.channels_left,
        "revision": _revision(text, words.approvals, names) if text else None,
        "publications": _publications([*words.posts, *words.claims], names),
        "version": words.row.version,
    }


def words_of(incident: Incident, row: StatementLanguage, *, at: datetime) -> Words:
    """Return one statement in one language, as it stands now."""
    said = one_statement(incident, row.statement_id, at=at)
    found = statements([said])[0]["words"]
    return next(words for words in found if words["language"] == row.language)
