"""Bring a running plan in line with what has changed: severity, answers, channels, languages, status, what is done.

One path for all of them. Met and missed deadlines stay as they are; what is not needed any more is dropped, never met.
Callers hold the incident's lock and record the drafts they get back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from crisisdesk.incidents.domain import deadlines, planning, timeline
from crisisdesk.incidents.domain.alarms import alarms_of
from crisisdesk.incidents.domain.deadlines import Plan
from crisisdesk.incidents.domain.planning import Due, Lookout
from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    EventKind,
    ItemState,
    LanguagePlan,
    ReminderState,
)
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Evidence,
    Incident,
    Reminder,
    Statement,
)
from playbooks.domain.conditions import When
from playbooks.domain.content import Item

# Why a deadline was dropped here; such a one may run again, unlike one that a person or the end of a phase ended.
CAUSES = ("severity", "answers", "reach", "status", "progress", "taken_over")
# Causes that are an event of their own, which says why clocks merely start.
_TOLD = ("progress", "taken_over")


@dataclass
class Turned:
    """What a re-planning did: clocks from and to, and what came onto the lists or left them."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    shown: list[dict[str, str]] = field(default_factory=list)
    hidden: list[dict[str, str]] = field(default_factory=list)

    @property
    def only_starts(self) -> bool:
        """Whether nothing happened but clocks starting in their course."""
        return not (self.shown or self.hidden or any(row["from"] for row in self.changes))


def replan(incident: Incident, cause: str, *, at: datetime) -> list[timeline.Draft]:
    """Show and hide, start, move and drop; returns the one event that says all of it, or nothing if nothing changed.

    In the course of work (`progress`), and when parts are taken over, clocks that merely start are not an event: the
    act that started them is one.
    """
    items = list(ChecklistItem.objects.filter(incident=incident).order_by("position"))
    seen = planning.look(incident, items)
    turned = Turned()
    _finish_repeats(seen)
    _turn_items(seen, turned)
    _turn_statements(seen, turned)
    _turn_deadlines(seen, turned, cause, at=at)
    if not (turned.changes or turned.shown or turned.hidden):
        return []
    if cause in _TOLD and turned.only_starts:
        return []
    data = {
        "cause": cause,
        "changes": turned.changes,
        "shown": turned.shown,
        "hidden": turned.hidden,
    }
    return [timeline.Draft(EventKind.DEADLINES_REPLANNED, data=data)]


def after_item(incident: Incident, item: ChecklistItem, *, at: datetime) -> list[timeline.Draft]:
    """Let what waits for this item, or counts from it, run or wait; nothing is read where nothing does."""
    moves = incident.plan.get("moves", {})
    return replan(incident, "progress", at=at) if item.key in moves.get("items", ()) else []


def after_publication(incident: Incident, stage: str, *, at: datetime) -> list[timeline.Draft]:
    """Let run what counts from the first publication of this stage."""
    moves = incident.plan.get("moves", {})
    return replan(incident, "progress", at=at) if stage in moves.get("stages", ()) else []


def after_status(incident: Incident, *, at: datetime) -> list[timeline.Draft]:
    """Show, hide, start and drop what depends on the status; old plans have nothing that does."""
    moves = incident.plan.get("moves", {})
    return replan(incident, "status", at=at) if moves.get("status") else []


def _finish_repeats(seen: Lookout) -> None:
    """What comes back until a status is done once that status is reached, and to do again should it be left."""
    for state, other, ended in (
        (ItemState.TODO, ItemState.DONE, True),
        (ItemState.DONE, ItemState.TODO, False),
    ):
        rows = [
            item
            for item in seen.items
            if item.repeat and item.times_done and item.state == state
            if planning.comes_back(item, seen.incident) is not ended
        ]
        for item in rows:
            item.state = other
        if rows:
            ChecklistItem.objects.filter(pk__in=[row.pk for row in rows]).update(state=other)


def _turn_items(seen: Lookout, turned: Turned) -> None:
    """Hide what is not needed and nobody touched, show the rest."""
    idle = [row for row in seen.items if not seen.is_needed(row) and not _is_touched(row)]
    kept = set(
        Evidence.objects.filter(item__in=[row.pk for row in idle]).values_list("item", flat=True)
        if idle
        else ()
    )
    hide = {row.pk for row in idle if row.pk not in kept}
    _turn(ChecklistItem, seen.items, hide, turned, label="words")


def _is_touched(item: ChecklistItem) -> bool:
    return item.state != ItemState.TODO or item.times_done > 0 or item.owner_id is not None


def _turn_statements(seen: Lookout, turned: Turned) -> None:
    """Hide words that are not needed and nobody has begun to write."""
    rows = list(
        Statement.objects.filter(incident=seen.incident).exclude(when={}).order_by("position")
    )
    idle = [row.pk for row in rows if not seen.is_needed(row)]
    begun = Statement.objects.filter(
        Q(revisions__isnull=False) | Q(languages__plan=LanguagePlan.TO_FOLLOW), pk__in=idle
    )
    hide = set(idle) - (set(begun.values_list("pk", flat=True)) if idle else set())
    _turn(Statement, rows, hide, turned, label="title")


def _turn(
    model: type[ChecklistItem] | type[Statement],
    rows: Sequence[Any],
    hide: set[int],
    turned: Turned,
    *,
    label: str,
) -> None:
    for is_hidden, told in ((True, turned.hidden), (False, turned.shown)):
        moved = [row for row in rows if (row.pk in hide) is is_hidden is not row.is_hidden]
        for row in moved:
            row.is_hidden = is_hidden
            told.append(getattr(row, label))
        if moved:
            model._default_manager.filter(pk__in=[row.pk for row in moved]).update(
                is_hidden=is_hidden
            )


def _turn_deadlines(seen: Lookout, turned: Turned, cause: str, *, at: datetime) -> None:
    """Compare what runs with what should, and start, move and drop accordingly."""
    incident = seen.incident
    rows = list(Deadline.objects.filter(incident=incident).order_by("pk"))
    last = sorted(rows, key=lambda row: (row.state == DeadlineState.RUNNING, row.pk))
    latest = {_subject(row): row for row in last}
    starts: list[Plan] = []
    drops: list[Deadline] = []
    moves: list[tuple[Deadline, timedelta]] = []
    for subject, plan in _wanted(seen, latest).items():
        row = latest.get(subject)
        if row is not None and row.state == DeadlineState.RUNNING:
            if plan is None:
                drops.append(row)
            elif int(plan.length.total_seconds()) != row.length_seconds:
                moves.append((row, plan.length))
        elif plan is not None and _may_run(row):
            starts.append(plan)
    for row in rows:
        if row.kind == DeadlineKind.APPROVAL and row.state == DeadlineState.RUNNING:
            length = timedelta(minutes=deadlines.APPROVAL_MINUTES[incident.severity])
            if int(length.total_seconds()) != row.length_seconds:
                moves.append((row, length))
    deadlines.cancel(drops, reason=cause)
    turned.changes += [_change(row.label, row.due_at, None) for row in drops]
    turned.changes += _move(incident, moves, seen, at=at)
    started = deadlines.start_many(incident, [not_past(plan, at=at) for plan in starts], at=at)
    turned.changes += [_change(row.label, None, row.due_at) for row in started]


def _subject(row: Deadline) -> tuple[str, int | str]:
    """What a deadline of the plan is known by: its item, or the key of its clock."""
    if row.subject_kind == "incident":
        return "clock", row.key
    return row.subject_kind, row.subject_id


def _wanted(
    seen: Lookout, latest: dict[tuple[str, int | str], Deadline]
) -> dict[tuple[str, int | str], Plan | None]:
    """Return what should run for every item and clock of the plan; None: nothing should."""
    wanted: dict[tuple[str, int | str], Plan | None] = {}
    for item in seen.items:
        due = planning.item_due(item, seen)
        wanted["item", item.pk] = planning.item_plan(item, due) if due else None
    for clock in seen.incident.plan.get("clocks", []):
        due = planning.clock_due(clock, seen)
        row = latest.get(("clock", clock["key"]))
        if due is None and row is not None:
            due = _as_it_ran(clock, row, seen)
        wanted["clock", clock["key"]] = planning.clock_plan(clock, due) if due else None
    return wanted


def _as_it_ran(clock: dict[str, Any], row: Deadline, seen: Lookout) -> Due | None:
    """Return when a clock runs that a publication, a correction or the end had started: from the same moment."""
    length = deadlines.clock_length(clock, seen.incident, start=row.started_at)
    if clock["from"] == "detected" or not length or not planning.clock_runs(clock, seen):
        return None
    return Due(row.started_at, length)


def _may_run(row: Deadline | None) -> bool:
    """Whether a deadline may start where this one was the last: none before it, or one that was only dropped."""
    return row is None or (row.state == DeadlineState.CANCELLED and row.reason in CAUSES)


def not_past(plan: Plan, *, at: datetime) -> Plan:
    """Let a promise count anew from now that would already be over: a promise cannot lie in the past."""
    if plan.started_at + plan.length > at:
        return plan
    values = {name: getattr(plan, name) for name in plan.__dataclass_fields__}
    return Plan(**{**values, "started_at": at})


def _move(
    incident: Incident, moves: Sequence[tuple[Deadline, timedelta]], seen: Lookout, *, at: datetime
) -> list[dict[str, Any]]:
    """Give running deadlines another length, with fresh alarms; a fixed number of statements.

    What has rung before its time was over stays silent; the new due time and the steps after it ring in any case, and
    count anew towards the most that may ring. Nobody is left alone any longer: it is due at another time.
    """
    if not moves:
        return []
    quiet = {item.pk for item in seen.items if not item.required}
    changes: list[dict[str, Any]] = []
    ids = [row.pk for row, _ in moves]
    fired = set(
        Reminder.objects.filter(deadline__in=ids, state=ReminderState.FIRED).values_list(
            "deadline", "percent"
        )
    )
    alarms: list[Reminder] = []
    for row, length in moves:
        before = row.due_at
        row.started_at = row.started_at if row.started_at + length > at else at
        row.length_seconds, row.due_at = int(length.total_seconds()), row.started_at + length
        is_quiet = row.kind == DeadlineKind.ITEM and row.subject_id in quiet
        climbs = not is_quiet and row.kind != DeadlineKind.APPROVAL  # which has a deputy
        row.stopped_at = None
        alarms += [
            alarm
            for alarm in alarms_of(incident, row, is_quiet=is_quiet, escalates=climbs, at=at)
            if alarm.percent >= 100 or (row.pk, alarm.percent) not in fired
        ]
        changes.append(_change(row.label, before, row.due_at))
    Deadline.objects.bulk_update(
        [row for row, _ in moves], ["started_at", "length_seconds", "due_at", "stopped_at"]
    )
    waiting = Reminder.objects.filter(deadline__in=ids).exclude(state=ReminderState.FIRED)
    waiting.filter(person=None).delete()
    # How often somebody asked to be left alone stays known.
    waiting.update(state=ReminderState.CANCELLED)
    Reminder.objects.bulk_create(alarms, batch_size=500)
    return changes


def _change(
    label: dict[str, str], before: datetime | None, after: datetime | None
) -> dict[str, Any]:
    return {
        "label": label,
        "from": before.isoformat() if before else None,
        "to": after.isoformat() if after else None,
    }


def run_clocks(incident: Incident, starts_from: str, *, at: datetime) -> None:
    """Start the plan's clocks that count from this moment, are needed, and do not run yet."""
    clocks = [row for row in incident.plan.get("clocks", []) if row["from"] == starts_from]
    seen = planning.look(incident, ())
    running = {row.key for row in deadlines.running(incident)}
    plans = []
    for clock in clocks:
        length = deadlines.clock_length(clock, incident, start=at)
        if length and clock["key"] not in running and seen.is_needed(clock):
            plans.append(planning.clock_plan(clock, Due(at, length)))
    deadlines.start_many(incident, plans, at=at)


def moving_parts(items: Sequence[Item], conditions: Iterable[When]) -> dict[str, Any]:
    """Return what moves in a playbook, so that a press on a still plan need not look: the items that others wait for
    or count from, the stages that items count from, and whether anything depends on the status."""
    named = {key for item in items for key in item.after}
    named |= {item.starts.key for item in items if item.starts.event == "item"}
    late = any(item.repeat or item.starts.event == "resolved" for item in items)
    return {
        "items": sorted(named),
        "stages": sorted({item.starts.key for item in items if item.starts.event == "publication"}),
        "status": late or any(when.status for when in conditions),
    }
