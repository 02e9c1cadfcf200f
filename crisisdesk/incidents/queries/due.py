"""Promises about time, of one incident or of all that a person may see, the first due first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import get_language

from crisisdesk.incidents.enums import ReminderState
from crisisdesk.incidents.models import Deadline, Reminder, RoleAssignment
from crisisdesk.incidents.queries.listing import names_of, read_cursor, write_cursor
from crisisdesk.incidents.queries.visibility import visible_to

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

_FIELDS = (
    "id", "kind", "key", "label", "channel", "language", "role", "subject_kind", "subject_id",
    "started_at", "due_at", "state", "met_at", "reason", "missed_before_opening",
    "acknowledged_at", "stopped_at", "times_rung", "silent_until",
)  # fmt: skip
_OF_INCIDENT = (
    "reference", "title", "title_language", "severity", "is_drill", "brand__key", "brand__name",
    "brand__names",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DueFilters:
    """Which deadlines; what is left empty does not narrow the list."""

    reference: str = ""
    states: tuple[str, ...] = ()
    due_before: datetime | None = None
    mine: bool = False
    deadline_id: int | None = None
    brand_id: int | None = None
    severities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a deadline; the name is in the reader's language."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline with its incident and whoever has it: its owner, or all who hold its role; empty: nobody."""

    id: int
    reference: str
    title: str
    title_language: str
    severity: str
    is_drill: bool
    brand_key: str
    brand_name: str
    kind: str
    key: str
    label: Mapping[str, str]
    channel: str
    language: str
    role: str
    holders: tuple[Holder, ...]
    subject_kind: str
    subject_id: int
    started_at: datetime
    due_at: datetime
    state: str
    met_at: datetime | None
    reason: str
    missed_before_opening: bool
    acknowledged_at: datetime | None
    acknowledged_by: Holder | None
    stopped_at: datetime | None
    times_rung: int
    silent_until: datetime | None  # the reader hears nothing of it before

    @property
    def owner(self) -> Holder | None:
        """Who has it first; None: nobody."""
        return self.holders[0] if self.holders else None


@dataclass(frozen=True, slots=True)
class DuePage:
    """Some deadlines; `next_cursor` is what to ask for next, empty at the end."""

    rows: list[DeadlineRow]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class DueSum:
    """A whole list in figures: how many, how many late, how many late that nobody has, and between which moments."""

    count: int
    late: int
    nobodys: int
    first: datetime | None
    last: datetime | None


def due(user: User, filters: DueFilters, cursor: str = "", limit: int = 50) -> DuePage:
    """Return deadlines of the incidents that the person may see, in two queries.

    Raises Invalid("cursor_wrong") for a cursor that this list did not give.
    """
    own = Reminder.objects.filter(deadline=OuterRef("pk"), person=user, state=ReminderState.PENDING)
    rows = _narrowed(user, filters).annotate(
        held_by=ArraySubquery(_holders().values("user_id")),
        silent_until=Subquery(own.values("due_at")[:1]),
    )
    if cursor:
        due_at, pk = read_cursor(cursor)
        rows = rows.filter(Q(due_at__gte=due_at) & (Q(due_at__gt=due_at) | Q(pk__gt=pk)))
    of_incident = [f"incident__{name}" for name in _OF_INCIDENT]
    wanted = (*_FIELDS, *of_incident, "owner_id", "held_by", "acknowledged_by_id")
    found = list(rows.order_by("due_at", "pk").values(*wanted)[: limit + 1])
    deadlines = _rows(found[:limit])
    last = deadlines[-1] if len(found) > limit else None
    return DuePage(deadlines, write_cursor(last.due_at, last.id) if last else "")


def sum_of(user: User, filters: DueFilters, *, at: datetime) -> DueSum:
    """Return the whole list in figures at this moment, in one query."""
    rows = _narrowed(user, filters).order_by()
    late = Q(due_at__lte=at)
    nobodys = late & Q(owner=None) & ~Q(Exists(_holders()))
    found = rows.aggregate(
        count=Count("pk"),
        late=Count("pk", filter=late),
        nobodys=Count("pk", filter=nobodys),
        first=Min("due_at"),
        last=Max("due_at"),
    )
    return DueSum(**found)


def _narrowed(user: User, filters: DueFilters) -> QuerySet[Deadline]:
    incidents = visible_to(user)
    if filters.reference:
        incidents = incidents.filter(reference=filters.reference)
    if filters.brand_id is not None:
        incidents = incidents.filter(brand=filters.brand_id)
    if filters.severities:
        incidents = incidents.filter(severity__in=filters.severities)
    rows = Deadline.objects.filter(incident__in=incidents)
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.kinds:
        rows = rows.filter(kind__in=filters.kinds)
    if filters.due_before is not None:
        rows = rows.filter(due_at__lt=filters.due_before)
    if filters.mine:
        rows = rows.filter(Q(owner=user) | Q(owner=None) & Exists(_holders().filter(user=user)))
    if filters.deadline_id is not None:
        rows = rows.filter(pk=filters.deadline_id)
    return rows


def _holders() -> QuerySet[RoleAssignment]:
    """Who holds the role of a deadline now."""
    held = RoleAssignment.objects.filter(
        incident=OuterRef("incident"), role=OuterRef("role"), to_at=None
    )
    return held.order_by("from_at", "pk")


def _rows(found: Iterable[dict[str, Any]]) -> list[DeadlineRow]:
    people = [([row["owner_id"]] if row["owner_id"] else row["held_by"], row) for row in found]
    names = names_of(
        pk for held, row in people for pk in (*held, row["acknowledged_by_id"]) if pk is not None
    )
    language = get_language() or "en"
    rows = []
    for held, row in people:
        of = {name: row[f"incident__{name}"] for name in _OF_INCIDENT}
        rows.append(
            DeadlineRow(
                brand_key=of.pop("brand__key"),
                brand_name=of.pop("brand__names").get(language) or of.pop("brand__name"),
                holders=tuple(Holder(pk, names.get(pk, "")) for pk in held),
                acknowledged_by=Holder(taken, names.get(taken, ""))
                if (taken := row["acknowledged_by_id"])
                else None,
                **{name: value for name, value in of.items() if not name.startswith("brand__")},
                **{name: row[name] for name in _FIELDS},
            )
        )
    return rows
