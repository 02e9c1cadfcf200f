"""What is due reaches the right person, once, whoever sweeps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from crisisdesk.core.errors import Invalid, NotAllowed
from crisisdesk.incidents.domain import (
    approving,
    checklist,
    deadlines,
    drafting,
    lifecycle,
    reminders,
    roles,
    timeline,
)
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, Reminder, TimelineEvent
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import Desk, make_desk, make_incident, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def _mails(person: object, kind: str) -> int:
    return Notification.objects.filter(recipient=person, transport="email", kind=kind).count()


def test_alarms_ring_at_half_at_four_fifths_when_due_and_up_the_steps(
    desk: Desk, incident: Incident
) -> None:
    roles.assign_role(
        incident_id=incident.pk,
        role="spokesperson",
        user=desk.staff,
        actor=desk.actor("lead"),
        at=NOON,
    )
    holding = Deadline.objects.get(incident=incident, kind="holding")
    for minute in range(1, 110):
        reminders.fire_due(at=NOON + minute * MINUTE)
    events = TimelineEvent.objects.filter(incident=incident, data__deadline=holding.pk).order_by(
        "number"
    )
    assert [(row.kind, row.data["percent"]) for row in events] == [
        ("reminder_due", 50),
        ("reminder_due", 80),
        ("reminder_due", 100),
        ("escalated", 125),
        ("escalated", 150),
        ("escalated", 175),
    ]
    assert [row.data.get("who") for row in events][3:] == ["lead", "deputy", "executive"]
    to_staff = Notification.objects.filter(
        recipient=desk.staff, transport="email", data__deadline=holding.pk
    )
    assert to_staff.count() == 6
    told_last = Notification.objects.filter(
        transport="email", data__deadline=holding.pk, data__who="executive"
    )
    assert {row.recipient_id for row in told_last} == {desk.staff.pk, desk.executive.pk}


def test_alarms_that_fail_never_hide_those_behind_them(
    desk: Desk, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_incident(desk, at=NOON + MINUTE)
    at = NOON + 200 * MINUTE
    due = Reminder.objects.filter(state="pending", due_at__lte=at)
    behind = due.filter(incident=other).count()
    fire = reminders._fire

    def fail_for_the_first(incident_id: int, ids: list[int], **at: object) -> int:
        if incident_id == incident.pk:
            raise RuntimeError("poisoned")
        return fire(incident_id, ids, **at)

    monkeypatch.setattr(reminders, "BATCH", 2)
    monkeypatch.setattr(reminders, "_fire", fail_for_the_first)
    assert reminders.fire_all(clock=lambda: at) == behind > 2
    assert set(due.values_list("incident", flat=True)) == {incident.pk}
    monkeypatch.setattr(reminders, "_fire", fire)
    reminders.fire_all(clock=lambda: at)
    assert not due.exists()


def test_days_of_a_clock_end_at_the_same_time_in_the_brands_zone(
    desk: Desk, incident: Incident
) -> None:
    clock = {"days": {"sev2": 5}, "minutes": {}}
    before_winter = datetime(2026, 10, 22, 9, tzinfo=UTC)  # clocks go back on 25 October in Israel
    for zone, hours in (("Asia/Jerusalem", 121), ("Asia/Riyadh", 120)):
        incident.brand.zone = zone
        length = deadlines.clock_length(clock, incident, start=before_winter)
        assert length == timedelta(hours=hours), zone
    minutes = deadlines.clock_length({"minutes": {"sev2": 60}}, incident, start=before_winter)
    assert minutes == timedelta(hours=1)
    assert deadlines.clock_length({"days": {"sev1": 5}}, incident, start=before_winter) is None


def test_a_deadline_that_nobody_has_is_told_to_the_lead(desk: Desk, incident: Incident) -> None:
    reminders.fire_due(at=NOON + 16 * MINUTE)
    row = Notification.objects.filter(
        recipient=desk.lead, transport="email", kind="reminder_due"
    ).first()
    assert row is not None
    assert row.data["nobody"] is True


def test_reminders_follow_the_role(desk: Desk, incident: Incident) -> None:
    lead = desk.actor("lead")
    roles.assign_role(
        incident_id=incident.pk, role="spokesperson", user=desk.staff, actor=lead, at=NOON
    )
    roles.assign_role(
        incident_id=incident.pk, role="spokesperson", user=desk.deputy, actor=lead, at=NOON + MINUTE
    )
    reminders.fire_due(at=NOON + 31 * MINUTE)
    assert _mails(desk.staff, "reminder_due") == 0
    assert _mails(desk.deputy, "reminder_due") > 0


def test_a_met_deadline_is_silent(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON + MINUTE)
    reminders.fire_due(at=NOON + 60 * MINUTE)
    deadline = Deadline.objects.get(subject_kind="item", subject_id=item.pk)
    assert not TimelineEvent.objects.filter(
        incident=incident, data__deadline=deadline.pk, kind="reminder_due"
    ).exists()
    assert set(deadline.reminders.values_list("state", flat=True)) == {"cancelled"}


def test_an_undone_tick_lets_the_deadline_run_again(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    checklist.tick_item(item_id=item.pk, actor=staff, at=NOON + MINUTE)
    checklist.undo_item(item_id=item.pk, actor=staff, at=NOON + 2 * MINUTE)
    deadline = Deadline.objects.get(subject_kind="item", subject_id=item.pk)
    assert deadline.state == "running"
    reminders.fire_due(at=NOON + 15 * MINUTE)
    assert TimelineEvent.objects.filter(
        incident=incident, data__deadline=deadline.pk, kind="reminder_due"
    ).exists()


def test_only_the_lead_waives_and_needs_a_reason(desk: Desk, incident: Incident) -> None:
    holding = Deadline.objects.get(incident=incident, kind="holding")
    with pytest.raises(NotAllowed):
        deadlines.waive(deadline_id=holding.pk, reason="No", actor=desk.actor("staff"), at=NOON)
    with pytest.raises(Invalid, match="reason_missing"):
        deadlines.waive(deadline_id=holding.pk, reason="  ", actor=desk.actor("lead"), at=NOON)
    holding.refresh_from_db()
    assert holding.state == "running"
    deadlines.waive(deadline_id=holding.pk, reason="Nobody asks", actor=desk.actor("lead"), at=NOON)
    holding.refresh_from_db()
    assert (holding.state, holding.reason) == ("waived", "Nobody asks")


def test_one_already_past_is_a_line_and_sends_nothing(desk: Desk) -> None:
    incident = make_incident(desk, seen_ago=timedelta(minutes=50))
    missed = Deadline.objects.filter(incident=incident, missed_before_opening=True)
    assert "acknowledgement" in set(missed.values_list("kind", flat=True))
    assert not Reminder.objects.filter(deadline__in=missed).exists()
    declared = TimelineEvent.objects.get(incident=incident, kind="declared")
    assert len(declared.data["missed"]) == missed.count()
    reminders.fire_due(at=NOON)
    assert not TimelineEvent.objects.filter(incident=incident, kind="reminder_due").exists()


def test_a_changed_severity_replans_running_clocks_and_leaves_met_ones(
    desk: Desk, incident: Incident
) -> None:
    lead = desk.actor("lead")
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON + MINUTE)
    met = Deadline.objects.get(subject_kind="item", subject_id=item.pk)
    lifecycle.change_severity(incident_id=incident.pk, to="sev1", actor=lead, at=NOON + 5 * MINUTE)
    acknowledgement = Deadline.objects.get(
        incident=incident, kind="acknowledgement", state="running"
    )
    assert acknowledgement.due_at == NOON + 15 * MINUTE
    before = (met.due_at, met.state)
    met.refresh_from_db()
    assert (met.due_at, met.state) == before
    event = TimelineEvent.objects.get(incident=incident, kind="deadlines_replanned")
    change = next(row for row in event.data["changes"] if row["label"] == acknowledgement.label)
    assert (change["from"][11:16], change["to"][11:16]) == ("12:30", "12:15")


def test_lowering_the_severity_needs_a_reason_and_changes_nothing_without(
    desk: Desk, incident: Incident
) -> None:
    with pytest.raises(Invalid, match="reason_missing"):
        lifecycle.change_severity(
            incident_id=incident.pk, to="sev3", actor=desk.actor("lead"), at=NOON
        )
    incident.refresh_from_db()
    assert (incident.severity, incident.last_number) == ("sev2", 1)


def test_no_answer_in_twenty_minutes_asks_the_deputy_once(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    words = words_of(incident, "holding", "ar")
    drafting.save_draft(statement_language_id=words.pk, text="نص", version=1, actor=staff, at=NOON)
    revision = approving.submit(statement_language_id=words.pk, version=2, actor=staff, at=NOON)
    for minute in range(1, 40):
        reminders.fire_due(at=NOON + minute * MINUTE)
    revision.refresh_from_db()
    assert revision.deputy_asked_at == NOON + 20 * MINUTE
    assert _mails(desk.deputy, "deputy_asked") == 1
    assert TimelineEvent.objects.filter(incident=incident, kind="deputy_asked").count() == 1


def _alone(function: object, *args: object) -> object:
    """Run in a thread and give its connection back."""
    try:
        return function(*args)  # type: ignore[operator]
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
class TestManyHands:
    """Threads with connections of their own against real rows."""

    def test_eight_threads_on_one_reminder_give_one_event_and_one_message(self) -> None:
        desk = make_desk()
        incident = make_incident(desk)
        one = Reminder.objects.filter(incident=incident).order_by("due_at")[0]
        Reminder.objects.exclude(pk=one.pk).update(state="cancelled")
        with ThreadPoolExecutor(8) as pool:
            fired = list(
                pool.map(lambda _: _alone(lambda: reminders.fire_due(at=one.due_at)), range(8))
            )
        assert sum(fired) == 1
        assert TimelineEvent.objects.filter(incident=incident, kind="reminder_due").count() == 1
        assert _mails(desk.lead, "reminder_due") == 1

    def test_eight_people_on_one_status_give_one_change_and_gap_free_numbers(self) -> None:
        desk = make_desk()
        incident = make_incident(desk)
        item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
        checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON)
        before = Incident.objects.get(pk=incident.pk).last_number

        def move(_: int) -> str:
            try:
                lifecycle.change_status(
                    incident_id=incident.pk,
                    to=Status.CONTAINED,
                    expected="active",
                    actor=desk.actor("lead"),
                    at=NOON + MINUTE,
                )
            except Exception as error:  # noqa: BLE001 - what the other seven are told is looked at below
                return str(getattr(error, "code", error))
            return "moved"

        with ThreadPoolExecutor(8) as pool:
            told = list(pool.map(lambda n: _alone(move, n), range(8)))
        assert sorted(told) == ["moved"] + ["status_changed"] * 7
        numbers = list(
            TimelineEvent.objects.filter(incident=incident)
            .order_by("number")
            .values_list("number", flat=True)
        )
        assert numbers == list(range(1, before + 2))
        assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []

    def test_ticks_and_sweeps_racing_never_deadlock(self) -> None:
        desk = make_desk()
        incident = make_incident(desk)
        items = list(ChecklistItem.objects.filter(incident=incident)[:16])

        def tick(item: ChecklistItem) -> str:
            checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON + 20 * MINUTE)
            return "ticked"

        def sweep(_: int) -> str:
            reminders.fire_due(at=NOON + 20 * MINUTE)
            return "swept"

        with ThreadPoolExecutor(8) as pool:
            jobs = [pool.submit(_alone, tick, item) for item in items]
            jobs += [pool.submit(_alone, sweep, number) for number in range(16)]
            done = [job.result(timeout=60) for job in jobs]
        assert done.count("ticked") == 16
        assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []
        connection.close()
