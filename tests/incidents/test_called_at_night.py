"""Quiet hours to the letter: SEV1 and SEV2 break through, and whoever is called because they are on watch."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from crisisdesk.incidents.domain import checklist, deadlines, promises, reminders, roles, snoozing
from crisisdesk.incidents.domain.watch_changes import tell_changes
from crisisdesk.incidents.models import Deadline, Incident
from crisisdesk.notifications.domain.delivery import deliver_all
from crisisdesk.notifications.models import Delivery, Notification, QuietHours
from crisisdesk.organisation.domain import stand_ins
from crisisdesk.organisation.models import User
from playbooks.models import PlaybookRevision
from tests.factories.incidents import Desk, make_incident, revision_of
from tests.factories.organisation import NOON
from tests.factories.rota import make_shift

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MORNING = NOON + 15 * HOUR  # NOON is 16:00 in Dubai, a Wednesday
CALL = {"after_percent": 125, "who": "on_watch", "origin": "ours"}


@pytest.fixture
def night(desk: Desk) -> Desk:
    """It is quiet for everybody from 15:00 on Wednesday until seven in the morning."""
    QuietHours.objects.bulk_create(
        QuietHours(user=person, weekday=3, begins=15 * 60, ends=7 * 60)
        for person in User.objects.all()
    )
    return desk


def opened(desk: Desk, severity: str = "sev4") -> Incident:
    """Return an incident whose playbook rings at half the time and then calls the watch."""
    old = revision_of("fake-support-account")
    made = PlaybookRevision.objects.create(
        playbook=old.playbook, number=old.number + 1, schema=3, content_hash="night", created_at=NOON,
        content=old.content | {"schema": 3, "escalation": [CALL], "reminders": {"first": 50}},
    )  # fmt: skip
    incident = make_incident(desk, revision=made, severity=severity)
    roles.assign_role(
        incident_id=incident.pk, role="monitor", user=desk.deputy, actor=desk.actor("lead"),
        at=NOON,
    )  # fmt: skip
    send(NOON)
    return incident


def send(at: datetime) -> Counter[str]:
    """Deliver what is due and return what became of it."""
    return Counter(deliver_all(clock=lambda: at).outcomes)


def ring(deadline: Deadline, percent: int) -> datetime:
    """Sweep when this alarm is due, deliver, and return when that was."""
    at = deadline.reminders.get(percent=percent, person=None).due_at
    reminders.fire_due(at=at)
    send(at)
    return at


def mails(kind: str, deadline: Deadline | None = None) -> dict[tuple[str, str], str]:
    """Return where mail of this kind stands: who is told and why, and its state."""
    rows = Notification.objects.filter(kind=kind, transport="email").select_related("recipient")
    if deadline is not None:
        rows = rows.filter(data__deadline=deadline.pk)
    return {(row.recipient.full_name, row.why): row.state for row in rows}


def kept(incident: Incident) -> Deadline:
    """The item that is due on every severity, within two hours; the deputy has it."""
    item = incident.items.get(key="capture-fake-replies")
    return Deadline.objects.get(incident=incident, subject_kind="item", subject_id=item.pk)


def test_half_the_time_of_a_sev4_wakes_nobody_and_is_told_once_in_the_morning(night: Desk) -> None:
    row = kept(opened(night))
    ring(row, 50)
    assert mails("reminder_due", row) == {("Deputy", "monitor"): "pending"}
    note = Notification.objects.get(kind="reminder_due", transport="email", data__deadline=row.pk)
    assert (note.urgent, note.grave, note.held, note.next_attempt_at) == (
        True, False, "quiet", MORNING,
    )  # fmt: skip
    inbox = Notification.objects.get(kind="reminder_due", transport="inbox", data__deadline=row.pk)
    assert inbox.state == "sent"
    assert not send(MORNING - MINUTE)["sent"]
    send(MORNING)
    send(MORNING + MINUTE)
    note.refresh_from_db()
    log = Delivery.objects.filter(notification=note).order_by("pk")
    assert (note.state, list(log.values_list("outcome", flat=True))) == ("sent", ["held", "sent"])


@pytest.mark.parametrize(
    ("severity", "state"), [("sev1", "sent"), ("sev2", "sent"), ("sev3", "pending")]
)
def test_sev1_and_sev2_break_through(night: Desk, severity: str, state: str) -> None:
    row = kept(opened(night, severity))
    ring(row, 50)
    assert set(mails("reminder_due", row).values()) == {state}


def test_whoever_is_on_watch_is_called_and_nobody_else(night: Desk) -> None:
    make_shift(night.brand, night.staff, 8, 20)
    row = kept(opened(night))
    ring(row, 125)
    assert mails("escalated", row) == {
        ("Staff", "step:1"): "sent",
        ("Deputy", "monitor"): "pending",
    }


def test_who_is_told_because_nobody_watches_has_not_agreed_to_be_called(night: Desk) -> None:
    row = kept(opened(night))
    ring(row, 125)
    assert mails("escalated", row)["Lead", "step:1"] == "pending"


def test_a_stand_in_of_the_watch_is_called_in_its_place(night: Desk) -> None:
    make_shift(night.brand, night.staff, 8, 20)
    row = kept(opened(night))
    stand_ins.name_stand_in(
        stand_in_id=night.observer.pk, from_at=NOON, until_at=MORNING, silent=True,
        actor=night.actor("staff"), at=NOON,
    )  # fmt: skip
    ring(row, 125)
    told = mails("escalated", row)
    assert told["Observer", f"stand_in:{night.staff.pk}"] == "sent"
    assert told["Staff", "step:1"] == "withheld"


def test_a_stand_in_who_is_told_for_their_own_sake_is_called_all_the_same(night: Desk) -> None:
    make_shift(night.brand, night.staff, 8, 20)
    row = kept(opened(night))
    stand_ins.name_stand_in(
        stand_in_id=night.deputy.pk, from_at=NOON, until_at=MORNING, silent=True,
        actor=night.actor("staff"), at=NOON,
    )  # fmt: skip
    ring(row, 125)
    told = mails("escalated", row)
    assert told == {("Deputy", "monitor"): "sent", ("Staff", "step:1"): "withheld"}


@pytest.mark.parametrize("watches", [True, False])
def test_a_call_put_off_comes_again_while_the_watch_lasts(night: Desk, watches: bool) -> None:
    make_shift(night.brand, night.staff, 8, 20 if watches else 19)
    row = kept(opened(night))
    rang = ring(row, 125)
    again = rang + 10 * MINUTE
    if not watches:  # it ends at 19:00, and this is later
        again = NOON + 3 * HOUR + MINUTE
        assert again > rang
    snoozing.snooze(deadline_id=row.pk, until=again, actor=night.actor("staff"), at=rang)
    reminders.fire_due(at=again)
    send(again)
    found = mails("reminder_due", row)["Staff", "snoozed"]
    assert found == ("sent" if watches else "pending")


def test_whose_watch_begins_hears_of_it_and_whose_ends_can_sleep(night: Desk) -> None:
    make_shift(night.brand, night.staff, 8, 20)
    make_shift(night.brand, night.observer, 20, 8)
    opened(night)
    eight = NOON + 4 * HOUR
    assert tell_changes(at=eight) == 1
    send(eight)
    assert mails("watch_changed") == {
        ("Observer", "on_watch"): "sent",
        ("Staff", "named"): "pending",
    }


def test_a_stand_in_who_leaves_at_night_is_news_for_the_morning(night: Desk) -> None:
    """From that moment on the person is told for themselves, so nothing grave is lost meanwhile."""
    agreed = stand_ins.name_stand_in(
        stand_in_id=night.deputy.pk, from_at=NOON, until_at=MORNING, silent=True,
        actor=night.actor("staff"), at=NOON,
    )  # fmt: skip
    stand_ins.end_stand_in(agreement_id=agreed.pk, actor=night.actor("deputy"), at=NOON + MINUTE)
    send(NOON + MINUTE)
    assert mails("stand_in_ended") == {("Staff", ""): "pending"}
    assert send(MORNING)["sent"]
    assert mails("stand_in_ended") == {("Staff", ""): "sent"}


@pytest.mark.parametrize("act", ["met", "waived", "moved", "left"])
def test_what_was_done_at_night_is_not_asked_for_in_the_morning(night: Desk, act: str) -> None:
    incident = opened(night)
    row = kept(incident)
    at = ring(row, 50) + MINUTE
    if act == "met":
        checklist.tick_item(item_id=row.subject_id, actor=night.actor("deputy"), at=at)
    elif act == "waived":
        deadlines.waive(deadline_id=row.pk, reason="No", actor=night.actor("lead"), at=at)
    elif act == "moved":
        Deadline.objects.filter(pk=row.pk).update(due_at=row.due_at + HOUR)
    send(MORNING)
    note = Notification.objects.get(kind="reminder_due", transport="email", data__deadline=row.pk)
    said = Delivery.objects.filter(notification=note).latest("pk")
    if act == "left":
        assert (note.state, said.outcome) == ("sent", "sent")
    else:
        assert (note.state, said.outcome, said.answer) == ("withheld", "withheld", "over")
    inbox = Notification.objects.filter(kind="reminder_due", transport="inbox")
    assert inbox.get(data__deadline=row.pk).state == "sent"


def test_what_was_done_at_night_is_not_in_the_digest_of_the_morning_either(night: Desk) -> None:
    incident = opened(night)
    for number in range(8):
        promises.make_commitment(
            incident_id=incident.pk, text=f"Promise {number}", due_at=NOON + 2 * HOUR,
            actor=night.actor("lead"), at=NOON,
        )  # fmt: skip
    rows = list(Deadline.objects.filter(incident=incident, kind="commitment").order_by("pk"))
    reminders.fire_due(at=NOON + HOUR)
    send(NOON + HOUR)
    for row in rows[3:]:
        deadlines.waive(deadline_id=row.pk, reason="No", actor=night.actor("lead"), at=NOON + HOUR)
    mine = Notification.objects.filter(
        recipient=night.lead, kind="reminder_due", transport="email",
        data__deadline__in=[row.pk for row in rows],
    )  # fmt: skip
    assert mine.filter(held="quiet", state="pending").count() == mine.count() == 8
    send(MORNING)
    assert mine.filter(state="bundled").count() == 5
    send(MORNING + MINUTE)
    over = [row.pk for row in rows[3:]]
    assert set(mine.filter(data__deadline__in=over).values_list("state")) == {("withheld",)}
    assert set(mine.exclude(data__deadline__in=over).values_list("state")) == {("sent",)}


def test_a_reminder_that_failed_is_not_tried_again_once_it_is_over(desk: Desk) -> None:
    incident = opened(desk)
    row = kept(incident)
    at = row.reminders.get(percent=50).due_at
    reminders.fire_due(at=at)
    mail = Notification.objects.filter(kind="reminder_due", transport="email")
    mail.filter(data__deadline=row.pk).update(attempts=1)
    checklist.tick_item(item_id=row.subject_id, actor=desk.actor("deputy"), at=at)
    send(at)
    assert mails("reminder_due", row) == {("Deputy", "monitor"): "withheld"}


def test_a_reminder_that_never_waited_is_sent_though_it_is_over(desk: Desk) -> None:
    incident = opened(desk)
    row = kept(incident)
    at = row.reminders.get(percent=50).due_at
    reminders.fire_due(at=at)
    checklist.tick_item(item_id=row.subject_id, actor=desk.actor("deputy"), at=at)
    send(at)
    assert mails("reminder_due", row) == {("Deputy", "monitor"): "sent"}
