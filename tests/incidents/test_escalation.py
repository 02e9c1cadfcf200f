"""Alarms as the copied plan has them: at which shares, up which steps, to whom, by what, until when, and how often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.incidents.domain import (
    auditor,
    deadlines,
    lifecycle,
    reminders,
    roles,
    snoozing,
)
from crisisdesk.incidents.models import Deadline, Incident, Reminder, TimelineEvent
from crisisdesk.incidents.queries import calling
from crisisdesk.notifications.models import Notification
from playbooks.models import PlaybookRevision
from tests.factories.incidents import Desk, make_incident, revision_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def planned(desk: Desk, *steps: dict[str, Any], **rules: Any) -> Incident:
    """Return an incident whose playbook has these steps and rules of ringing."""
    old = revision_of("fake-support-account")
    content = {
        **old.content,
        "schema": 3,
        "escalation": [{"origin": "ours", **step} for step in steps],
        "reminders": rules,
    }
    made = PlaybookRevision.objects.create(
        playbook=old.playbook, number=old.number + 1, schema=3, content=content,
        content_hash=f"{steps}{rules}"[:64], created_at=NOON,
    )  # fmt: skip
    return make_incident(desk, revision=made)


def holding(incident: Incident) -> Deadline:
    """The deadline of the first full words: an hour."""
    return Deadline.objects.get(incident=incident, kind="holding")


def ring(until: int, *, start: int = 1) -> None:
    """Sweep every minute until then."""
    for minute in range(start, until + 1):
        reminders.fire_due(at=NOON + minute * MINUTE)


def rung(deadline: Deadline) -> list[tuple[str, int]]:
    """Return what the timeline says of the deadline's alarms: kind and the minute since noon."""
    events = TimelineEvent.objects.filter(
        data__deadline=deadline.pk, kind__in=["reminder_due", "escalated", "reminders_stopped"]
    )
    return [
        (event.kind, int((event.occurred_at - NOON) / MINUTE))
        for event in events.order_by("number")
    ]


def told(kind: str, deadline: Deadline) -> set[int]:
    """Return whom this news of the deadline reached."""
    rows = Notification.objects.filter(kind=kind, data__deadline=deadline.pk)
    return set(rows.values_list("recipient_id", flat=True))


def test_the_plan_says_at_which_shares_and_to_whom_after_how_many_minutes(desk: Desk) -> None:
    incident = planned(
        desk,
        {"after_minutes": 10, "who": "brand_approver", "transports": ["email"]},
        {"after_minutes": 20, "who": "person", "person": desk.observer.email},
        first=25, every=50, most=6,
    )  # fmt: skip
    row = holding(incident)
    ring(200)
    assert rung(row) == [
        ("reminder_due", 15),
        ("reminder_due", 60),
        ("escalated", 70),
        ("escalated", 80),
        ("escalated", 109),
        ("escalated", 139),
        ("reminders_stopped", 140),
    ]
    why = {
        (note.recipient_id, note.why)
        for note in Notification.objects.filter(kind="escalated", data__deadline=row.pk)
    }
    assert (desk.approver.pk, "step:1") in why and (desk.deputy.pk, "step:1") in why
    assert (desk.observer.pk, "step:2") in why and (desk.lead.pk, "lead") in why


def test_after_the_last_step_it_rings_on_and_stops_with_a_number_once(
    desk: Desk, incident: Incident
) -> None:
    row = holding(incident)
    ring(300)
    minutes = [minute for kind, minute in rung(row) if kind != "reminders_stopped"]
    assert minutes == [30, 48, 60, 75, 90, 105, 120, 135]
    assert rung(row)[-1][0] == "reminders_stopped"
    row.refresh_from_db()
    assert (row.state, row.times_rung, row.stopped_at) == ("running", 8, NOON + 135 * MINUTE)
    assert told("reminders_stopped", row) == {desk.lead.pk}
    said = TimelineEvent.objects.filter(kind="reminders_stopped", data__deadline=row.pk)
    assert [event.data["times"] for event in said] == [8]
    assert not auditor.without_alarm(at=NOON + 301 * MINUTE).exists()


def test_a_cap_before_the_due_time_is_a_reason_for_the_auditor(desk: Desk) -> None:
    incident = planned(desk, first=50, second=80, most=3)
    row = holding(incident)
    assert row.reminders.count() == 3
    Reminder.objects.filter(deadline=row, percent=100).delete()
    Deadline.objects.filter(pk=row.pk).update(stopped_at=NOON)
    assert row not in auditor.without_alarm(at=NOON + MINUTE)
    Deadline.objects.filter(pk=row.pk).update(stopped_at=None)
    Reminder.objects.filter(deadline=row).delete()
    assert row in auditor.without_alarm(at=NOON + MINUTE)


def test_without_ringing_on_the_last_step_is_the_last_alarm(desk: Desk) -> None:
    incident = planned(desk, {"after_percent": 125, "who": "lead"}, first=50, most=4)
    row = holding(incident)
    ring(300)
    assert [minute for _, minute in rung(row)] == [30, 60, 75, 90, 90]


@pytest.mark.parametrize("act", ["acknowledge", "contain"])
def test_a_step_rings_only_until_what_it_names(desk: Desk, act: str) -> None:
    until = {"acknowledge": "acknowledged", "contain": "contained"}[act]
    incident = planned(
        desk, {"after_percent": 125, "who": "executive", "until": until}, first=50, most=4
    )
    row = holding(incident)
    ring(61)
    if act == "acknowledge":
        snoozing.acknowledge(deadline_id=row.pk, actor=desk.actor("staff"), at=NOON + 62 * MINUTE)
    else:
        Incident.objects.filter(pk=incident.pk).update(status="contained")
    ring(300, start=62)
    assert [minute for _, minute in rung(row)] == [30, 60]
    assert set(row.reminders.values_list("state", flat=True)) == {"fired", "cancelled"}
    assert not auditor.without_alarm(at=NOON + 301 * MINUTE).filter(pk=row.pk).exists()


def test_whoever_leaves_is_reached_by_the_lead_instead_and_the_event_says_so(desk: Desk) -> None:
    incident = planned(
        desk, {"after_percent": 125, "who": "person", "person": desk.observer.email}, first=50
    )
    desk.observer.is_active = False
    desk.observer.save()
    row = holding(incident)
    ring(76)
    event = TimelineEvent.objects.get(kind="escalated", data__deadline=row.pk)
    assert event.data["instead"] is True
    assert told("escalated", row) == {desk.lead.pk}


def test_a_restricted_incident_is_told_to_nobody_who_may_not_see_it(desk: Desk) -> None:
    incident = planned(desk, {"after_percent": 125, "who": "executive"})
    roles.restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=NOON)
    incident.refresh_from_db()
    step = calling.steps_of(incident)[0]
    assert calling.named_by(incident, step, None, at=NOON) == set()
    row = holding(incident)
    ring(76)
    assert desk.executive.pk not in told("escalated", row)


def test_later_changes_of_the_playbook_never_move_a_live_response(desk: Desk) -> None:
    incident = planned(desk, {"after_percent": 125, "who": "lead"}, first=50)
    planned(desk, {"after_percent": 300, "who": "executive"}, first=10)
    incident.refresh_from_db()
    assert incident.plan["reminders"]["shares"] == [50]
    assert [step.who for step in calling.steps_of(incident)] == ["lead"]


def test_a_met_a_waived_and_a_moved_deadline_ring_no_more(desk: Desk, incident: Incident) -> None:
    row, lead = holding(incident), desk.actor("lead")
    before = set(row.reminders.values_list("pk", flat=True))
    lifecycle.change_severity(incident_id=incident.pk, to="sev1", actor=lead, at=NOON + MINUTE)
    row = Deadline.objects.filter(incident=incident, kind="acknowledgement", state="running").get()
    pending = row.reminders.filter(state="pending")
    assert not before & set(pending.values_list("pk", flat=True))
    assert {alarm.due_at for alarm in pending.filter(percent=100)} == {row.due_at}
    deadlines.waive(deadline_id=row.pk, reason="No", actor=lead, at=NOON + 2 * MINUTE)
    assert not row.reminders.filter(state="pending").exists()


def test_the_role_that_comes_later_is_reached(desk: Desk) -> None:
    incident = planned(desk, {"after_percent": 125, "who": "monitor"}, first=50, most=4)
    row = holding(incident)
    ring(61)
    roles.assign_role(
        incident_id=incident.pk, role="monitor", user=desk.staff, actor=desk.actor("lead"),
        at=NOON + 62 * MINUTE,
    )  # fmt: skip
    ring(76, start=62)
    assert desk.staff.pk in told("escalated", row)
