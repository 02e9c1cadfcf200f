"""What is still missing before an announcement, section by section. Pure: a plan as it was read, and a moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.incidents.models import PlanDuty
from crisisdesk.incidents.queries.plans import PREPARED_STAGES, Board
from crisisdesk.organisation.models import User

QUESTIONS = 10
HOURS = 48
HOUR = timedelta(hours=1)
REACH_LASTS = timedelta(days=30)
ACCESS_LASTS = timedelta(days=90)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, and whose it is; `params` are the facts of its sentence."""

    code: str
    owner: User
    params: dict[str, Any] = field(default_factory=dict)
    subject: int | str = ""


@dataclass(frozen=True)
class Section:
    """One part of readiness: how much of it is done, and its gaps."""

    key: str
    done: int
    of: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Readiness:
    """How ready the plan is, in the order in which its page shows it."""

    sections: tuple[Section, ...]

    @property
    def gaps(self) -> list[Gap]:
        """Everything that is missing."""
        return [gap for section in self.sections for gap in section.gaps]

    @property
    def percent(self) -> int:
        """The sections' mean; 100 only when nothing is missing."""
        if not self.gaps:
            return 100
        parts = [min(row.done / row.of, 1) for row in self.sections]
        return min(99, int(100 * sum(parts) / len(parts)))


def readiness(board: Board, *, at: datetime) -> Readiness:
    """Return what is done and what is missing at this moment."""
    return Readiness(tuple(look(board, at) for look in _LOOKS))


def hours_covered(start: datetime, duties: list[PlanDuty]) -> list[bool]:
    """Return for each hour after the announcement whether somebody is on duty all through it."""
    covered = []
    for number in range(HOURS):
        place, end = start + number * HOUR, start + (number + 1) * HOUR
        for duty in sorted(duties, key=lambda duty: duty.from_at):
            if duty.from_at <= place < duty.to_at:
                place = duty.to_at
        covered.append(place >= end)
    return covered


def _groups(board: Board, at: datetime) -> Section:
    return _named(board, len(board.groups), "groups", "groups_missing")


def _misreadings(board: Board, at: datetime) -> Section:
    return _named(board, len(board.misreadings), "misreadings", "misreadings_missing")


def _named(board: Board, count: int, key: str, code: str) -> Section:
    gaps = () if count else (Gap(code, board.plan.lead),)
    return Section(key, count, max(count, 1), gaps)


def _questions(board: Board, at: datetime) -> Section:
    plan, rows, done = board.plan, board.questions, 0
    gaps: list[Gap] = []
    facts: dict[str, Any]
    if len(rows) < QUESTIONS:
        facts = {"count": len(rows), "wanted": QUESTIONS}
        gaps.append(Gap("questions_few", plan.lead, facts))
    for row in rows:
        missing = []
        for language in plan.languages:
            answer = board.newest((row.pk, "", language))
            if answer is not None and answer.approved_at is not None:
                done += 1
            else:
                missing.append(language)
        if missing:
            facts = {"question": row.text, "languages": missing}
            gaps.append(Gap("answers_missing", row.owner or plan.lead, facts, row.pk))
    return Section("questions", done, max(QUESTIONS, len(rows)) * len(plan.languages), tuple(gaps))


def _duty(board: Board, at: datetime) -> Section:
    plan, gaps = board.plan, []
    covered = hours_covered(plan.announce_at, board.duties)
    start: int | None = None
    for number, is_covered in enumerate([*covered, True]):
        if not is_covered and start is None:
            start = number
        elif is_covered and start is not None:
            facts = {
                "from": (plan.announce_at + start * HOUR).isoformat(),
                "to": (plan.announce_at + number * HOUR).isoformat(),
            }
            gaps.append(Gap("hours_without_duty", plan.lead, facts))
            start = None
    return Section("duty", sum(covered), HOURS, tuple(gaps))


def _statements(board: Board, at: datetime) -> Section:
    gaps, done, of = [], 0, 0
    for stage in PREPARED_STAGES:
        texts = [text for text in board.statements if text.stage == stage]
        if not texts:
            continue
        missing = [
            language
            for language in board.plan.languages
            if not any(board.is_ready(text.key, language) for text in texts)
        ]
        of += len(board.plan.languages)
        done += len(board.plan.languages) - len(missing)
        if missing:
            facts = {"stage": stage.value, "languages": missing}
            gaps.append(Gap("statement_missing", board.plan.lead, facts, stage.value))
    return Section("statements", done, max(of, 1), tuple(gaps))


def _approvers(board: Board, at: datetime) -> Section:
    gaps, done = [], 0
    rows = {row.language: row for row in board.approvers}
    asked: dict[int, tuple[User, list[str]]] = {}
    for language in board.plan.languages:
        row = rows.get(language)
        for what, person in (
            ("approver", row.approver if row else None),
            ("deputy", row.deputy if row else None),
        ):
            if person is None or not person.is_active:
                gaps.append(Gap(f"{what}_unnamed", board.plan.lead, {"language": language}))
            elif is_reached(board, person, at=at):
                done += 1
            else:
                asked.setdefault(person.pk, (person, []))[1].append(language)
    for pk, (person, languages) in asked.items():
        names = {language: person.name_in(language) for language in LANGUAGES}
        facts = {"name": names, "person": pk, "languages": languages}
        gaps.append(Gap("approver_not_reached", board.plan.lead, facts, pk))
    return Section("approvers", done, 2 * len(board.plan.languages), tuple(gaps))


def is_reached(board: Board, person: User, *, at: datetime) -> bool:
    """Whether this approver was reached, and not too long ago."""
    reach = board.reaches.get(person.pk)
    return reach is not None and reach.reached and reach.tested_at > at - REACH_LASTS


def _accounts(board: Board, at: datetime) -> Section:
    if not board.accounts:
        return Section("accounts", 0, 1, (Gap("accounts_missing", board.plan.lead),))
    gaps = []
    for account in board.accounts:
        tested = account.last_access_test
        if not account.access_worked or tested is None or tested <= at - ACCESS_LASTS:
            facts = {"handle": account.handle, "channel": account.channel.key}
            owner = account.owner or board.plan.lead
            gaps.append(Gap("account_untested", owner, facts, account.pk))
    return Section("accounts", len(board.accounts) - len(gaps), len(board.accounts), tuple(gaps))


_LOOKS: tuple[Callable[[Board, datetime], Section], ...] = (
    _groups,
    _questions,
    _misreadings,
    _duty,
    _statements,
    _approvers,
    _accounts,
)
