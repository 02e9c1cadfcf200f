"""How well the response went: six figures, each with its value, its target and how it ended.

The formulas are pure functions over rows, so that a page, the API and a report can never count
differently. What was not measured stays "not measured": a figure is never filled in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, PublicationState, Stage
from crisisdesk.incidents.models import ActionItem, Commitment, Deadline, Incident, Publication

NOTICED_TARGET = timedelta(minutes=15)  # ours: the first quarter of the golden hour is for noticing
INSIDE = "staff"  # the audience of words that stay in the house
_CLOCKS = (DeadlineKind.ACKNOWLEDGEMENT, DeadlineKind.HOLDING)
_Row = TypeVar("_Row", Publication, Deadline, Commitment, ActionItem)


class Outcome(StrEnum):
    """How a figure ended against its target."""

    MET = "met"
    LATE = "late"
    NOT_YET = "not_yet"
    NO_TARGET = "no_target"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure. `value`, `target` and `over` are minutes, or counts for promises and actions.

    `of` is how many there were in all; `over` is by how much the target was missed (the worst one,
    for promises); `broken` counts promises not kept and actions overdue.
    """

    key: str
    outcome: Outcome
    value: int | None = None
    of: int | None = None
    target: int | None = None
    over: int = 0
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Silence:
    """The longest stretch without a public word; `ended_by_word` is false where it ran until the
    end or still runs.
    """

    start: datetime
    end: datetime
    ended_by_word: bool


@dataclass(frozen=True, slots=True)
class Word:
    """A public word of ours."""

    at: datetime
    stage: str


@dataclass(frozen=True, slots=True)
class Promised:
    """Something promised in public, when it was due and when it was kept."""

    due_at: datetime
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A prevention action: due on a day, done or not."""

    due_on: date
    is_done: bool


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of one incident that the figures are counted from."""

    detected_at: datetime
    first_signal_at: datetime | None
    until: datetime
    at: datetime
    today: date
    words: Sequence[Word] = ()
    first_word_due: datetime | None = None
    full_statement_due: datetime | None = None
    cadence: timedelta | None = None
    promises: Sequence[Promised] = ()
    actions: Sequence[Agreed] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The six figures in their fixed order, and the silence that the fourth one measures."""

    noticed_after: Measure
    first_word_after: Measure
    full_statement_after: Measure
    longest_silence: Measure
    promises_kept: Measure
    actions_open: Measure
    silence: Silence | None = None

    def all(self) -> tuple[Measure, ...]:
        """The six in the order in which they are always shown."""
        return (
            self.noticed_after,
            self.first_word_after,
            self.full_statement_after,
            self.longest_silence,
            self.promises_kept,
            self.actions_open,
        )


def minutes(length: timedelta) -> int:
    """Whole minutes, rounded to the nearest."""
    return round(length.total_seconds() / 60)


def figures(record: Record) -> Figures:
    """Return the six figures of a record."""
    words = sorted(record.words, key=lambda word: word.at)
    first = words[0].at if words else None
    full = next((word.at for word in words if word.stage == Stage.HOLDING), None)
    silence = longest_silence(words, until=record.until)
    return Figures(
        noticed_after=noticed_after(record.first_signal_at, record.detected_at),
        first_word_after=said_after("first_word_after", first, record, due=record.first_word_due),
        full_statement_after=said_after(
            "full_statement_after", full, record, due=record.full_statement_due
        ),
        longest_silence=silence_measure(silence, cadence=record.cadence),
        promises_kept=promises_kept(record.promises, at=record.at),
        actions_open=actions_open(record.actions, today=record.today),
        silence=silence,
    )


def noticed_after(first_signal_at: datetime | None, detected_at: datetime) -> Measure:
    """Minutes from the first public post to our seeing it; not measured while the first post is
    unknown.
    """
    target = minutes(NOTICED_TARGET)
    if first_signal_at is None:
        return Measure("noticed_after", Outcome.NOT_MEASURED, target=target)
    value = max(0, minutes(detected_at - first_signal_at))
    over = max(0, value - target)
    return Measure(
        "noticed_after",
        Outcome.LATE if over else Outcome.MET,
        value=value,
        target=target,
        over=over,
    )


def said_after(
    key: str, said_at: datetime | None, record: Record, *, due: datetime | None
) -> Measure:
    """Minutes from detection to a public word, against the deadline the incident had for it."""
    target = minutes(due - record.detected_at) if due else None
    if said_at is None:
        if due and record.until > due:
            return Measure(key, Outcome.LATE, target=target, over=minutes(record.until - due))
        return Measure(key, Outcome.NOT_YET if due else Outcome.NOT_MEASURED, target=target)
    value = max(0, minutes(said_at - record.detected_at))
    if due is None:
        return Measure(key, Outcome.NO_TARGET, value=value)
    # To the second: a word 20 s late is late, and is then called one minute late.
    late = said_at > due
    over = max(1, minutes(said_at - due)) if late else 0
    return Measure(
        key, Outcome.LATE if late else Outcome.MET, value=value, target=target, over=over
    )


def longest_silence(words: Sequence[Word], *, until: datetime) -> Silence | None:
    """The longest stretch between two public words while the incident was open.

    After the last word it runs on until the end, unless that word said that it was over. Before the
    first word is the business of another figure.
    """
    spoken = [word for word in words if word.at <= until]
    stretches = [
        Silence(before.at, after.at, ended_by_word=True)
        for before, after in zip(spoken, spoken[1:], strict=False)
    ]
    if spoken and spoken[-1].stage != Stage.RESOLUTION:
        stretches.append(Silence(spoken[-1].at, until, ended_by_word=False))
    return max(stretches, key=lambda stretch: stretch.end - stretch.start, default=None)


def silence_measure(silence: Silence | None, *, cadence: timedelta | None) -> Measure:
    """The longest silence in minutes against the promised cadence of updates."""
    target = minutes(cadence) if cadence else None
    if silence is None:
        return Measure("longest_silence", Outcome.NOT_MEASURED, target=target)
    value = minutes(silence.end - silence.start)
    if target is None:
        return Measure("longest_silence", Outcome.NO_TARGET, value=value)
    over = max(0, value - target)
    return Measure(
        "longest_silence",
        Outcome.LATE if over else Outcome.MET,
        value=value,
        target=target,
        over=over,
    )


def promises_kept(promises: Iterable[Promised], *, at: datetime) -> Measure:
    """Promises kept in time of those that fell due; one that is not due yet does not count either
    way.
    """
    due = [promise for promise in promises if promise.kept_at or promise.due_at <= at]
    if not due:
        return Measure("promises_kept", Outcome.NOT_MEASURED)
    broken = [
        promise for promise in due if promise.kept_at is None or promise.kept_at > promise.due_at
    ]
    worst = max(
        (minutes((promise.kept_at or at) - promise.due_at) for promise in broken), default=0
    )
    return Measure(
        "promises_kept",
        Outcome.LATE if broken else Outcome.MET,
        value=len(due) - len(broken),
        of=len(due),
        target=len(due),
        over=max(1, worst) if broken else 0,
        broken=len(broken),
    )


def actions_open(actions: Sequence[Agreed], *, today: date) -> Measure:
    """Prevention actions not done yet; the target is that none of them is overdue."""
    if not actions:
        return Measure("actions_open", Outcome.NOT_MEASURED, target=0)
    waiting = [action for action in actions if not action.is_done]
    overdue = [action for action in waiting if action.due_on < today]
    return Measure(
        "actions_open",
        Outcome.LATE if overdue else Outcome.MET,
        value=len(waiting),
        of=len(actions),
        target=0,
        over=max(((today - action.due_on).days for action in overdue), default=0),
        broken=len(overdue),
    )


def of_incident(incident: Incident, *, at: datetime) -> Figures:
    """Return the six figures of one incident as they stood at that moment."""
    return of_incidents([incident], at=at)[incident.pk]


def of_incidents(incidents: Sequence[Incident], *, at: datetime) -> dict[int, Figures]:
    """Return the six figures of many incidents in four queries, however many they are."""
    ids = [incident.pk for incident in incidents]
    words = Publication.objects.filter(incident__in=ids, state=PublicationState.PUBLISHED)
    parts = ("published_at", "incident_id", "statement__audience", "statement__stage")
    posts = _by_incident(words.select_related("statement").only(*parts))
    clocks = Deadline.objects.filter(incident__in=ids, subject_kind="incident", kind__in=_CLOCKS)
    deadlines = _by_incident(clocks)
    commitments = _by_incident(Commitment.objects.filter(incident__in=ids))
    actions = _by_incident(ActionItem.objects.filter(incident__in=ids))
    return {
        incident.pk: of_rows(
            incident,
            publications=posts[incident.pk],
            deadlines=deadlines[incident.pk],
            commitments=commitments[incident.pk],
            actions=actions[incident.pk],
            at=at,
        )
        for incident in incidents
    }


def of_rows(
    incident: Incident,
    *,
    publications: Iterable[Publication],
    deadlines: Iterable[Deadline],
    commitments: Iterable[Commitment],
    actions: Iterable[ActionItem],
    at: datetime,
) -> Figures:
    """Return the six figures of one incident from its rows, which may hold more than the figures count: what was
    published, every deadline, every promise and every action."""
    clocks: dict[str, datetime] = {}
    for row in sorted(deadlines, key=lambda row: row.pk):
        is_plans = row.subject_kind == "incident" and row.kind in _CLOCKS
        if is_plans and row.state not in (DeadlineState.CANCELLED, DeadlineState.WAIVED):
            clocks.setdefault(row.kind, row.due_at)
    return figures(
        Record(
            detected_at=incident.detected_at,
            first_signal_at=incident.first_signal_at,
            until=min(incident.resolved_at or incident.closed_at or at, at),
            at=at,
            today=at.astimezone(ZoneInfo(incident.brand.zone)).date(),
            words=[
                Word(row.published_at, row.statement.stage)
                for row in publications
                if row.published_at and row.published_at <= at and row.statement.audience != INSIDE
            ],
            first_word_due=clocks.get(DeadlineKind.ACKNOWLEDGEMENT),
            full_statement_due=clocks.get(DeadlineKind.HOLDING),
            cadence=cadence(incident),
            promises=[
                Promised(row.due_at, row.kept_at) for row in commitments if row.made_at <= at
            ],
            actions=[
                Agreed(row.due_date, row.done_at is not None and row.done_at <= at)
                for row in actions
                if row.is_prevention
            ],
        )
    )


def _by_incident(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.incident_id].append(row)
    return found


def cadence(incident: Incident) -> timedelta | None:
    """Return how often the plan promises an update at the incident's severity."""
    for clock in incident.plan.get("clocks", []):
        if clock["kind"] == DeadlineKind.UPDATE and clock.get("minutes", {}).get(incident.severity):
            return timedelta(minutes=clock["minutes"][incident.severity])
    return None
