"""The checklist of one incident: by phase, filtered, with clocks, holders and evidence, in a fixed number of
queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet

from crisisdesk.incidents.enums import DeadlineState, ItemState, Phase, Status
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Evidence,
    Incident,
    ScreeningQuestion,
)
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries.situation import needed, questions_of, situation_of, why
from crisisdesk.organisation.models import User
from playbooks.domain.conditions import Ground, Situation
from playbooks.models import Lesson, Source
from playbooks.queries.lessons import lessons_by_key, sources_by_key

SOON = timedelta(hours=1)
_ANY = frozenset(Status)
_AFTER = frozenset({Status.CONTAINED, Status.RESOLVED, Status.CLOSED, Status.CANCELLED})
# From which status on a phase is shown with its rows, whoever works on it.
_FAR_ENOUGH = {
    Phase.FIRST_15_MINUTES: _ANY,
    Phase.FIRST_HOUR: _ANY,
    Phase.KEEP_TALKING: _AFTER,
    Phase.RECOVER: _AFTER,
    Phase.LEARN: _AFTER - {Status.CONTAINED},
}


@dataclass
class Row:
    """One item with its running clock, why it is there, what it waits for, who has it, what was attached, and what it
    rests on."""

    item: ChecklistItem
    deadline: Deadline | None = None
    reasons: tuple[Ground, ...] = ()
    questions: tuple[ScreeningQuestion, ...] = ()
    waits_for: tuple[ChecklistItem, ...] = ()
    source: Source | None = None
    lesson: Lesson | None = None
    holders: tuple[User, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)

    def is_late(self, at: datetime) -> bool:
        """Whether its clock has run out."""
        return self.deadline is not None and self.deadline.due_at <= at


@dataclass(frozen=True)
class PhaseRows:
    """One phase with what is shown of it, and its progress over all its items.

    `is_folded`: it has not begun, so that its heading is enough.
    """

    phase: str
    rows: tuple[Row, ...]
    done: int
    all: int
    late: int
    is_folded: bool


@dataclass(frozen=True)
class Filters:
    """What to show: a channel ("" all of them), only mine, only late, only what is hidden because it is not needed."""

    channel: str = ""
    mine: bool = False
    late: bool = False
    hidden: bool = False

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.channel or self.mine or self.late or self.hidden)


@dataclass(frozen=True)
class Board:
    """The checklist as a page shows it, with its counts over everything that is not hidden."""

    phases: tuple[PhaseRows, ...]
    done: int
    all: int
    late: int
    skipped: int
    hidden: dict[str, int]
    questions: tuple[ScreeningQuestion, ...] = ()


def counted(incident: Incident | OuterRef) -> QuerySet[ChecklistItem]:
    """Return the items that concern this incident: what is not needed is hidden until it is, or until somebody works
    on it."""
    return ChecklistItem.objects.filter(incident=incident, is_hidden=False)


def board(
    incident: Incident,
    user: User,
    filters: Filters,
    *,
    at: datetime,
    clocks: Iterable[Deadline] | None = None,
) -> Board:
    """Return the phases in order; one without a row that fits is left out. Five queries besides who
    is on duty, and one for the questions of a plan that asks; one fewer where the caller has read
    the `clocks` that run."""
    everything = list(_items(ChecklistItem.objects.filter(incident=incident)))
    questions = tuple(questions_of(incident))
    rows = _rows(
        incident,
        everything,
        _clocks(incident, everything) if clocks is None else clocks,
        questions,
    )
    found = [row for row in rows if not row.item.is_hidden]
    left_out = [row.item for row in rows if row.item.is_hidden]
    listed = [row for row in rows if row.item.is_hidden] if filters.hidden else found
    phases = [_phase(incident, phase, listed, user, filters, at=at) for phase in Phase]
    return Board(
        phases=tuple(phase for phase in phases if phase.rows),
        done=sum(row.item.state == ItemState.DONE for row in found),
        all=len(found),
        late=sum(row.is_late(at) for row in found),
        skipped=sum(row.item.state == ItemState.SKIPPED for row in found),
        hidden=_reckoned(incident, left_out),
        questions=questions,
    )


def _reckoned(incident: Incident, items: list[ChecklistItem]) -> dict[str, int]:
    """Return how many are hidden: by the channel that is not in use, and under "" for any other reason."""
    channels = ("" if item.channel in incident.channels else item.channel for item in items)
    return dict(sorted(Counter(channels).items()))


def _phase(
    incident: Incident,
    phase: Phase,
    found: list[Row],
    user: User,
    filters: Filters,
    *,
    at: datetime,
) -> PhaseRows:
    everything = [row for row in found if row.item.phase == phase]
    return PhaseRows(
        phase,
        tuple(row for row in everything if _fits(row, user, filters, at=at)),
        done=sum(row.item.state == ItemState.DONE for row in everything),
        all=len(everything),
        late=sum(row.is_late(at) for row in everything),
        is_folded=not filters.narrow and not _has_begun(incident, phase, everything, at=at),
    )


def _has_begun(incident: Incident, phase: Phase, everything: list[Row], *, at: datetime) -> bool:
    """Whether somebody works on the phase, or it is about to be due, or the incident has come that far."""
    if incident.status in _FAR_ENOUGH[phase]:
        return True
    return any(
        row.item.state != ItemState.TODO
        or (row.deadline is not None and row.deadline.due_at <= at + SOON)
        for row in everything
    )


def _fits(row: Row, user: User, filters: Filters, *, at: datetime) -> bool:
    if filters.channel and row.item.channel != filters.channel:
        return False
    if filters.mine and not any(holder.pk == user.pk for holder in row.holders):
        return False
    return not filters.late or row.is_late(at)


def rows(incident: Incident, *, item_id: int | None = None) -> list[Row]:
    """Return every item that concerns the incident (or one, also if it does not) with clock, reason, holders, evidence
    and source; six queries however many there are, one for the questions of a plan that asks, and one for what a single
    item waits for."""
    items = _items(counted(incident))
    if item_id is not None:
        items = _items(ChecklistItem.objects.filter(incident=incident, pk=item_id))
    found = list(items)
    return _rows(incident, found, _clocks(incident, found), tuple(questions_of(incident)))


def _clocks(incident: Incident, items: Iterable[ChecklistItem]) -> QuerySet[Deadline]:
    return Deadline.objects.filter(
        incident=incident,
        subject_kind="item",
        subject_id__in=[item.pk for item in items],
        state=DeadlineState.RUNNING,
    )


def _items(items: QuerySet[ChecklistItem]) -> QuerySet[ChecklistItem]:
    return items.select_related("owner", "done_by").order_by("position")


def waits_of(
    incident: Incident, items: list[ChecklistItem], situation: Situation
) -> dict[int, tuple[ChecklistItem, ...]]:
    """Return what each of these items waits for; one query if that is not among them."""
    others = {item.key: item for item in items}
    missing = {key for item in items for key in item.after} - set(others)
    if missing:
        rows = ChecklistItem.objects.filter(incident=incident, key__in=missing)
        others |= {item.key: item for item in rows}
    open_ones = {
        key: other
        for key, other in others.items()
        if other.state == ItemState.TODO and not other.times_done and needed(other, situation)
    }
    return {
        item.pk: tuple(open_ones[key] for key in item.after if key in open_ones) for item in items
    }


def _rows(
    incident: Incident,
    items: list[ChecklistItem],
    clocks: Iterable[Deadline],
    questions: tuple[ScreeningQuestion, ...],
) -> list[Row]:
    situation = situation_of(incident, questions)
    waiting = waits_of(incident, items, situation)
    found = {item.pk: Row(item) for item in items}
    for deadline in clocks:
        if deadline.subject_kind == "item" and deadline.subject_id in found:
            found[deadline.subject_id].deadline = deadline
    for file in (
        Evidence.objects.filter(item__in=found).select_related("file", "added_by").order_by("pk")
    ):
        found[file.item_id or 0].evidence.append(file)
    held: dict[str, list[User]] = {}
    for holder in duty.holders(incident):
        held.setdefault(holder.role, []).append(holder.user)
    sources = sources_by_key()
    lessons = lessons_by_key({row.item.lesson for row in found.values() if row.item.lesson})
    for row in found.values():
        row.reasons, row.questions = why(row.item, situation), questions
        row.waits_for = waiting.get(row.item.pk, ())
        row.source = sources.get(row.item.provenance.get("document") or "")
        row.lesson = lessons.get(row.item.lesson)
        row.holders = (row.item.owner,) if row.item.owner else tuple(held.get(row.item.role, ()))
    return list(found.values())
