"""An executive asks for an update: one request at a time, a deadline for the lead, met by words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.core.errors import Invalid, NotAllowed
from crisisdesk.incidents.domain import approving, drafting, publishing, reminders, updates
from crisisdesk.incidents.models import Deadline, Incident, TimelineEvent
from crisisdesk.incidents.queries.desk import my_desk
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def ask(desk: Desk, incident: Incident, name: str = "executive", minute: int = 0) -> Deadline:
    """The person asks."""
    return updates.ask_update(
        incident_id=incident.pk, question="Is it over?", actor=desk.actor(name),
        at=NOON + minute * MINUTE,
    )  # fmt: skip


def inbox(person: object, kind: str) -> int:
    return Notification.objects.filter(recipient=person, transport="inbox", kind=kind).count()


def test_it_is_a_deadline_of_the_lead_and_an_answer_goes_to_everybody_who_asked(
    desk: Desk, incident: Incident
) -> None:
    row = ask(desk, incident)
    second = ask(desk, incident, "approver")
    assert (row.role, row.due_at) == ("lead", NOON + 30 * MINUTE)
    assert inbox(desk.lead, "update_requested") == 2
    assert row.pk in {each.deadline.pk for each in my_desk(desk.lead, at=NOON).mine}
    reminders.fire_due(at=NOON + 30 * MINUTE)
    updates.answer_update(
        incident_id=incident.pk, text="We know more at one.", actor=desk.actor("lead"),
        at=NOON + 31 * MINUTE,
    )  # fmt: skip
    for each in (row, second):
        each.refresh_from_db()
        assert (each.state, each.met_at) == ("met", NOON + 31 * MINUTE)
        assert not each.reminders.filter(state="pending").exists()
    assert inbox(desk.executive, "update_answered") == inbox(desk.approver, "update_answered") == 1
    event = TimelineEvent.objects.get(kind="update_answered")
    assert [met["late_seconds"] for met in event.data["met"]] == [60, 60]


def test_one_request_of_a_person_runs_and_then_rests(desk: Desk, incident: Incident) -> None:
    ask(desk, incident)
    with pytest.raises(Invalid, match="request_runs") as told:
        ask(desk, incident, minute=4)
    assert told.value.params == {"since": 4, "left": 26}
    updates.answer_update(
        incident_id=incident.pk, text="Not yet.", actor=desk.actor("lead"), at=NOON + 5 * MINUTE
    )
    with pytest.raises(Invalid, match="asked_just_now"):
        ask(desk, incident, minute=6)
    ask(desk, incident, minute=15)
    assert Deadline.objects.filter(kind="update_request").count() == 2
    assert TimelineEvent.objects.filter(kind="update_requested").count() == 2


def test_a_public_word_meets_it_and_a_word_to_our_own_people_does_not(
    desk: Desk, incident: Incident
) -> None:
    row, staff = ask(desk, incident), desk.actor("staff")
    for stage, met in (("internal", False), ("holding", True)):
        words = words_of(incident, stage, "ar")
        drafting.save_draft(
            statement_language_id=words.pk, text="نص", version=1, actor=staff, at=NOON
        )
        text = approving.submit(statement_language_id=words.pk, version=2, actor=staff, at=NOON)
        approving.approve(
            revision_id=text.pk, text_hash=text.text_hash, actor=desk.actor("approver"), at=NOON
        )
        publishing.record_publication(
            revision_id=text.pk, channel=words.statement.channels[0],
            posting=publishing.Posting(url=LINK), actor=staff, at=NOON + MINUTE,
        )  # fmt: skip
        row.refresh_from_db()
        assert (row.state == "met") is met
    assert inbox(desk.executive, "published") == 1


def test_who_may_not_and_the_lead_themselves_do_not_ask(desk: Desk, incident: Incident) -> None:
    for name in ("observer", "staff", "admin"):
        with pytest.raises(NotAllowed):
            ask(desk, incident, name)
    with pytest.raises(Invalid, match="request_to_self"):
        ask(desk, incident, "lead")
    with pytest.raises(Invalid, match="no_request"):
        updates.answer_update(
            incident_id=incident.pk, text="Nothing", actor=desk.actor("lead"), at=NOON
        )
    with pytest.raises(NotAllowed):
        updates.answer_update(
            incident_id=incident.pk, text="Nothing", actor=desk.actor("staff"), at=NOON
        )
    assert not Deadline.objects.filter(kind="update_request").exists()


def test_the_next_update_counts_from_what_was_published(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    for stage, minute in (("holding", 5), ("update", 40)):
        words = words_of(incident, stage, "ar")
        at = NOON + minute * MINUTE
        drafting.save_draft(
            statement_language_id=words.pk, text="نص", version=1, actor=staff, at=at
        )
        text = approving.submit(statement_language_id=words.pk, version=2, actor=staff, at=at)
        approving.approve(
            revision_id=text.pk, text_hash=text.text_hash, actor=desk.actor("approver"), at=at
        )
        publishing.record_publication(
            revision_id=text.pk, channel=words.statement.channels[0],
            posting=publishing.Posting(url=LINK), actor=staff, at=at,
        )  # fmt: skip
        rows = Deadline.objects.filter(incident=incident, kind="update").order_by("pk")
        running = [row for row in rows if row.state == "running"]
        assert [row.started_at for row in running] == [at]
        waiting = running[0].reminders.filter(state="pending").order_by("due_at")
        assert waiting[0].due_at == at + timedelta(seconds=running[0].length_seconds / 2)
        for row in rows.exclude(pk=running[0].pk):
            assert not row.reminders.filter(state="pending").exists()
