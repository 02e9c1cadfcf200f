"""One person is left alone by one deadline for a while; others are reminded, told of it, and the steps go on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from crisisdesk.core.errors import Invalid, NotAllowed, Stale
from crisisdesk.incidents.domain import auditor, reminders, roles, snoozing
from crisisdesk.incidents.models import Deadline, Incident, Reminder, TimelineEvent
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def spoken(desk: Desk, incident: Incident) -> Deadline:
    """The deadline of the first full words, with somebody who writes them."""
    roles.assign_role(
        incident_id=incident.pk, role="spokesperson", user=desk.staff, actor=desk.actor("lead"),
        at=NOON,
    )  # fmt: skip
    return Deadline.objects.get(incident=incident, kind="holding")


def told_at(deadline: Deadline, person: object) -> list[int]:
    """Return at which minutes reminders of the deadline reached the person."""
    rows = Notification.objects.filter(
        recipient=person, transport="inbox", kind__in=["reminder_due", "escalated"],
        data__deadline=deadline.pk,
    )  # fmt: skip
    return [int((row.created_at - NOON) / MINUTE) for row in rows.order_by("created_at")]


def ring(until: int, start: int = 1) -> None:
    """Sweep every minute."""
    for minute in range(start, until + 1):
        reminders.fire_due(at=NOON + minute * MINUTE)


def test_the_person_hears_of_it_once_at_that_time_and_the_others_as_before(
    desk: Desk, incident: Incident
) -> None:
    row = spoken(desk, incident)
    until = NOON + 55 * MINUTE
    snoozing.snooze(
        deadline_id=row.pk, until=until, actor=desk.actor("staff"), at=NOON + 20 * MINUTE
    )
    ring(80)
    assert told_at(row, desk.staff) == [55, 60, 75]
    assert told_at(row, desk.lead) == [75]
    row.refresh_from_db()
    assert (row.state, row.due_at) == ("running", NOON + 60 * MINUTE)
    event = TimelineEvent.objects.get(kind="deadline_snoozed")
    assert (event.data["user"], event.data["seconds"]) == (desk.staff.pk, 35 * 60)
    heard = Notification.objects.filter(kind="deadline_snoozed", transport="inbox")
    others = set(heard.values_list("recipient_id", flat=True))
    assert desk.staff.pk not in others and {desk.deputy.pk, desk.lead.pk} <= others


def test_the_steps_go_on_while_somebody_is_left_alone(desk: Desk, incident: Incident) -> None:
    row = spoken(desk, incident)
    snoozing.snooze(
        deadline_id=row.pk, until=NOON + 119 * MINUTE, actor=desk.actor("staff"),
        at=NOON + 61 * MINUTE,
    )  # fmt: skip
    ring(110, start=61)
    assert told_at(row, desk.lead) == [75]
    assert told_at(row, desk.executive) == [105]
    assert [at for at in told_at(row, desk.staff) if at > 61] == []
    assert not auditor.without_alarm(at=NOON + 110 * MINUTE).filter(pk=row.pk).exists()


def test_who_is_not_reminded_has_nothing_to_silence(desk: Desk, incident: Incident) -> None:
    row = Deadline.objects.get(incident=incident, kind="holding")
    for name in ("staff", "observer", "approver"):
        with pytest.raises(NotAllowed, match="not_reminded"):
            snoozing.snooze(
                deadline_id=row.pk, until=NOON + 10 * MINUTE, actor=desk.actor(name), at=NOON
            )
    assert not Reminder.objects.filter(person__isnull=False).exists()


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (NOON, NOON),
        (NOON, NOON + 61 * MINUTE),
        (NOON + 90 * MINUTE, NOON + 151 * MINUTE),
    ],
)
def test_a_time_behind_or_too_far_ahead_is_refused(
    desk: Desk, incident: Incident, at: datetime, until: datetime
) -> None:
    row = Deadline.objects.get(incident=incident, kind="holding")
    with pytest.raises(Invalid, match="snooze_time"):
        snoozing.snooze(deadline_id=row.pk, until=until, actor=desk.actor("lead"), at=at)
    assert not TimelineEvent.objects.filter(kind="deadline_snoozed").exists()


def test_three_times_and_no_more_and_never_over_another_press(
    desk: Desk, incident: Incident
) -> None:
    row = Deadline.objects.get(incident=incident, kind="holding")
    lead, was = desk.actor("lead"), None
    for minute in (10, 20, 30):
        until = NOON + minute * MINUTE
        with pytest.raises(Stale, match="snooze_changed"):
            snoozing.snooze(deadline_id=row.pk, until=until, was=until, actor=lead, at=NOON)
        snoozing.snooze(deadline_id=row.pk, until=until, was=was, actor=lead, at=NOON)
        was = until
    assert [r.due_at for r in Reminder.objects.filter(person=desk.lead, state="pending")] == [was]
    with pytest.raises(Invalid, match="snoozed_enough"):
        snoozing.snooze(deadline_id=row.pk, until=NOON + 40 * MINUTE, was=was, actor=lead, at=NOON)


def test_who_says_they_have_it_is_seen_and_nobody_says_so_over_them(
    desk: Desk, incident: Incident
) -> None:
    row = Deadline.objects.get(incident=incident, kind="holding")
    snoozing.acknowledge(deadline_id=row.pk, actor=desk.actor("staff"), at=NOON)
    with pytest.raises(Stale, match="acknowledged_before"):
        snoozing.acknowledge(deadline_id=row.pk, actor=desk.actor("lead"), at=NOON)
    row.refresh_from_db()
    assert (row.acknowledged_by, row.acknowledged_at) == (desk.staff, NOON)
    assert row.reminders.filter(state="pending").exists()


def _alone(function: Callable[[], object]) -> object:
    """Run in a thread and give its connection back."""
    try:
        return function()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_eight_presses_silence_once_and_eight_sweeps_ring_once() -> None:
    desk = make_desk()
    incident = make_incident(desk)
    row = Deadline.objects.get(incident=incident, kind="holding")
    until = NOON + 20 * MINUTE

    def press() -> str:
        try:
            snoozing.snooze(deadline_id=row.pk, until=until, actor=desk.actor("lead"), at=NOON)
        except Stale as refused:
            return refused.code
        return "silenced"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: _alone(press), range(8)))
    assert sorted(map(str, said)) == ["silenced"] + ["snooze_changed"] * 7
    one = Reminder.objects.get(person=desk.lead)
    Reminder.objects.exclude(pk=one.pk).update(state="cancelled")
    with ThreadPoolExecutor(8) as pool:
        fired = list(pool.map(lambda _: _alone(lambda: reminders.fire_due(at=until)), range(8)))
    assert sum(map(int, map(str, fired))) == 1
    assert told_at(row, desk.lead) == [20]
