"""Promises about time, of one incident or of all that a person may see, the first due first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.listing import (
    holder_of_deadline,
    names_of,
    read_cursor,
    write_cursor,
)
from crisisdesk.incidents.queries.visibility import visible_to

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

_FIELDS = (
    "id", "incident__reference", "kind", "key", "label", "channel", "language", "role",
    "subject_kind", "subject_id", "started_at", "due_at", "state", "met_at", "reason",
    "missed_before_opening", "holder",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueFilters:
    """Which deadlines; what is left empty does not narrow the list."""

    reference: str = ""
    states: tuple[str, ...] = ()
    due_before: datetime | None = None
    mine: bool = False
    deadline_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline with its incident's reference and whoever has it."""

    id: int
    reference: str
    kind: str
    key: str
    label: Mapping[str, str]
    channel: str
    language: str
    role: str
    owner_id: int | None
    owner_name: str
    subject_kind: str
    subject_id: int
    started_at: datetime
    due_at: datetime
    state: str
    met_at: datetime | None
    reason: str
    missed_before_opening: bool


@dataclass(frozen=True, slots=True)
class DuePage:
    """Some deadlines; `next_cursor` is what to ask for next, empty at the end."""

    rows: list[DeadlineRow]
    next_cursor: str


def due(user: User, filters: DueFilters, cursor: str = "", limit: int = 50) -> DuePage:
    """Return deadlines of the incidents that the person may see, in two queries.

    Raises Invalid("cursor_wrong") for a cursor that this list did not give.
    """
    incidents = visible_to(user)
    if filters.reference:
        incidents = incidents.filter(reference=filters.reference)
    rows = Deadline.objects.filter(incident__in=incidents).annotate(holder=holder_of_deadline())
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.due_before is not None:
        rows = rows.filter(due_at__lt=filters.due_before)
    if filters.mine:
        rows = rows.filter(holder=user.pk)
    if filters.deadline_id is not None:
        rows = rows.filter(pk=filters.deadline_id)
    if cursor:
        due_at, pk = read_cursor(cursor)
        rows = rows.filter(Q(due_at__gte=due_at) & (Q(due_at__gt=due_at) | Q(pk__gt=pk)))
    found = list(rows.order_by("due_at", "pk").values(*_FIELDS)[: limit + 1])
    shown = found[:limit]
    names = names_of(row["holder"] for row in shown)
    deadlines = [
        DeadlineRow(
            reference=row.pop("incident__reference"),
            owner_name=names.get(row["holder"], ""),
            owner_id=row.pop("holder"),
            **row,
        )
        for row in shown
    ]
    last = deadlines[-1] if len(found) > limit else None
    return DuePage(deadlines, write_cursor(last.due_at, last.id) if last else "")
