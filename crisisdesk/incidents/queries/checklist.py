"""The checklist of one incident: by phase, filtered, with clocks, holders and evidence, in a fixed number of
queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crisisdesk.incidents.enums import DeadlineState, ItemState, Phase
from crisisdesk.incidents.models import ChecklistItem, Deadline, Evidence, Incident, RoleAssignment
from crisisdesk.organisation.models import User


@dataclass
class Row:
    """One item with its running clock, who has it, and what was attached."""

    item: ChecklistItem
    deadline: Deadline | None = None
    holders: tuple[User, ...] = ()
    evidence: list[Evidence] = field(default_factory=list)

    def is_late(self, at: datetime) -> bool:
        """Whether its clock has run out."""
        return self.deadline is not None and self.deadline.due_at <= at


@dataclass(frozen=True)
class PhaseRows:
    """One phase with what is shown of it, and its progress over all its items."""

    phase: str
    rows: tuple[Row, ...]
    done: int
    all: int
    late: int


@dataclass(frozen=True)
class Filters:
    """What to show: a channel ("" all, "none" those of no channel), only mine, only late."""

    channel: str = ""
    mine: bool = False
    late: bool = False


def phases(incident: Incident, user: User, filters: Filters, *, at: datetime) -> list[PhaseRows]:
    """Return the phases in order; one without a row that fits is left out."""
    found = rows(incident)
    result = []
    for phase in Phase:
        everything = [row for row in found if row.item.phase == phase]
        shown = tuple(row for row in everything if _fits(row, user, filters, at=at))
        if shown:
            result.append(
                PhaseRows(
                    phase,
                    shown,
                    done=sum(row.item.state == ItemState.DONE for row in everything),
                    all=len(everything),
                    late=sum(row.is_late(at) for row in everything),
                )
            )
    return result


def _fits(row: Row, user: User, filters: Filters, *, at: datetime) -> bool:
    if filters.channel and row.item.channel != (
        "" if filters.channel == "none" else filters.channel
    ):
        return False
    if filters.mine and not any(holder.pk == user.pk for holder in row.holders):
        return False
    return not filters.late or row.is_late(at)


def rows(incident: Incident, *, item_id: int | None = None) -> list[Row]:
    """Return every item (or one) with clock, holders and evidence; four queries however many there are."""
    items = (
        ChecklistItem.objects.filter(incident=incident)
        .select_related("owner", "done_by")
        .order_by("position")
    )
    if item_id is not None:
        items = items.filter(pk=item_id)
    found = {item.pk: Row(item) for item in items}
    clocks = Deadline.objects.filter(
        incident=incident, subject_kind="item", subject_id__in=found, state=DeadlineState.RUNNING
    )
    for deadline in clocks:
        found[deadline.subject_id].deadline = deadline
    for file in (
        Evidence.objects.filter(item__in=found).select_related("file", "added_by").order_by("pk")
    ):
        found[file.item_id or 0].evidence.append(file)
    held: dict[str, list[User]] = {}
    for assignment in RoleAssignment.objects.filter(incident=incident, to_at=None).select_related(
        "user"
    ):
        held.setdefault(assignment.role, []).append(assignment.user)
    for row in found.values():
        row.holders = (row.item.owner,) if row.item.owner else tuple(held.get(row.item.role, ()))
    return list(found.values())
