"""The digest of the morning: what is overdue, what is due today, what waits to be read; once a person and working day.

A working day is one on which at least one of the person's brands works by its own calendar: a weekend or a holiday of
all of them brings none. Every person who works has one morning ahead, a row with the time at which it is due (law 4).
A sweep claims what is due row by row under the row's lock, so two sweeps make one digest. A morning that was missed is
made late until noon; after that it is skipped, and the next one says so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from crisisdesk.core.working_calendar import is_off
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries import desk
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.notifications.enums import MorningState
from crisisdesk.notifications.models import Morning, MorningTime
from crisisdesk.notifications.queries.preferences import (
    last_days,
    last_morning,
    morning_minutes,
)
from crisisdesk.notifications.rules.quiet import moment_of
from crisisdesk.organisation.models import Membership, User
from crisisdesk.organisation.queries.calendars import calendars_of
from playbooks.queries.reviews import to_review

if TYPE_CHECKING:
    from crisisdesk.core.working_calendar import WorkCalendar

logger = logging.getLogger(__name__)

TOPIC = KIND = "morning"
BATCH = 200
NOON = 12 * 60
MOST = 8  # lines of each part; the digest says how many there are
_AHEAD = 100  # days looked through; a brand names at most 60 of its own on which it is off


def fire_mornings(*, at: datetime, limit: int = BATCH) -> int:
    """Make what is due and set the next mornings; return how many digests were told. Safe in any number of workers at
    once."""
    set_ahead(_without_one(), at=at)
    due = Morning.objects.filter(state=MorningState.PENDING, due_at__lte=at)
    rows = list(due.order_by("due_at", "pk").values_list("pk", "user_id")[:limit])
    calendars = calendars_of({user for _, user in rows}) if rows else {}
    return sum(_fire_safely(pk, calendars.get(user, []), at=at) for pk, user in rows)


def _fire_safely(pk: int, calendars: Sequence[WorkCalendar], *, at: datetime) -> bool:
    try:
        return _fire(pk, calendars, at=at)
    except Exception:
        # One person's morning must not silence the others; the next sweep tries it again.
        logger.exception("morning %s failed", pk)
        return False


@transaction.atomic
def _fire(pk: int, calendars: Sequence[WorkCalendar], *, at: datetime) -> bool:
    rows = Morning.objects.select_for_update(of=("self",), skip_locked=True)
    row = rows.select_related("user").filter(pk=pk, state=MorningState.PENDING).first()
    if row is None:  # another sweep has it
        return False
    if not _works(calendars, row.day):
        # They have left the brand that works on it; the next sweep sets another.
        row.delete()
        return False
    if at >= moment_of(row.day, NOON, place=ZoneInfo(row.user.zone)):
        row.state = MorningState.SKIPPED
    else:
        row.state = _tell(row, at=at)
    row.settled_at = at
    row.save(update_fields=["state", "settled_at", "incidents"])
    return row.state == MorningState.SENT


def _tell(row: Morning, *, at: datetime) -> MorningState:
    data, about = contents(row.user, day=row.day, at=at)
    if not data:
        return MorningState.EMPTY
    before = last_morning(row.user)
    if before is not None and before.state == MorningState.SKIPPED:
        data["missed"] = before.day.isoformat()
    row.incidents = sorted({incident.pk for incident in about})
    message = Message(
        recipient_id=row.user_id,
        topic=TOPIC,
        topic_id=row.pk,
        kind=KIND,
        data=data,
        dedupe_key=f"{TOPIC}:{row.user_id}:{row.day.isoformat()}",
    )
    enqueue_many([message], at=at)
    return MorningState.SENT


def contents(user: User, *, day: date, at: datetime) -> tuple[dict[str, Any], list[Incident]]:
    """Return what the person's morning tells, and of which incidents; nothing where nothing waits."""
    found = desk.my_desk(user, at=at)
    incidents = [row.incident for row in found.incidents]
    mine = [
        promise
        for promise in desk.without_twins(desk.running_promises(incidents))
        if promise.is_mine(user) or (not promise.holders and promise.incident.lead_id == user.pk)
    ]
    midnight = moment_of(day + timedelta(days=1), 0, place=ZoneInfo(user.zone))
    late = [promise for promise in mine if promise.deadline.due_at <= at]
    today = [promise for promise in mine if at < promise.deadline.due_at < midnight]
    waiting = list(found.words_waiting)
    playbooks = sum(each.late > 0 for each in to_review(user, at=at))
    if not (late or today or waiting or playbooks):
        return {}, []
    data = {
        "day": day.isoformat(),
        "late": _lines(late),
        "today": _lines(today),
        "words": [
            {"reference": each.statement.incident.reference, "title": each.statement.incident.title}
            for each in waiting[:MOST]
        ],
        "counts": {
            "late": len(late), "today": len(today), "words": len(waiting), "playbooks": playbooks,
        },
    }  # fmt: skip
    told = [promise.incident for promise in late[:MOST] + today[:MOST]]
    return data, told + [each.statement.incident for each in waiting[:MOST]]


def _lines(promises: list[desk.Promise]) -> list[dict[str, Any]]:
    return [
        {
            "reference": promise.incident.reference,
            "title": promise.incident.title,
            "label": promise.deadline.label,
            "due_at": promise.deadline.due_at.isoformat(),
        }
        for promise in promises[:MOST]
    ]


def _without_one() -> QuerySet[User]:
    """Return the people who work for a brand, want the digest and have no morning ahead."""
    ahead = Morning.objects.filter(user=OuterRef("pk"), state=MorningState.PENDING)
    unwanted = MorningTime.objects.filter(user=OuterRef("pk"), enabled=False)
    member = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(member), ~Exists(ahead), ~Exists(unwanted), is_active=True)


def set_ahead(people: Iterable[User], *, at: datetime) -> None:
    """Give each of these people their next morning; a fixed number of queries however many they are."""
    wanted = {person.pk: person for person in people}
    if not wanted:
        return
    minutes, done, calendars = morning_minutes(wanted), last_days(wanted), calendars_of(wanted)
    rows = []
    for pk, person in wanted.items():
        found = next_morning(
            calendars[pk], zone=person.zone, minute=minutes[pk], done=done.get(pk), at=at
        )
        if found is not None:
            rows.append(Morning(user=person, day=found[0], due_at=found[1]))
    Morning.objects.bulk_create(rows, ignore_conflicts=True)


def next_morning(
    calendars: Sequence[WorkCalendar], *, zone: str, minute: int, done: date | None, at: datetime
) -> tuple[date, datetime] | None:
    """Return the next day after `done` on which at least one of these brands works, and when the clock of the person's
    zone shows that minute on it; None where no day is a working day."""
    place = ZoneInfo(zone)
    today = at.astimezone(place).date()
    for ahead in range(_AHEAD):
        day = today + timedelta(days=ahead)
        due = moment_of(day, minute, place=place)
        if due > at and (done is None or day > done) and _works(calendars, day):
            return day, due
    return None


def _works(calendars: Iterable[WorkCalendar], day: date) -> bool:
    return not all(is_off(each, day) for each in calendars)
