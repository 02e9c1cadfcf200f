"""Who is told and by which reason, who knew of an event or a deadline, and why somebody got a line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from crisisdesk.core import masking
from crisisdesk.incidents.domain import because, checklist, notebook, reminders, timeline
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, TimelineEvent
from crisisdesk.incidents.queries import events
from crisisdesk.incidents.queries.receipts import alarms_of, key_of, who_knew
from crisisdesk.notifications.domain import inbox
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.queries.receipts import place
from tests.factories.incidents import Desk, make_incident
from tests.factories.notifications import make_address, message, tell
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def whys(incident: Incident, number: int) -> dict[str, str]:
    """Return by which reason each person was told of an event."""
    rows = Notification.objects.filter(dedupe_key=key_of(incident.pk, number))
    return dict(rows.values_list("recipient__full_name", "why"))


def last(incident: Incident, kind: str) -> TimelineEvent:
    """Return the newest event of a kind."""
    return TimelineEvent.objects.filter(incident=incident, kind=kind).order_by("-number")[0]


# --- by which reason -----------------------------------------------------------------------------


def test_the_most_specific_reason_counts(desk: Desk, incident: Incident) -> None:
    told = whys(incident, last(incident, "declared").number)
    assert told["Executive"] == "brand:executive"
    assert told["Approver"] == "brand:approver"
    assert told["Staff"] == "brand:staff"
    assert "Observer" not in told and "Stranger" not in told
    item = ChecklistItem.objects.filter(incident=incident, state="todo")[0]
    checklist.assign_items(
        incident_id=incident.pk,
        item_ids=[item.pk],
        owner=desk.staff,
        actor=desk.actor("lead"),
        at=NOON,
    )
    assert whys(incident, last(incident, "item_assigned").number) == {"Staff": "named"}
    notebook.ask_question(
        incident_id=incident.pk,
        text="Is it yours?",
        asker="press",
        actor=desk.actor("staff"),
        at=NOON,
    )
    assert whys(incident, last(incident, "question_asked").number) == {"Lead": "lead"}


def test_a_command_that_says_why_wins_over_the_role(desk: Desk, incident: Incident) -> None:
    with transaction.atomic():
        locked = incident_for_update(incident.pk, actor=desk.actor("staff"))
        event = timeline.record(
            locked,
            EventKind.PUBLISHED,
            actor=desk.actor("staff"),
            at=NOON,
            tell={desk.lead.pk: "step:2", desk.executive.pk: "on_watch"},
        )
    assert whys(incident, event.number) == {"Lead": "step:2", "Executive": "on_watch"}


@pytest.mark.parametrize(
    ("why", "kind", "said"),
    [
        ("lead", "published", "You hold this role on the incident since"),
        ("scribe", "published", "You held this role on the incident when"),
        ("step:2", "escalated", "Step 2 of the escalation: 150 % of the time"),
        ("owner", "reminder_due", "yours by name"),
        ("nobody", "reminder_due", "Nobody had this deadline"),
        ("named", "approval_requested", "You were asked to approve these words."),
        ("named", "note_added", "Whoever did this named you."),
        ("named", "watch_changed", "The watch of the brand passed"),
        ("brand:executive", "declared", "This is your role for"),
        ("on_watch", "declared", "You were on watch"),
        ("team", "deadline_acknowledged", "Reminders of this deadline reach you"),
        ("", "declared", "You had a part in this incident"),
        ("of a later release", "declared", "You had a part in this incident"),
    ],
)
def test_a_reason_is_said_in_words_with_what_would_change_it(
    desk: Desk, incident: Incident, why: str, kind: str, said: str
) -> None:
    data = {"percent": 150, "who": "executive"}
    for language in ("en", "ar", "he"):
        with translation.override(language):
            told = because.explain(
                why=why, kind=kind, data=data, topic_id=incident.pk, user=desk.lead, told_at=NOON
            )
            assert told.rule and all(told.changes)
            if language == "en":
                assert said in told.rule


def test_whoever_stands_in_is_told_for_whom(desk: Desk, incident: Incident) -> None:
    told = because.explain(
        why=f"stand_in:{desk.staff.pk}", kind="declared", data={}, topic_id=incident.pk,
        user=desk.lead, told_at=NOON,
    )  # fmt: skip
    assert "Staff" in told.rule


# --- who knew ------------------------------------------------------------------------------------


def test_an_event_names_everybody_told_with_transport_answer_and_attempts(
    desk: Desk, incident: Incident
) -> None:
    event = last(incident, "declared")
    row = events.numbered(incident.pk, event.number)
    assert row is not None
    mail = Notification.objects.get(
        dedupe_key=key_of(incident.pk, event.number), transport="email", recipient=desk.staff
    )
    refused = f"550 5.1.1 <{desk.staff.email}>: unknown"
    Delivery.objects.create(notification=mail, at=NOON, outcome="retry", answer=refused)
    Delivery.objects.create(notification=mail, at=NOON + MINUTE, outcome="sent", answer="250 ok")
    line = Notification.objects.get(
        dedupe_key=key_of(incident.pk, event.number), transport="inbox", recipient=desk.staff
    )
    inbox.mark_read(line.pk, actor=desk.actor("staff"), at=NOON + 2 * MINUTE)
    (knew,) = who_knew(incident, [row], reader=desk.executive)
    staff = {one.transport: one for one in knew.receipts if one.person == desk.staff}
    assert [one.outcome for one in staff["email"].attempts] == ["retry", "sent"]
    assert desk.staff.email not in staff["email"].place + staff["email"].attempts[0].answer
    assert staff["email"].place == f"s…@{desk.staff.email.partition('@')[2]}"
    assert staff["inbox"].read_at == NOON + 2 * MINUTE
    for reader in (desk.staff, desk.admin):
        (openly,) = who_knew(incident, [row], reader=reader)
        mine = next(
            one for one in openly.receipts if one.person == desk.staff and one.transport == "email"
        )
        assert mine.place == desk.staff.email
        assert mine.attempts[0].answer == refused


def test_a_withheld_row_says_why_and_a_drill_is_kept_inside(desk: Desk, incident: Incident) -> None:
    drill = make_incident(desk, seen="Practice", is_drill=True)
    event = events.numbered(drill.pk, 1)
    assert event is not None
    (knew,) = who_knew(drill, [event], reader=desk.lead)
    assert knew.receipts and {one.transport for one in knew.receipts} == {"inbox"}
    assert all(one.is_drill for one in knew.receipts)
    first = events.numbered(incident.pk, 1)
    assert first is not None
    mail = Notification.objects.filter(
        dedupe_key=key_of(incident.pk, 1), transport="email"
    ).order_by("pk")
    Notification.objects.filter(pk__in=[row.pk for row in mail]).update(state="withheld")
    off = mail[0]
    Delivery.objects.create(notification=off, at=NOON, outcome="withheld", answer="address_off")
    Delivery.objects.create(notification=mail[1], at=NOON, outcome="withheld")
    (knew,) = who_knew(incident, [first], reader=desk.lead)
    why = {one.id: one.withheld_for for one in knew.receipts}
    assert (why[off.pk], why[mail[1].pk]) == ("address_off", "not_visible")


def test_what_is_kept_for_later_says_why(desk: Desk, incident: Incident) -> None:
    mail = Notification.objects.filter(dedupe_key=key_of(incident.pk, 1), transport="email")
    quiet, joined, silent = mail.order_by("pk")[:3]
    Delivery.objects.create(notification=quiet, at=NOON, outcome="held", answer="quiet:2026-03-03")
    Notification.objects.filter(pk=joined.pk).update(state="bundled")
    Delivery.objects.create(notification=joined, at=NOON, outcome="held", answer="digest:7")
    Notification.objects.filter(pk=silent.pk).update(state="withheld")
    Delivery.objects.create(
        notification=silent, at=NOON, outcome="withheld", answer=f"stand_in:{desk.staff.pk}"
    )
    client = Client()
    client.force_login(desk.lead)
    page = client.get(f"/incidents/{incident.reference}/timeline/1/told/").content.decode()
    for words in (
        "quiet hours",
        "waits in a message that joins several",
        "kept for the message that joins several",
        "withheld: their stand-in was told instead",
    ):
        assert words in page
    assert "digest:7" not in page and "quiet:2026" not in page and "stand_in:" not in page


def test_a_deadline_shows_every_alarm(desk: Desk, incident: Incident) -> None:
    for minutes in (16, 40, 70, 100):
        reminders.fire_due(at=NOON + minutes * MINUTE)
    rung = Deadline.objects.get(incident=incident, kind="holding")
    alarms = alarms_of(rung)
    about = TimelineEvent.objects.filter(
        incident=incident, kind__in=["reminder_due", "escalated"], data__deadline=rung.pk
    )
    assert [one.number for one in alarms] == list(
        about.order_by("-number").values_list("number", flat=True)
    )
    assert alarms
    knew = who_knew(incident, alarms, reader=desk.lead)
    assert all(one.receipts for one in knew)
    assert {receipt.event for one in knew for receipt in one.receipts} == {
        key_of(incident.pk, alarm.number) for alarm in alarms
    }


def test_one_person_told_and_fifty_cost_the_same(desk: Desk, incident: Incident) -> None:
    event = events.numbered(incident.pk, 1)
    assert event is not None
    kept = Notification.objects.filter(dedupe_key=key_of(incident.pk, 1)).order_by("pk")[0]
    Notification.objects.filter(dedupe_key=key_of(incident.pk, 1)).exclude(pk=kept.pk).delete()

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            who_knew(incident, [event], reader=desk.lead)
        return len(caught)

    one = cost()
    for number in range(50):
        place = make_address(desk.staff, "slack", f"U{number:05}")
        assert place.is_usable
    tell([
        message(desk.staff, topic="incident", topic_id=incident.pk, dedupe_key=key_of(incident.pk, 1))
    ])  # fmt: skip
    assert len(who_knew(incident, [event], reader=desk.lead)[0].receipts) > 50
    assert cost() == one == 3


@pytest.mark.parametrize(
    ("transport", "value", "label", "shown"),
    [
        ("email", "jane@example.org", "", "j…@example.org"),
        ("sms", "+972541234512", "", "+972…12"),
        ("slack", "U0123ABC7K", "", "U0…7K"),
        ("slack", "abc", "", "…"),
        ("slack", "https://hooks.example.org/T0/secret", "", "hooks.example.org"),
        ("webhook", "https://example.org/in?key=1", "Ops", "Ops"),
        ("push", "fcm-token-1234567", "Firefox", "Firefox"),
        ("inbox", "", "", ""),
    ],
)
def test_addresses_are_masked(transport: str, value: str, label: str, shown: str) -> None:
    assert place(transport, value, label, openly=False) == shown
    if transport == "webhook" or "://" in value:
        assert "secret" not in place(transport, value, label, openly=True)
        assert "key=1" not in place(transport, value, label, openly=True)


def test_answers_lose_the_addresses_in_them() -> None:
    said = "550 <jane@example.org> +972 54 123 4512 at https://hooks.example.org/T0/secret"
    shown = masking.without_addresses(said)
    assert "jane@" not in shown and "123 4512" not in shown and "secret" not in shown
    assert "550" in shown
    assert timezone.is_aware(NOON)
