"""What one person sees first: what is late, what is theirs next, what is open, what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from crisisdesk.incidents.enums import (
    OPEN_STATUSES,
    DeadlineState,
    ReminderState,
    RevisionState,
    Status,
)
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    HandOver,
    Incident,
    Postmortem,
    Reminder,
    RoleAssignment,
    StatementRevision,
)
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.models import User

MOST_INCIDENTS = 50
MOST_DEADLINES = 400
SHOWN = 8
# The kind of clock that an item's own deadline stands for.
_MEETS = Subquery(
    ChecklistItem.objects.filter(pk=OuterRef("subject_id"), incident=OuterRef("incident")).values(
        "meets"
    )[:1]
)


@dataclass(frozen=True)
class Promise:
    """A running deadline with its incident and whoever has it; an empty `holders` is "nobody has it"."""

    deadline: Deadline
    incident: Incident
    holders: tuple[User, ...]

    def is_mine(self, user: User) -> bool:
        """Whether this person has it."""
        return any(holder.pk == user.pk for holder in self.holders)


@dataclass(frozen=True)
class OpenIncident:
    """A row of the list of open incidents with the clock most at risk."""

    incident: Incident
    risk: Promise | None


@dataclass(frozen=True)
class Desk:
    """The page, in five queries however much is open."""

    late: tuple[Promise, ...]
    late_count: int
    mine: tuple[Promise, ...]
    mine_count: int
    incidents: tuple[OpenIncident, ...]
    words_waiting: tuple[StatementRevision, ...]
    handovers: tuple[HandOver, ...]
    reviews: tuple[Postmortem, ...]

    @property
    def nobodys(self) -> int:
        """How many late promises nobody has."""
        return sum(not promise.holders for promise in self.late)


def my_desk(user: User, *, at: datetime) -> Desk:
    """Return the person's desk at this moment."""
    incidents = list(
        visible_to(user)
        .filter(status__in=OPEN_STATUSES)
        .select_related("brand", "lead")
        .order_by("severity", "-opened_at")[:MOST_INCIDENTS]
    )
    promises = running_promises(incidents, silent_for=user)
    promises = without_twins(promises)
    late = [promise for promise in promises if promise.deadline.due_at <= at]
    mine = [
        promise for promise in promises if promise.deadline.due_at > at and promise.is_mine(user)
    ]
    risk: dict[int, Promise] = {}
    for promise in promises:
        risk.setdefault(promise.incident.pk, promise)
    return Desk(
        late=tuple(late[:SHOWN]),
        late_count=len(late),
        mine=tuple(mine[:SHOWN]),
        mine_count=len(mine),
        incidents=tuple(OpenIncident(incident, risk.get(incident.pk)) for incident in incidents),
        words_waiting=tuple(_words_waiting(user, incidents)),
        handovers=tuple(
            HandOver.objects.filter(
                receiver=user, accepted_at=None, withdrawn_at=None, incident__in=incidents
            )
            .select_related("incident", "giver")
            .order_by("offered_at")
        ),
        reviews=tuple(
            Postmortem.objects.filter(
                is_final=False,
                incident__in=[row for row in incidents if row.status == Status.RESOLVED],
            )
            .select_related("incident")
            .order_by("saved_at")
        ),
    )


def running_promises(incidents: list[Incident], *, silent_for: User | None = None) -> list[Promise]:
    """Return the running deadlines of these incidents, the most urgent first, with who has each, and for one person
    until when each leaves them alone (`silent_until`); two queries."""
    by_pk = {incident.pk: incident for incident in incidents}
    rows = _running().filter(incident__in=by_pk)
    if silent_for is not None:
        own = Reminder.objects.filter(
            deadline=OuterRef("pk"), person=silent_for, state=ReminderState.PENDING
        )
        rows = rows.annotate(silent_until=Subquery(own.values("due_at")[:1]))
    rows = rows[:MOST_DEADLINES]
    holders: dict[tuple[int, str], list[User]] = {}
    held = RoleAssignment.objects.filter(incident__in=by_pk, to_at=None).select_related("user")
    for assignment in held.order_by("from_at", "pk"):
        holders.setdefault((assignment.incident_id, assignment.role), []).append(assignment.user)
    return [
        Promise(
            row,
            by_pk[row.incident_id],
            (row.owner,) if row.owner else tuple(holders.get((row.incident_id, row.role), [])),
        )
        for row in rows
    ]


def promises_of(
    incident: Incident, *, deadlines: Iterable[Deadline] | None = None
) -> list[Promise]:
    """Return every running deadline of one incident, the most urgent first, with who has it; one query besides who is
    on duty, none where the caller has read `deadlines_of` it."""
    if deadlines is None:
        deadlines = _running().filter(incident=incident)
    holders: dict[str, list[User]] = {}
    for holder in duty.holders(incident):
        holders.setdefault(holder.role, []).append(holder.user)
    return [
        Promise(row, incident, (row.owner,) if row.owner else tuple(holders.get(row.role, [])))
        for row in deadlines
        if row.state == DeadlineState.RUNNING
    ]


def deadlines_of(incident: Incident) -> QuerySet[Deadline]:
    """Return every deadline of one incident, whatever became of it, in the order in which they are due."""
    return _told().filter(incident=incident)


def _running() -> QuerySet[Deadline]:
    return _told().filter(state=DeadlineState.RUNNING)


def _told() -> QuerySet[Deadline]:
    """Deadlines with who has each and which clock their item stands for, the most urgent first."""
    rows = Deadline.objects.select_related("owner", "acknowledged_by").annotate(meets=_MEETS)
    return rows.order_by("due_at", "pk")


def without_twins(promises: list[Promise]) -> list[Promise]:
    """Leave out a clock that an item of the list stands for, or the item where the clock is nearer: whoever ticks the
    item meets both, so they are one thing to do."""
    seen: set[tuple[int, str]] = set()
    kept = []
    for promise in promises:
        row = promise.deadline
        what = getattr(row, "meets", "") if row.subject_kind == "item" else str(row.kind)
        twin = (row.incident_id, what)
        is_clock = row.subject_kind == "incident"
        if what and (is_clock or row.subject_kind == "item"):
            if twin in seen:
                continue
            seen.add(twin)
        kept.append(promise)
    return kept


def _words_waiting(user: User, incidents: list[Incident]) -> Any:
    """Words that this person is asked to approve, also as the deputy."""
    return (
        StatementRevision.objects.filter(
            state=RevisionState.IN_REVIEW, statement__incident__in=incidents
        )
        .filter(Q(asked=user) | Q(deputy=user, deputy_asked_at__isnull=False))
        .select_related("statement__incident", "submitted_by")
        .order_by("submitted_at")
    )
