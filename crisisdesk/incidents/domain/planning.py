"""When each part of the copied plan is due as things stand: whether it is needed, what it counts from, how long it
has. Reads; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Min

from crisisdesk.incidents.domain.deadlines import Plan, clock_length
from crisisdesk.incidents.domain.transitions import ORDER
from crisisdesk.incidents.enums import (
    DeadlineKind,
    ItemState,
    Phase,
    PublicationState,
    Status,
)
from crisisdesk.incidents.models import (
    ChecklistItem,
    Incident,
    Publication,
    ScreeningQuestion,
)
from crisisdesk.incidents.queries.situation import needed, questions_of, situation_of
from playbooks.domain.conditions import Repeat, Start

_LATE_PHASES = (Phase.RECOVER, Phase.LEARN)
_ENDS = (Status.RESOLVED, Status.CLOSED)


@dataclass(frozen=True)
class Due:
    """From when and for how long something runs."""

    started_at: datetime
    length: timedelta


@dataclass
class Lookout:
    """The incident at one moment, with all that its plan is read from."""

    incident: Incident
    items: Sequence[ChecklistItem]
    questions: Sequence[ScreeningQuestion]
    said: Mapping[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.situation = situation_of(self.incident, self.questions)

    @cached_property
    def by_key(self) -> dict[str, ChecklistItem]:
        """The items by their keys."""
        return {item.key: item for item in self.items}

    def is_needed(self, row: Any) -> bool:
        """Whether the row's condition holds."""
        return needed(row, self.situation)


def look(incident: Incident, items: Sequence[ChecklistItem]) -> Lookout:
    """Return what the plan is read from, in one query, and one more where items count from publications."""
    counts = any(item.starts.get("event") == "publication" for item in items)
    return Lookout(
        incident, items, questions_of(incident), first_published(incident) if counts else {}
    )


def first_published(incident: Incident) -> dict[str, datetime]:
    """Return the moment at which the first words of each stage went out."""
    rows = Publication.objects.filter(incident=incident, state=PublicationState.PUBLISHED)
    return {
        row["statement__stage"]: row["first"]
        for row in rows.values("statement__stage").annotate(first=Min("published_at"))
    }


def item_due(item: ChecklistItem, seen: Lookout) -> Due | None:
    """Return when the item's next deadline runs, or None while it has none: not needed, not to do, no time for this
    severity, nothing to count from yet, waiting for others, or past the status it lives until."""
    minutes = item_minutes(item, seen.incident.severity)
    if item.state != ItemState.TODO or not minutes or not seen.is_needed(item):
        return None
    if has_ended(seen.incident, lives_until(item)):
        return None
    started = _start(item, seen)
    return Due(started, timedelta(minutes=minutes)) if started else None


def item_minutes(item: ChecklistItem, severity: str) -> int | None:
    """Return how many minutes the item has: its own, or after the first tick those of coming back."""
    minutes = item.repeat["minutes"] if item.times_done and item.repeat else item.minutes
    found: int | None = minutes.get(severity)
    return found


def lives_until(item: ChecklistItem) -> Status:
    """Return the status that ends the item's deadline."""
    repeat = Repeat.read(item.repeat)
    if repeat is not None:
        return Status(repeat.until)
    late = item.phase in _LATE_PHASES or item.starts.get("event") == "resolved"
    return Status.CLOSED if late else Status.RESOLVED


def comes_back(item: ChecklistItem, incident: Incident) -> bool:
    """Whether ticking the item is not the end of it."""
    return bool(item.repeat) and not has_ended(incident, Status(item.repeat["until"]))


def has_ended(incident: Incident, status: Status) -> bool:
    """Whether the incident has come as far as this status."""
    return ORDER[Status(incident.status)] >= ORDER[status]


def waits_for(item: ChecklistItem, seen: Lookout) -> list[ChecklistItem]:
    """Return the items that must be done or skipped before this one's clock runs."""
    others = [seen.by_key[key] for key in item.after if key in seen.by_key]
    return [other for other in others if not _is_settled(other, seen)]


def _is_settled(item: ChecklistItem, seen: Lookout) -> bool:
    """Whether nobody waits for this item any more: done, skipped, done once of many times, or not needed."""
    return item.state != ItemState.TODO or item.times_done > 0 or not seen.is_needed(item)


def _start(item: ChecklistItem, seen: Lookout) -> datetime | None:
    if item.repeat and item.times_done:
        return item.done_at
    started = _event(item, seen)
    if started is None or waits_for(item, seen):
        return None
    others = [seen.by_key[key].done_at for key in item.after if key in seen.by_key]
    return max([started, *(moment for moment in others if moment is not None)])


def _event(item: ChecklistItem, seen: Lookout) -> datetime | None:
    """Return the moment that the item's minutes count from, if it has come."""
    incident, start = seen.incident, Start(**item.starts) if item.starts else Start()
    if start.event == "item":
        other = seen.by_key.get(start.key)
        done = other is not None and (other.state == ItemState.DONE or other.times_done > 0)
        return other.done_at if other and done else None
    moments = {
        "detected": incident.detected_at,
        "opened": incident.opened_at,
        "first_signal": incident.first_signal_at or incident.detected_at,
        "resolved": incident.resolved_at if incident.status in _ENDS else None,
        "publication": seen.said.get(start.key),
    }
    return moments[start.event]


def clock_due(clock: Mapping[str, Any], seen: Lookout) -> Due | None:
    """Return when a clock of the plan runs, or None where it does not: not needed, no time for this severity, past its
    status, or counting from something that only a command can tell."""
    incident = seen.incident
    if clock["from"] == "resolved":
        started = incident.resolved_at if incident.status in _ENDS else None
    else:
        started = incident.detected_at if clock["from"] == "detected" else None
    if started is None or not clock_runs(clock, seen):
        return None
    length = clock_length(clock, incident, start=started)
    return Due(started, length) if length else None


def clock_runs(clock: Mapping[str, Any], seen: Lookout) -> bool:
    """Whether the clock is needed and the incident has not come to its end."""
    return seen.is_needed(clock) and not has_ended(seen.incident, Status(clock["lives_until"]))


def item_plan(item: ChecklistItem, due: Due) -> Plan:
    """Return the deadline of an item."""
    return Plan(
        kind=DeadlineKind.ITEM,
        key=item.key,
        label=item.words,
        started_at=due.started_at,
        length=due.length,
        lives_until=lives_until(item),
        role=item.role,
        subject=("item", item.pk),
        owner_id=item.owner_id,
        channel=item.channel,
        start_event=item.starts.get("event", "detected"),
        is_quiet=not item.required,
        escalate=item.required,
    )


def clock_plan(clock: Mapping[str, Any], due: Due) -> Plan:
    """Return the deadline of one clock of the copied plan."""
    return Plan(
        kind=DeadlineKind(clock["kind"]),
        key=clock["key"],
        label=clock["label"],
        started_at=due.started_at,
        length=due.length,
        lives_until=Status(clock["lives_until"]),
        role=clock["role"],
        start_event=clock["from"],
    )
