"""The auditor: each fault is made by real rows, seen, and mended or shown; a healthy desk gives no finding."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection

from crisisdesk.incidents.domain import (
    auditor,
    checklist,
    lifecycle,
    reminders,
    snoozing,
)
from crisisdesk.incidents.models import (
    ChainCheck,
    ChecklistItem,
    Deadline,
    Finding,
    Incident,
    Reminder,
    TimelineEvent,
)
from crisisdesk.incidents.queries import findings
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import Desk, make_incident
from tests.factories.notifications import message, tell
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, int, bool, bool]]:
    """Return kind, rows, mended, still so."""
    return [
        (row.kind, row.count, row.repaired_at is not None, row.gone_at is None)
        for row in Finding.objects.order_by("pk")
    ]


def holding(incident: Incident) -> Deadline:
    """The deadline of the first words."""
    return Deadline.objects.get(incident=incident, kind="holding")


def tamper(sql: str, *values: object) -> None:
    """Change what the database itself protects, as somebody with its password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("SET session_replication_role = DEFAULT")


def test_a_healthy_desk_gives_no_finding(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.filter(incident=incident).order_by("pk")[0]
    checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON + MINUTE)
    snoozing.snooze(
        deadline_id=holding(incident).pk,
        until=NOON + 30 * MINUTE,
        actor=desk.actor("lead"),
        at=NOON + 2 * MINUTE,
    )
    for minute in (1, 5, 16, 31, 61, 200):
        at = NOON + minute * MINUTE
        reminders.fire_due(at=at)
        Notification.objects.filter(state="pending").update(state="sent", next_attempt_at=None)
        assert auditor.audit(at=at).found == 0, minute
    assert found() == []
    assert ChainCheck.objects.get(incident=incident).checked_at == NOON + 200 * MINUTE


def test_an_item_opened_again_after_its_time_stays_silent_for_a_reason(
    desk: Desk, incident: Incident
) -> None:
    optional = ChecklistItem.objects.filter(incident=incident, required=False).values("pk")
    row = Deadline.objects.filter(subject_kind="item", subject_id__in=optional)[0]
    late = row.due_at + MINUTE
    checklist.tick_item(item_id=row.subject_id, actor=desk.actor("staff"), at=row.due_at - MINUTE)
    checklist.undo_item(item_id=row.subject_id, actor=desk.actor("staff"), at=late)
    row.refresh_from_db()
    assert row.state == "running"
    assert row not in auditor.without_alarm(at=late)


def test_alarms_that_vanished_are_put_back_and_ring_once(desk: Desk, incident: Incident) -> None:
    gone = holding(incident)
    Reminder.objects.filter(deadline=gone).delete()
    assert auditor.audit(at=NOON + MINUTE).repaired == 1
    assert found() == [("alarm_missing", 1, True, False)]
    (alarm,) = Reminder.objects.filter(deadline=gone)
    assert (alarm.percent, alarm.due_at, alarm.state) == (100, gone.due_at, "pending")
    assert auditor.audit(at=NOON + 2 * MINUTE).found == 0
    reminders.fire_due(at=gone.due_at)
    rung = TimelineEvent.objects.filter(kind="reminder_due", data__deadline=gone.pk)
    assert rung.count() == 1


def test_alarms_that_were_cancelled_by_mistake_ring_again_when_they_should(
    desk: Desk, incident: Incident
) -> None:
    held = holding(incident)
    Reminder.objects.filter(deadline=held).update(state="cancelled")
    auditor.audit(at=NOON + MINUTE)
    assert set(Reminder.objects.filter(deadline=held).values_list("state", flat=True)) == {
        "pending"
    }


def test_a_deadline_that_went_by_without_any_alarm_rings_now(
    desk: Desk, incident: Incident
) -> None:
    held = holding(incident)
    Reminder.objects.filter(deadline=held).delete()
    at = held.due_at + 5 * MINUTE
    auditor.audit(at=at)
    (alarm,) = Reminder.objects.filter(deadline=held)
    assert (alarm.due_at, alarm.state) == (at, "pending")
    reminders.fire_due(at=at)
    assert Finding.objects.filter(kind="alarm_missing").count() == 1
    assert not auditor.without_alarm(at=at + MINUTE).exists()


def test_a_deadline_that_got_more_time_after_it_was_over_rings_at_its_new_time(
    desk: Desk, incident: Incident
) -> None:
    held = holding(incident)
    at = held.due_at + MINUTE
    reminders.fire_due(at=at)
    lifecycle.change_severity(
        incident_id=incident.pk,
        to="sev3",
        expected="sev2",
        reason="Smaller than we thought",
        actor=desk.actor("lead"),
        at=at,
    )
    held.refresh_from_db()
    assert held.due_at > at
    assert not auditor.without_alarm(at=at).exists()
    reminders.fire_due(at=held.due_at)
    times = Reminder.objects.filter(deadline=held, percent=100, state="fired")
    assert times.filter(due_at=held.due_at).count() == 1


def test_alarms_that_nobody_fires_are_shown_until_they_are(desk: Desk, incident: Incident) -> None:
    first = Reminder.objects.filter(incident=incident).order_by("due_at")[0].due_at
    auditor.audit(at=first + 3 * MINUTE)
    (row,) = Finding.objects.filter(kind="alarms_late")
    assert (row.since, row.gone_at, row.repaired_at) == (first, None, None)
    reminders.fire_due(at=first + 4 * MINUTE)
    auditor.audit(at=first + 4 * MINUTE)
    row.refresh_from_db()
    assert row.gone_at == first + 4 * MINUTE


def test_mail_that_a_dead_worker_held_is_freed(desk: Desk) -> None:
    tell([message(desk.staff, 1), message(desk.staff, 2)], at=NOON)
    mail = Notification.objects.filter(transport="email")
    mail.filter(dedupe_key="news:7:1").update(
        state="sending", next_attempt_at=None, lease_until=NOON
    )
    mail.filter(dedupe_key="news:7:2").update(
        state="sending", next_attempt_at=None, lease_until=None
    )
    at = NOON + 3 * MINUTE
    auditor.audit(at=at)
    assert found() == [("leases_over", 2, True, False)]
    assert set(mail.values_list("state", "next_attempt_at")) == {("pending", at)}


def test_mail_without_a_time_to_be_sent_gets_one(desk: Desk) -> None:
    tell([message(desk.staff, 1)], at=NOON)
    mail = Notification.objects.filter(transport="email")
    mail.update(next_attempt_at=None)
    auditor.audit(at=NOON + MINUTE)
    assert found() == [("messages_undated", 1, True, False)]
    assert mail.get().next_attempt_at == NOON + MINUTE


def test_mail_that_waits_too_long_is_shown_until_it_is_sent(desk: Desk) -> None:
    tell([message(desk.staff, 1)], at=NOON)
    auditor.audit(at=NOON + 3 * MINUTE)
    auditor.audit(at=NOON + 4 * MINUTE)
    assert found() == [("messages_late", 1, False, True)]
    Notification.objects.filter(transport="email").update(state="sent", next_attempt_at=None)
    auditor.audit(at=NOON + 5 * MINUTE)
    assert found() == [("messages_late", 1, False, False)]


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE incidents_timelineevent SET data = '{}' WHERE incident_id = %s AND number = 1", "changed"),
        ("DELETE FROM incidents_timelineevent WHERE incident_id = %s AND number = 2", "missing"),
        ("UPDATE incidents_incident SET last_number = last_number - 1 WHERE id = %s", "beyond the end"),
    ],
)  # fmt: skip
def test_a_history_that_was_tampered_with_is_shown_and_never_mended(
    desk: Desk, incident: Incident, sql: str, what: str
) -> None:
    whole = make_incident(desk, at=NOON)
    for number in range(3):
        item = ChecklistItem.objects.filter(incident=incident).order_by("pk")[number]
        checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON)
    tamper(sql, incident.pk)
    auditor.audit(at=NOON)
    (row,) = Finding.objects.filter(kind="chain_broken")
    assert row.incident_id == incident.pk
    assert row.gone_at is None
    assert what in [fault[1] for fault in row.faults]
    assert ChainCheck.objects.get(incident=whole).checked_at == NOON


def test_a_long_history_is_proven_in_parts_and_the_oldest_first(
    desk: Desk, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_incident(desk, at=NOON)
    items = list(ChecklistItem.objects.filter(incident=incident).order_by("pk")[:6])
    for item in items:
        checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON)
    monkeypatch.setattr(auditor, "MOST_EVENTS", 4)
    ends: dict[int, datetime] = {}
    for minute in range(8):
        at = NOON + minute * SECOND
        assert auditor.audit(at=at).events <= 4
        for check in ChainCheck.objects.exclude(checked_at=None):
            ends.setdefault(check.incident_id, at)
    assert ends[incident.pk] < ends[other.pk]
    assert Finding.objects.count() == 0
    checked = ChainCheck.objects.get(incident=incident).checked_at
    assert checked is not None
    auditor.audit(at=checked + timedelta(seconds=3601))
    assert ChainCheck.objects.get(incident=incident).checked_at != checked or (
        ChainCheck.objects.get(incident=incident).number > 0
    )


def test_a_fault_in_the_first_part_stands_until_the_whole_history_proves(
    desk: Desk, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    for item in ChecklistItem.objects.filter(incident=incident).order_by("pk")[:6]:
        checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON)
    data = TimelineEvent.objects.get(incident=incident, number=2).data
    tamper(
        "UPDATE incidents_timelineevent SET data = '{}' WHERE incident_id = %s AND number = 2",
        incident.pk,
    )
    monkeypatch.setattr(auditor, "MOST_EVENTS", 3)
    for minute in range(4):
        auditor.audit(at=NOON + minute * SECOND)
        assert [row[3] for row in found()] == [True]
    from django.db.backends.postgresql.psycopg_any import Jsonb

    tamper(
        "UPDATE incidents_timelineevent SET data = %s WHERE incident_id = %s AND number = 2",
        Jsonb(data),
        incident.pk,
    )
    for minute in range(3601, 3608):
        auditor.audit(at=NOON + minute * SECOND)
    assert [row[3] for row in found() if row[0] == "chain_broken"] == [False]


def test_who_may_not_see_the_incident_reads_no_reference(desk: Desk, incident: Incident) -> None:
    Reminder.objects.filter(deadline=holding(incident)).delete()
    auditor.audit(at=NOON + MINUTE)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    (seen,) = findings.recent(desk.lead, NOON + MINUTE)
    assert (seen.reference, bool(seen.label)) == (incident.reference, True)
    (unseen,) = findings.recent(desk.admin, NOON + MINUTE)
    assert (unseen.kind, unseen.reference, unseen.label) == ("alarm_missing", "", {})


def test_old_findings_are_forgotten(desk: Desk, incident: Incident) -> None:
    Reminder.objects.filter(deadline=holding(incident)).delete()
    auditor.audit(at=NOON + MINUTE)
    reminders.fire_due(at=NOON + timedelta(days=91))
    Notification.objects.filter(state="pending").update(state="sent", next_attempt_at=None)
    auditor.audit(at=NOON + timedelta(days=91))
    assert found() == []
