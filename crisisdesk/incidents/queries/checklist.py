"""The checklist of one incident: by phase, filtered, with clocks, holders and evidence, in a fixed number of
queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Func, OuterRef, Q, QuerySet

from crisisdesk.incidents.enums import DeadlineState, ItemState, Phase, Status
from crisisdesk.incidents.models import ChecklistItem, Deadline, Evidence, Incident
from crisisdesk.incidents.queries import duty
from crisisdesk.organisation.models import User
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
    """One item with its running clock, who has it, what was attached, and what it rests on."""

    item: ChecklistItem
    deadline: Deadline | None = None
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
    """What to show: a channel ("" all of them), only mine, only late."""

    channel: str = ""
    mine: bool = False
    late: bool = False

    @property
    def narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.channel or self.mine or self.late)


@dataclass(frozen=True)
class Board:
    """The checklist as a page shows it, with its counts over everything that is not hidden."""

    phases: tuple[PhaseRows, ...]
    done: int
    all: int
    late: int
    skipped: int
    hidden: dict[str, int]


def counted(incident: Incident | OuterRef) -> QuerySet[ChecklistItem]:
    """Return the items that concern this incident: those of a channel it is not on are hidden until somebody uses
    one."""
    is_on = Q(incident__channels__contains=Func("channel", template="ARRAY[%(expressions)s]"))
    return ChecklistItem.objects.filter(
        Q(channel="") | is_on | ~Q(state=ItemState.TODO), incident=incident
    )


def board(
    incident: Incident,
    user: User,
    filters: Filters,
    *,
    at: datetime,
    clocks: Iterable[Deadline] | None = None,
) -> Board:
    """Return the phases in order; one without a row that fits is left out. Five queries besides who
    is on duty; four where the caller has read the `clocks` that run."""
    everything = list(_items(ChecklistItem.objects.filter(incident=incident)))
    shown = [item for item in everything if _concerns(incident, item)]
    found = _rows(incident, shown, _clocks(incident, shown) if clocks is None else clocks)
    left_out = Counter(item.channel for item in everything if not _concerns(incident, item))
    phases = [_phase(incident, phase, found, user, filters, at=at) for phase in Phase]
    return Board(
        phases=tuple(phase for phase in phases if phase.rows),
        done=sum(phase.done for phase in phases),
        all=len(found),
        late=sum(phase.late for phase in phases),
        skipped=sum(row.item.state == ItemState.SKIPPED for row in found),
        hidden=dict(sorted(left_out.items())),
    )


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
    """Return every item (or one) with clock, holders, evidence and source; six queries however many there are."""
    items = _items(counted(incident))
    if item_id is not None:
        items = items.filter(pk=item_id)
    found = list(items)
    return _rows(incident, found, _clocks(incident, found))


def _clocks(incident: Incident, items: Iterable[ChecklistItem]) -> QuerySet[Deadline]:
    return Deadline.objects.filter(
        incident=incident,
        subject_kind="item",
        subject_id__in=[item.pk for item in items],
        state=DeadlineState.RUNNING,
    )


def _items(items: QuerySet[ChecklistItem]) -> QuerySet[ChecklistItem]:
    return items.select_related("owner", "done_by").order_by("position")


def _concerns(incident: Incident, item: ChecklistItem) -> bool:
    """The same as `counted` says of rows."""
    return item.channel in ("", *incident.channels) or item.state != ItemState.TODO


def _rows(
    incident: Incident, items: Iterable[ChecklistItem], clocks: Iterable[Deadline]
) -> list[Row]:
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
        row.source = sources.get(row.item.provenance.get("document") or "")
        row.lesson = lessons.get(row.item.lesson)
        row.holders = (row.item.owner,) if row.item.owner else tuple(held.get(row.item.role, ()))
    return list(found.values())
