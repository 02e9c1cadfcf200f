"""Plans of announcements as the API shows them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypedDict

from crisisdesk.api.shapes.incidents import BrandName
from crisisdesk.api.shapes.people import Person
from crisisdesk.incidents.domain.plan_sentences import change_sentence, gap_sentence
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    PlanChange,
    PlanDuty,
    PlanPoint,
    PlanReach,
    PlanText,
)
from crisisdesk.incidents.queries.plan_gaps import Readiness
from crisisdesk.incidents.queries.plans import Board
from crisisdesk.organisation.models import User


class PlanHead(TypedDict):
    """A decision that will be announced."""

    id: int
    title: str
    language: str
    decision: str
    announce_at: datetime
    languages: list[str]
    lead: int
    status: str
    reason: str
    opened_at: datetime
    ended_at: datetime | None
    version: int


class PlanSection(TypedDict):
    """One part of readiness."""

    section: str
    done: int
    of: int


class PlanGap(TypedDict):
    """Something that is missing, whose it is, and the sentence in the asker's language."""

    section: str
    code: str
    detail: str
    owner: Person
    params: dict[str, Any]


class PlanRow(PlanHead):
    """A plan in a list; `incident` only where the asker may see it."""

    brand: BrandName
    incident: str | None
    percent: int
    gap_count: int


class PlanPointShape(TypedDict):
    """An affected group, a question or a misreading."""

    id: int
    kind: str
    text: str
    detail: str
    language: str
    owner: int | None
    version: int


class PlanTextShape(TypedDict):
    """Words as they stand now: the answer to `question`, or the statement `key`. `version` is the edition's number."""

    id: int
    question: int | None
    key: str
    language: str
    text: str
    author: int | None
    written_at: datetime
    approved_by: int | None
    approved_at: datetime | None
    version: int


class PlanDutyShape(TypedDict):
    """Who is on duty, as what, from when to when."""

    id: int
    person: Person
    role: str
    from_at: datetime
    to_at: datetime


class PlanReachShape(TypedDict):
    """Whether an approver was reached when somebody last tried."""

    person: int
    reached: bool
    tested_at: datetime


class PlanStatementShape(TypedDict):
    """A statement of the playbook that is prepared, and the languages in which it is ready."""

    key: str
    stage: str
    audience: str
    title: str
    ready: list[str]


class PlanDetail(PlanRow):
    """A plan with everything on it."""

    sections: list[PlanSection]
    gaps: list[PlanGap]
    points: list[PlanPointShape]
    texts: list[PlanTextShape]
    statements: list[PlanStatementShape]
    duties: list[PlanDutyShape]
    reaches: list[PlanReachShape]


class PlanChangeShape(TypedDict):
    """One line of the history."""

    kind: str
    sentence: str
    data: dict[str, Any]
    actor: Person | None
    at: datetime


def head(plan: AnnouncementPlan) -> PlanHead:
    """Return the plan without what stands on it."""
    return {
        "id": plan.pk,
        "title": plan.title,
        "language": plan.language,
        "decision": plan.decision,
        "announce_at": plan.announce_at,
        "languages": plan.languages,
        "lead": plan.lead_id,
        "status": plan.status,
        "reason": plan.reason,
        "opened_at": plan.opened_at,
        "ended_at": plan.ended_at,
        "version": plan.version,
    }


def row(board: Board, ready: Readiness, seen: Collection[int], language: str) -> PlanRow:
    """Return a plan of a list; `seen` are the incidents that the asker may see."""
    plan = board.plan
    incident = plan.incident
    return {
        **head(plan),
        "brand": {"key": plan.brand.key, "name": plan.brand.name_in(language)},
        "incident": incident.reference if incident and incident.pk in seen else None,
        "percent": ready.percent,
        "gap_count": len(ready.gaps),
    }


def detail(board: Board, ready: Readiness, seen: Collection[int], language: str) -> PlanDetail:
    """Return a plan with everything on it."""
    newest = [editions[-1] for editions in board.editions.values()]
    kept = {point.pk for point in board.points}
    return {
        **row(board, ready, seen, language),
        "sections": [
            {"section": each.key, "done": each.done, "of": each.of} for each in ready.sections
        ],
        "gaps": [
            {
                "section": section.key,
                "code": gap.code,
                "detail": gap_sentence(gap.code, gap.params, zone=board.plan.brand.zone),
                "owner": _person(gap.owner, language),
                "params": gap.params,
            }
            for section in ready.sections
            for gap in section.gaps
        ],
        "points": [point(each) for each in board.points],
        "texts": [text(each) for each in newest if each.point_id is None or each.point_id in kept],
        "statements": [
            {
                "key": each.key,
                "stage": each.stage,
                "audience": each.audience,
                "title": in_language(each.title),
                "ready": [code for code in board.plan.languages if board.is_ready(each.key, code)],
            }
            for each in board.statements
        ],
        "duties": [duty(each, language) for each in board.duties],
        "reaches": [reach(each) for each in board.reaches.values()],
    }


def _person(user: User, language: str) -> Person:
    return {"id": user.pk, "name": user.name_in(language)}


def point(row: PlanPoint) -> PlanPointShape:
    """Return a point of a plan."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "text": row.text,
        "detail": row.detail,
        "language": row.language,
        "owner": row.owner_id,
        "version": row.version,
    }


def text(row: PlanText) -> PlanTextShape:
    """Return one edition of prepared words."""
    return {
        "id": row.pk,
        "question": row.point_id,
        "key": row.key,
        "language": row.language,
        "text": row.text,
        "author": row.author_id,
        "written_at": row.written_at,
        "approved_by": row.approved_by_id,
        "approved_at": row.approved_at,
        "version": row.number,
    }


def duty(row: PlanDuty, language: str) -> PlanDutyShape:
    """Return one duty."""
    return {
        "id": row.pk,
        "person": _person(row.person, language),
        "role": row.role,
        "from_at": row.from_at,
        "to_at": row.to_at,
    }


def reach(row: PlanReach) -> PlanReachShape:
    """Return whether somebody was reached."""
    return {"person": row.person_id, "reached": row.reached, "tested_at": row.tested_at}


def change(row: PlanChange, language: str, zone: str) -> PlanChangeShape:
    """Return one line of the history."""
    return {
        "kind": row.kind,
        "sentence": change_sentence(row.kind, row.data, zone=zone),
        "data": row.data,
        "actor": _person(row.actor, language) if row.actor else None,
        "at": row.at,
    }
