"""The sweep that trusts no other sweep: it proves that the clocks, the outbox and the histories are as they must be.

It never acts for a person. What is safe to mend it mends (an alarm put back, a row freed); a broken history is only
shown. Everything it does may be done twice, and every part is bounded, so that it can never be too slow to run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.enums import DeadlineState, FindingKind, ReminderState
from crisisdesk.incidents.models import ChainCheck, Deadline, Finding, Incident, Reminder
from crisisdesk.notifications.domain import auditing
from crisisdesk.notifications.domain.auditing import Waiting

LATE = timedelta(minutes=2)  # sweeps come every few seconds
MOST_DEADLINES = 200
MOST_EVENTS = 10_000
MOST_INCIDENTS = 50
CHAIN_EVERY = timedelta(hours=1)
SAME = timedelta(hours=1)  # what is mended again within this time is one finding
KEPT = timedelta(days=90)
MOST_FAULTS = 20  # of one history; the first ones tell where it broke


@dataclass(frozen=True)
class Audit:
    """What one run saw."""

    found: int
    repaired: int
    events: int

    def __str__(self) -> str:
        return f"{self.found} found, {self.repaired} repaired, {self.events} events proven"


def audit(*, at: datetime) -> Audit:
    """Prove every part once, mend what is safe to mend, keep what was found; many workers may do it at once."""
    repaired = _deadlines(at)
    shown = _outbox(
        FindingKind.ALARMS_LATE, lambda: _late_alarms(at), at=at, repairs=False
    ) + _outbox(FindingKind.MESSAGES_LATE, lambda: auditing.overdue(at=at), at=at, repairs=False)
    repaired += _outbox(
        FindingKind.LEASES_OVER, lambda: auditing.free_expired_leases(at=at), at=at, repairs=True
    )
    repaired += _outbox(
        FindingKind.MESSAGES_UNDATED, lambda: auditing.date_undated(at=at), at=at, repairs=True
    )
    broken, events = _chains(at)
    Finding.objects.filter(gone_at__lt=at - KEPT).delete()
    return Audit(found=repaired + shown + broken, repaired=repaired, events=events)


def without_alarm(*, at: datetime) -> QuerySet[Deadline]:
    """Return the running deadlines that nothing will ring for although something should.

    A deadline has an alarm ahead, or a reason for none: it has rung as often as its plan allows, or the alarm of its
    due time has rung, or stays silent because the deadline was opened again after it. What rings for one person alone,
    who asked to be left alone until then, is no alarm of the deadline.
    """
    alarms = Reminder.objects.filter(deadline=OuterRef("pk"), person=None)
    # Alarms are dated from whole seconds of length, due times are not.
    when_due = alarms.filter(due_at__gte=OuterRef("due_at") - timedelta(seconds=1))
    return Deadline.objects.filter(
        ~Exists(alarms.filter(state=ReminderState.PENDING)),
        Q(due_at__gt=at) & ~Exists(when_due.filter(state=ReminderState.FIRED))
        | Exists(alarms.filter(state=ReminderState.CANCELLED, due_at__gt=at))
        | ~Exists(when_due),
        state=DeadlineState.RUNNING,
        stopped_at=None,
    ).order_by("due_at", "pk")


def _deadlines(at: datetime) -> int:
    """Give every deadline that lost its alarms one that rings; returns how many."""
    lost: dict[int, list[int]] = {}
    for pk, incident in without_alarm(at=at).values_list("pk", "incident_id")[:MOST_DEADLINES]:
        lost.setdefault(incident, []).append(pk)
    return sum(_put_back(incident, lost[incident], at) for incident in sorted(lost))


@transaction.atomic
def _put_back(incident_id: int, deadline_ids: list[int], at: datetime) -> int:
    """Let what was cancelled and lies ahead ring again; where nothing does, make one alarm for the due time or now.

    Returns how many deadlines were mended.
    """
    locked = (
        Incident.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=incident_id)
        .first()
    )
    if locked is None:
        return 0  # somebody works on it, and may be about to mend it: the next run looks again
    mended = 0
    for deadline in without_alarm(at=at).filter(pk__in=deadline_ids):
        rows = Reminder.objects.filter(deadline=deadline, person=None)
        if not rows.filter(state=ReminderState.CANCELLED, due_at__gt=at).update(
            state=ReminderState.PENDING
        ):
            due_at = max(deadline.due_at, at)
            Reminder.objects.update_or_create(
                deadline=deadline,
                percent=100,
                due_at=due_at,
                person=None,
                defaults={"incident": locked, "state": ReminderState.PENDING},
            )
        _note(FindingKind.ALARM_MISSING, at=at, deadline=deadline, repaired=True)
        mended += 1
    return mended


def _late_alarms(at: datetime) -> Waiting:
    waiting = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lt=at - LATE)
    found = list(waiting.order_by("due_at").values_list("due_at", flat=True)[: auditing.MOST])
    return Waiting(len(found), found[0] if found else None)


@transaction.atomic
def _outbox(kind: FindingKind, look: Callable[[], Waiting], *, at: datetime, repairs: bool) -> int:
    """Note what is found of this kind, or that it is gone; returns 1 or 0."""
    found = look()
    if found.count:
        _note(kind, at=at, count=found.count, since=found.since, repaired=repairs)
        return 1
    Finding.objects.filter(kind=kind, gone_at=None).update(gone_at=at)
    return 0


def _chains(at: datetime) -> tuple[int, int]:
    """Prove the histories that were proven longest ago, so many events as one run may; returns how many of them are
    broken, and the events looked at."""
    broken, left = 0, MOST_EVENTS
    oldest = Incident.objects.filter(
        Q(chain_check=None)
        | Q(chain_check__checked_at=None)
        | Q(chain_check__checked_at__lt=at - CHAIN_EVERY)
    ).order_by(F("chain_check__checked_at").asc(nulls_first=True), "pk")
    for incident in oldest[:MOST_INCIDENTS]:
        if left <= 0:
            break
        is_broken, looked = _prove(incident, left, at)
        broken += is_broken
        left -= max(1, looked)
    return broken, MOST_EVENTS - max(0, left)


@transaction.atomic
def _prove(incident: Incident, limit: int, at: datetime) -> tuple[bool, int]:
    """Prove one history from where the last run stopped, as far as `limit` events go."""
    ChainCheck.objects.get_or_create(incident=incident)
    check = ChainCheck.objects.select_for_update(skip_locked=True).filter(incident=incident).first()
    if check is None:  # another auditor is at it
        return False, 0
    faults, place = timeline.verify_part(
        incident, timeline.Place(check.number, check.hash), limit=limit
    )
    looked = (place.number if place else incident.last_number) - check.number
    check.faults = (check.faults + [[fault.number, fault.what] for fault in faults])[:MOST_FAULTS]
    if check.faults:
        _note(FindingKind.CHAIN_BROKEN, at=at, incident=incident, faults=check.faults)
    is_broken = bool(check.faults)
    if place is None:
        if not is_broken:
            Finding.objects.filter(
                kind=FindingKind.CHAIN_BROKEN, incident=incident, gone_at=None
            ).update(gone_at=at)
        check.checked_at, check.faults = at, []
    check.number, check.hash = (place.number, place.hash) if place else (0, "")
    check.save()
    return is_broken, looked


def _note(
    kind: FindingKind,
    *,
    at: datetime,
    incident: Incident | None = None,
    deadline: Deadline | None = None,
    count: int = 1,
    since: datetime | None = None,
    faults: list[Any] | None = None,
    repaired: bool = False,
) -> None:
    """Keep one finding of this kind and subject: a new one, or the one that is open or was mended a while ago."""
    subject = {
        "incident_id": incident.pk if incident else deadline.incident_id if deadline else None,
        "deadline_id": deadline.pk if deadline else None,
    }
    seen = {
        "count": count,
        "since": since,
        "faults": faults or [],
        "seen_at": at,
        "repaired_at": at if repaired else None,
        "gone_at": at if repaired else None,
    }
    known = (
        Finding.objects.filter(Q(gone_at=None) | Q(gone_at__gt=at - SAME), kind=kind, **subject)
        .order_by(F("gone_at").desc(nulls_first=True), "-pk")
        .values_list("pk", flat=True)
        .first()
    )
    if known is None:
        Finding.objects.create(kind=kind, found_at=at, **subject, **seen)
    else:
        Finding.objects.filter(pk=known).update(**seen)
