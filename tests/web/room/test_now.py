"""The first tab: what is next for whom, what is said, what is promised, and what the box takes."""

from __future__ import annotations

import html
from datetime import timedelta

from crisisdesk.core.placeholders import fill
from crisisdesk.incidents.domain import approving, drafting, notebook, publishing, roles
from crisisdesk.incidents.models import (
    Commitment,
    Deadline,
    Incident,
    Question,
    RoleAssignment,
    StatementLanguage,
    StatementRevision,
    TimelineEvent,
)
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import OfficialAccount
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON, join, make_user
from tests.web.desk.test_desk import signed_in

VALUES = {
    "fake_account": "@NourHelp",
    "our_account": "@NourHome",
    "channel": "X",
    "how_many": "We do not know yet how many people it answered.",
    "next_update": "16:30 UAE time",
    "link": "https://nour.example/real",
}


def _room(incident: Incident, rest: str = "") -> str:
    return f"/incidents/{incident.reference}/{rest}"


def _written(desk: Desk, incident: Incident, stage: str) -> StatementRevision:
    """Save words of this stage in English as the comms staff."""
    row = words_of(incident, stage, "en")
    return drafting.save_draft(
        statement_language_id=row.pk,
        text=fill(row.template, VALUES).text,
        version=row.version,
        values=VALUES,
        actor=desk.actor("staff"),
        at=NOON,
    )


def _sent(desk: Desk, incident: Incident, stage: str = "holding") -> StatementRevision:
    row = StatementLanguage.objects.get(pk=_written(desk, incident, stage).statement_language_id)
    return approving.submit(
        statement_language_id=row.pk, version=row.version, actor=desk.actor("staff"), at=NOON
    )


def test_the_approver_is_asked_first_and_the_lead_is_told_whom_to_call(
    desk: Desk, incident: Incident
) -> None:
    desk.approver.phone = "+97145550100"
    desk.approver.save()
    revision = _sent(desk, incident)
    body = signed_in(desk.approver).get(_room(incident)).content.decode()
    assert "Words to approve: Holding statement, English" in body
    assert f'href="{_room(incident, f"approve/{revision.pk}/")}"' in body
    body = signed_in(desk.lead).get(_room(incident)).content.decode()
    assert "Call Approver about the English words" in body
    assert 'href="tel:+97145550100"' in body
    chase = f'action="{_room(incident, f"approve/{revision.pk}/chase/")}"'
    assert chase in body
    assert chase not in signed_in(desk.staff).get(_room(incident)).content.decode()


def test_approved_words_are_next_for_who_may_post(desk: Desk, incident: Incident) -> None:
    revision = _sent(desk, incident)
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON)
    body = signed_in(desk.staff).get(_room(incident)).content.decode()
    assert f'href="{_room(incident, f"post/{revision.pk}/x/")}"' in body
    assert "Copy and post" in body
    assert "Copy and post" not in signed_in(desk.executive).get(_room(incident)).content.decode()


def test_what_is_public_is_quoted_with_its_place_and_time(desk: Desk, incident: Incident) -> None:
    assert "What is out is" not in signed_in(desk.lead).get(_room(incident)).content.decode()
    revision = _sent(desk, incident, "acknowledgement")
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON)
    publishing.record_publication(
        revision_id=revision.pk,
        channel="x",
        posting=publishing.Posting(url=LINK),
        actor=desk.actor("staff"),
        at=NOON,
    )
    body = signed_in(desk.lead).get(_room(incident)).content.decode()
    assert "On X since" in body
    assert "What is out is the acknowledgement." in body


def test_two_announcements_without_a_reply_are_named(desk: Desk, incident: Incident) -> None:
    staff = signed_in(desk.staff)
    for stage in ("acknowledgement", "holding"):
        revision = _sent(desk, incident, stage)
        approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON)
        publishing.record_publication(
            revision_id=revision.pk,
            channel="x",
            posting=publishing.Posting(url=LINK),
            actor=desk.actor("staff"),
            at=NOON,
        )
    assert "2 announcements, no replies yet" in staff.get(_room(incident)).content.decode()
    asked = notebook.ask_question(
        incident_id=incident.pk, text="Yours?", asker="press", actor=desk.actor("staff"), at=NOON
    )
    notebook.answer_question(
        question_id=asked.pk, answer="No", version=1, actor=desk.actor("staff"), at=NOON
    )
    assert "no replies yet" not in staff.get(_room(incident)).content.decode()


def test_a_handover_is_next_for_the_receiver_and_stands_in_the_head_until_taken(
    desk: Desk, incident: Incident
) -> None:
    offered = roles.offer_handover(
        incident_id=incident.pk,
        role="lead",
        receiver=join(make_user("second"), desk.brand, Role.LEAD),
        page={},
        note="",
        actor=desk.actor("lead"),
        at=NOON,
    )
    body = signed_in(offered.receiver).get(_room(incident)).content.decode()
    assert "Hand-over: Lead" in body
    assert "until it is taken the giver stays on duty" in body


def test_a_free_role_is_taken_by_oneself_and_others_are_given_by_the_lead(
    desk: Desk, incident: Incident
) -> None:
    staff = signed_in(desk.staff)
    assert "Nobody has it" in staff.get(_room(incident)).content.decode()
    mine = {"role": "monitor", "user": str(desk.staff.pk)}
    assert staff.post(_room(incident, "roles/"), mine).status_code == 302
    held = RoleAssignment.objects.get(incident=incident, role="monitor", to_at=None)
    assert held.user == desk.staff
    for_another = {"role": "scribe", "user": str(desk.deputy.pk)}
    assert staff.post(_room(incident, "roles/"), for_another).status_code == 403
    lead = signed_in(desk.lead)
    assert lead.post(_room(incident, "roles/"), for_another).status_code == 302
    unfit = {"role": "lead", "user": str(desk.staff.pk)}
    assert lead.post(_room(incident, "roles/"), unfit).status_code == 422


def test_the_same_form_sent_twice_is_one_note(desk: Desk, incident: Incident) -> None:
    staff = signed_in(desk.staff)
    given = {"kind": "note", "text": "A screenshot came in", "key": "one-form"}
    for _ in range(2):
        assert staff.post(_room(incident, "write/"), given).status_code == 302
    assert TimelineEvent.objects.filter(incident=incident, kind="note_added").count() == 1
    other = staff.post(_room(incident, "write/"), given | {"text": "Another"})
    assert other.status_code == 422
    assert "Another" in other.content.decode()


def test_a_refused_form_leaves_no_key_and_keeps_every_field(desk: Desk, incident: Incident) -> None:
    staff = signed_in(desk.staff)
    given = {
        "kind": "question",
        "text": "Is it yours?",
        "asker": "press",
        "asker_name": "Gulf Evening",
        "url": "javascript:alert(1)",
        "key": "one-form",
    }
    page = staff.post(_room(incident, "write/"), given)
    body = page.content.decode()
    assert page.status_code == 422
    assert "Is it yours?" in body and "Gulf Evening" in body
    assert not Question.objects.exists()
    assert staff.post(_room(incident, "write/"), given | {"url": LINK}).status_code == 302
    assert Question.objects.get().url == LINK


def test_a_decision_wants_its_reason(desk: Desk, incident: Incident) -> None:
    given = {"kind": "decision", "question": "Answer it?", "choice": "No", "reason": " "}
    page = signed_in(desk.staff).post(_room(incident, "write/"), given)
    assert page.status_code == 422
    assert 'value="Answer it?"' in page.content.decode()


def test_a_promise_gets_a_clock_and_is_kept(desk: Desk, incident: Incident) -> None:
    staff = signed_in(desk.staff)
    past = {"text": "The analysis", "due_at": "2026-11-18T10:00", "key": "one"}
    page = staff.post(_room(incident, "promises/"), past)
    assert page.status_code == 422
    assert 'value="The analysis"' in page.content.decode()
    nothing = staff.post(_room(incident, "promises/"), {"text": "The analysis", "due_at": ""})
    assert nothing.status_code == 422
    ahead = past | {"due_at": "2026-11-18T20:00"}
    for _ in range(2):
        assert staff.post(_room(incident, "promises/"), ahead).status_code == 302
    row = Commitment.objects.get()
    assert row.due_at == NOON + timedelta(hours=4)  # 20:00 in Dubai
    clock = Deadline.objects.get(subject_kind="commitment", subject_id=row.pk)
    assert f"#promise-{row.pk}" in staff.get(_room(incident, "deadlines/")).content.decode()
    assert staff.post(_room(incident, f"promises/{row.pk}/")).status_code == 302
    assert staff.post(_room(incident, f"promises/{row.pk}/")).status_code == 422
    clock.refresh_from_db()
    assert clock.state == "met"
    assert "kept" in staff.get(_room(incident)).content.decode()


def test_a_question_says_how_to_go_private_on_its_channel(desk: Desk, incident: Incident) -> None:
    OfficialAccount.objects.filter(channel__key="x").update(
        contact_url="https://nour.example/help", contact_line={"en": "Write to us here:"}
    )
    by = {"actor": desk.actor("staff"), "at": NOON}
    on_x = notebook.ask_question(
        incident_id=incident.pk, text="My order?", asker="customer", channel="x", **by
    )
    nowhere = notebook.ask_question(
        incident_id=incident.pk, text="Where?", asker="customer", channel="instagram", **by
    )
    staff = signed_in(desk.staff)
    body = staff.get(_room(incident, f"questions/{on_x.pk}/")).content.decode()
    assert "Follow them first" in body
    assert "Write to us here:" in body and "https://nour.example/help" in body
    body = staff.get(_room(incident, f"questions/{nowhere.pk}/")).content.decode()
    assert "No official account with a contact link" in body


def test_every_clock_opens_the_page_that_meets_it(desk: Desk, incident: Incident) -> None:
    question = notebook.ask_question(
        incident_id=incident.pk, text="Yours?", asker="press", actor=desk.actor("staff"), at=NOON
    )
    body = signed_in(desk.staff).get(_room(incident, "deadlines/")).content.decode()
    for rest in (f"questions/{question.pk}/", "statements/", "checklists/"):
        assert f'href="{_room(incident, rest)}"' in body
    clock = incident.deadlines.filter(state="running").earliest("pk")
    silence = f'<a class="btn" href="{_room(incident, f"deadlines/{clock.pk}/")}">Reminders<'
    assert silence in body
    held = _room(incident, f"deadlines/{clock.pk}/")
    waive = 'name="do" value="waive"'
    assert waive in signed_in(desk.lead).get(held).content.decode()
    assert waive not in signed_in(desk.executive).get(held).content.decode()


def test_a_new_room_asks_the_first_questions_of_its_case(desk: Desk, incident: Incident) -> None:
    first, trap = incident.plan["first_facts"]["en"][0], incident.plan["trap"]["en"]
    page = signed_in(desk.staff).get(_room(incident))
    body = html.unescape(page.content.decode())
    assert f"<li>{first}</li>" in body
    assert trap in body
    notebook.state_fact(
        incident_id=incident.pk,
        text="It is not ours",
        is_known=True,
        actor=desk.actor("staff"),
        at=NOON,
    )
    assert "Answer these first" not in signed_in(desk.staff).get(_room(incident)).content.decode()
