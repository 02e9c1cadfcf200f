"""The room: what people see and press, what is refused, and that a stranger finds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crisisdesk.incidents.domain import notebook
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Evidence,
    Fact,
    Incident,
    Question,
    TimelineEvent,
)
from crisisdesk.organisation.models import Membership
from tests.factories.incidents import LINK, Desk, make_incident
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def _room(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/"


def _number(incident: Incident) -> int:
    return Incident.objects.get(pk=incident.pk).last_number


TABS = ["", "checklists/", "timeline/"]
ASKING = ["status/", "severity/", "title/", "cancel/", "restrict/"]


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("tab", TABS + ASKING)
def test_every_page_of_the_room_answers_in_every_language(
    desk: Desk, incident: Incident, tab: str, language: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    page = signed_in(desk.lead).get(_room(incident) + tab)
    body = page.content.decode()
    assert page.status_code == 200
    assert incident.reference in body
    assert "<c-" not in body
    assert "style=" not in body


@pytest.mark.parametrize("tab", [*TABS, *ASKING, "head/", "news/", "timeline/1/"])
def test_a_stranger_finds_no_room(desk: Desk, incident: Incident, tab: str) -> None:
    assert signed_in(desk.stranger).get(_room(incident) + tab).status_code == 404


PRESSES = [
    ("write/", {"kind": "note", "text": "Hello"}),
    ("severity/", {"to": "sev1"}),
    ("title/", {"title": "Other", "version": "1"}),
    ("status/", {"to": "active"}),
    ("cancel/", {"reason": "false_alarm", "line": "Nothing"}),
    ("restrict/", {"restricted": "yes"}),
]


@pytest.mark.parametrize(("path", "given"), PRESSES)
def test_a_stranger_and_an_executive_change_nothing(
    desk: Desk, incident: Incident, path: str, given: dict[str, str]
) -> None:
    assert signed_in(desk.stranger).post(_room(incident) + path, given).status_code == 404
    assert signed_in(desk.executive).post(_room(incident) + path, given).status_code == 403
    assert _number(incident) == 1


def test_an_executive_reads_the_room_without_buttons(desk: Desk, incident: Incident) -> None:
    body = signed_in(desk.executive).get(_room(incident) + "checklists/").content.decode()
    assert "items/" in body
    assert "/tick/" not in body
    assert "write/" not in signed_in(desk.executive).get(_room(incident)).content.decode()


def test_a_tick_is_an_event_and_a_second_person_is_told_who_was_first(
    desk: Desk, incident: Incident
) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    path = f"{_room(incident)}items/{item.pk}/tick/"
    row = signed_in(desk.staff).post(path, headers={"HX-Request": "true"})
    assert row.status_code == 200
    assert 'aria-pressed="true"' in row.content.decode()
    again = signed_in(desk.lead).post(path, headers={"HX-Request": "true"})
    assert again.status_code == 409
    assert desk.staff.full_name in again.content.decode()
    assert TimelineEvent.objects.filter(incident=incident, kind="item_done").count() == 1


def test_a_skip_without_a_reason_is_refused_in_words(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    path = f"{_room(incident)}items/{item.pk}/skip/"
    page = signed_in(desk.staff).post(path, {"reason": " "}, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert "notice is-harm" in page.content.decode()
    assert _number(incident) == 1
    signed_in(desk.staff).post(path, {"reason": "The account is gone"})
    item.refresh_from_db()
    assert (item.state, item.skip_reason) == ("skipped", "The account is gone")


def test_evidence_is_kept_and_downloaded_as_an_attachment(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    path = f"{_room(incident)}items/{item.pk}/evidence/"
    client = signed_in(desk.staff)
    client.post(path, {"file": SimpleUploadedFile("reply.png", PNG, "image/png")})
    row = Evidence.objects.get(incident=incident)
    got = client.get(f"{_room(incident)}evidence/{row.pk}/")
    assert got.content == PNG
    assert got["Content-Disposition"].startswith("attachment")
    assert signed_in(desk.stranger).get(f"{_room(incident)}evidence/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("tool.exe", b"MZ\x90\x00" + b"\0" * 60, "application/octet-stream"),
        SimpleUploadedFile("page.png", b"<html><script>1</script></html>", "image/png"),
        SimpleUploadedFile("empty.png", b"", "image/png"),
    ],
)
def test_a_file_of_a_type_not_allowed_is_refused(
    desk: Desk, incident: Incident, upload: Any
) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    page = signed_in(desk.staff).post(
        f"{_room(incident)}items/{item.pk}/evidence/", {"file": upload}
    )
    assert page.status_code == 422
    assert not Evidence.objects.exists()


def test_the_box_takes_note_fact_decision_and_question(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.staff)
    path = f"{_room(incident)}write/"
    for given in (
        {"kind": "note", "text": "لقطة شاشة من عميل"},
        {"kind": "fact", "text": "31 replies", "known": "yes"},
        {
            "kind": "decision",
            "question": "Answer it?",
            "choice": "No",
            "reason": "It wants a quarrel",
        },
        {
            "kind": "question",
            "text": "Is it yours?",
            "asker": "press",
            "channel": "x",
            "times": "3",
        },
    ):
        assert client.post(path, given).status_code == 302
    kinds = list(
        TimelineEvent.objects.filter(incident=incident)
        .order_by("number")
        .values_list("kind", flat=True)
    )
    assert kinds == ["declared", "note_added", "fact_stated", "decision_made", "question_asked"]
    body = client.get(_room(incident)).content.decode()
    assert "31 replies" in body
    assert "Is it yours?" in body


def test_a_refused_note_keeps_what_was_typed(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.staff)
    later = {"kind": "note", "text": "A long thought", "occurred_at": "2030-01-01T10:00"}
    page = client.post(f"{_room(incident)}write/", later)
    assert page.status_code == 422
    assert "A long thought" in page.content.decode()
    assert _number(incident) == 1


def test_two_people_changing_the_title_see_both(desk: Desk, incident: Incident) -> None:
    path = f"{_room(incident)}title/"
    version = str(incident.version)
    signed_in(desk.lead).post(path, {"title": "First title", "version": version})
    page = signed_in(desk.lead).post(path, {"title": "Second title", "version": version})
    body = page.content.decode()
    assert page.status_code == 409
    assert "First title" in body
    assert "Second title" in body


def test_what_stands_in_the_way_is_listed_before_the_button(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.lead)
    client.post(f"{_room(incident)}status/", {"to": "active"})
    body = client.get(f"{_room(incident)}status/").content.decode()
    assert "Required items of the first 15 minutes still open" in body
    client.post(f"{_room(incident)}status/", {"to": "resolved"})
    body = client.get(f"{_room(incident)}status/").content.decode()
    assert "post-mortem is not final" in body
    page = client.post(f"{_room(incident)}status/", {"to": "closed"})
    assert page.status_code == 422
    incident.refresh_from_db()
    assert incident.status == "resolved"


def test_same_matter_links_notes_and_evidence(desk: Desk, incident: Incident) -> None:
    other = make_incident(desk, seen="The other one")
    client = signed_in(desk.lead)
    given = {"reason": "same_matter", "same_matter_as": other.reference, "line": "Seen twice"}
    client.post(f"{_room(incident)}cancel/", given)
    incident.refresh_from_db()
    assert (incident.status, incident.same_matter_as) == ("cancelled", other)
    assert TimelineEvent.objects.filter(incident=other, kind="linked").exists()


def test_a_question_is_answered_taken_private_and_closed(desk: Desk, incident: Incident) -> None:
    row = notebook.ask_question(
        incident_id=incident.pk,
        text="Hello?",
        asker="customer",
        channel="x",
        actor=desk.actor("staff"),
        at=NOON,
    )
    client = signed_in(desk.staff)
    path = f"{_room(incident)}questions/{row.pk}/"
    assert "Take it private" in client.get(path).content.decode()
    client.post(path, {"version": "1", "answer": "Not ours", "url": LINK})
    client.post(path, {"version": "2", "do": "private"})
    stale = client.post(path, {"version": "2", "do": "close", "closing_url": LINK})
    assert stale.status_code == 409
    client.post(path, {"version": "3", "do": "close", "closing_url": LINK})
    assert Question.objects.get(pk=row.pk).closed_publicly_at == NOON


def test_a_fact_is_settled_and_withdrawn(desk: Desk, incident: Incident) -> None:
    fact = notebook.state_fact(
        incident_id=incident.pk,
        text="Who runs it",
        is_known=False,
        actor=desk.actor("staff"),
        at=NOON,
    )
    client = signed_in(desk.staff)
    path = f"{_room(incident)}facts/{fact.pk}/"
    client.post(path, {"version": "1", "text": "A stranger runs it", "known": "yes", "do": "save"})
    assert Fact.objects.get(pk=fact.pk).is_known
    client.post(
        path, {"version": "2", "text": "A stranger runs it", "known": "yes", "do": "withdraw"}
    )
    assert Fact.objects.get(pk=fact.pk).is_withdrawn


def test_reminders_are_silenced_and_a_deadline_let_go(desk: Desk, incident: Incident) -> None:
    holding = Deadline.objects.get(incident=incident, kind="holding")
    path = f"{_room(incident)}deadlines/{holding.pk}/"
    lead = signed_in(desk.lead)
    assert "Who is called next" in lead.get(path).content.decode()
    lead.post(path, {"minutes": "10", "was": ""})
    assert TimelineEvent.objects.filter(incident=incident, kind="deadline_snoozed").exists()
    assert lead.post(path, {"minutes": "30", "was": ""}).status_code == 409
    assert signed_in(desk.staff).post(path, {"minutes": "10"}).status_code == 403
    back = signed_in(desk.executive).post(path, {"minutes": "10", "back": "desk"})
    assert back["Location"] == "/"
    signed_in(desk.staff).post(path, {"do": "acknowledge"})
    assert "has it since" in lead.get(path).content.decode()
    refused = signed_in(desk.lead).post(path, {"do": "waive", "reason": ""})
    assert refused.status_code == 422
    signed_in(desk.lead).post(path, {"do": "waive", "reason": "Nobody asks"})
    holding.refresh_from_db()
    assert holding.state == "waived"


def test_an_executive_asks_in_the_room_and_the_lead_answers(desk: Desk, incident: Incident) -> None:
    path = f"{_room(incident)}update/"
    executive, lead = signed_in(desk.executive), signed_in(desk.lead)
    assert "Ask for an update" in executive.get(_room(incident)).content.decode()
    executive.post(path, {"do": "ask", "question": "Is it over?"})
    again = executive.post(path, {"do": "ask", "question": "And now?"})
    assert again.status_code == 422 and "And now?" in again.content.decode()
    assert "Answer the request" in lead.get(_room(incident)).content.decode()
    assert "Is it over?" in lead.get(path).content.decode()
    lead.post(path, {"do": "answer", "text": "We know more at one."})
    assert "We know more at one." in executive.get(path).content.decode()
    late = lead.post(path, {"do": "answer", "text": "Once more"})
    assert late.status_code == 422


def test_what_stopped_and_what_reaches_nobody_stands_in_red(desk: Desk, incident: Incident) -> None:
    Membership.objects.filter(user=desk.executive).delete()
    holding = Deadline.objects.filter(incident=incident, kind="holding")
    holding.update(stopped_at=NOON, times_rung=8)
    page = signed_in(desk.lead).get(_room(incident)).content.decode()
    assert "We stopped reminding of 1 deadline" in page and "(8)" in page
    assert "reaches nobody: the executives" in page
    clocks = signed_in(desk.lead).get(f"{_room(incident)}deadlines/").content.decode()
    assert "reaches nobody" in clocks and "at most 8 reminders for one deadline" in clocks


def test_a_restricted_room_is_gone_for_the_brand_but_not_for_the_named(
    desk: Desk, incident: Incident
) -> None:
    lead = signed_in(desk.lead)
    lead.post(f"{_room(incident)}restrict/", {"restricted": "yes"})
    assert signed_in(desk.admin).get(_room(incident)).status_code == 404
    lead.post(f"{_room(incident)}restrict/", {"user": str(desk.executive.pk)})
    page = signed_in(desk.executive).get(_room(incident))
    assert page.status_code == 200
    assert "RESTRICTED" in page.content.decode()


def test_the_timeline_is_paged_and_an_event_is_set_right(desk: Desk, incident: Incident) -> None:
    for number in range(60):
        notebook.add_note(
            incident_id=incident.pk, text=f"Note {number}", actor=desk.actor("staff"), at=NOON
        )
    client = signed_in(desk.staff)
    body = client.get(f"{_room(incident)}timeline/").content.decode()
    assert "Note 59" in body
    assert "Note 3<" not in body
    older = client.get(
        f"{_room(incident)}timeline/?before=12", headers={"HX-Request": "true"}
    ).content.decode()
    assert "Note 3" in older
    assert "<html" not in older
    client.post(f"{_room(incident)}timeline/61/", {"text": "It was sixty"})
    assert "It was sixty" in client.get(f"{_room(incident)}timeline/").content.decode()


@pytest.mark.parametrize("tab", TABS)
def test_queries_do_not_grow_with_the_room(
    desk: Desk, incident: Incident, tab: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.lead)
    staff = desk.actor("staff")
    common = {"incident_id": incident.pk, "actor": staff, "at": NOON}

    def fill(start: int, stop: int) -> None:
        for number in range(start, stop):
            notebook.add_note(text=f"Note {number}", **common)
            notebook.state_fact(text=f"Fact {number}", is_known=bool(number % 2), **common)
            notebook.ask_question(text=f"Question {number}?", asker="customer", **common)

    fill(0, 1)
    client.get(_room(incident) + tab)
    with django_assert_max_num_queries(45) as few:
        client.get(_room(incident) + tab)
    fill(1, 50)
    with django_assert_max_num_queries(len(few)):
        client.get(_room(incident) + tab)


def test_a_signed_out_person_is_asked_to_sign_in(incident: Incident) -> None:
    assert Client().get(_room(incident)).status_code == 302


def test_a_file_is_named_again_when_its_form_is_refused(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    page = signed_in(desk.staff).post(
        f"{_room(incident)}items/{item.pk}/evidence/",
        {"file": SimpleUploadedFile("run.exe", b"MZ\x90\x00" * 9), "url": "https://x.com/1"},
    )
    body = page.content.decode()
    assert (page.status_code, "https://x.com/1" in body) == (422, True)
    assert "choose the file again" in body
    assert "run.exe" in body


def test_an_item_and_the_clock_it_meets_are_one_thing_to_do(desk: Desk, incident: Incident) -> None:
    clock = Deadline.objects.get(incident=incident, kind="posts_paused", subject_kind="incident")
    item = ChecklistItem.objects.get(incident=incident, meets="posts_paused")
    own = Deadline.objects.get(subject_kind="item", subject_id=item.pk)
    head = signed_in(desk.lead).get(f"{_room(incident)}head/").content.decode()
    strip = head.partition('id="strip"')[2]
    shown = [row for row in (clock, own) if f"{row.label['en']}<" in strip]
    assert len(shown) == 1, strip
    every = signed_in(desk.lead).get(f"{_room(incident)}deadlines/").content.decode()
    assert clock.label["en"] in every
    assert own.label["en"] in every


def test_restricting_is_a_change_of_the_row(desk: Desk, incident: Incident) -> None:
    version = incident.version
    signed_in(desk.lead).post(f"{_room(incident)}restrict/", {"restricted": "yes"})
    incident.refresh_from_db()
    assert (incident.is_restricted, incident.version) == (True, version + 1)
    signed_in(desk.lead).post(f"{_room(incident)}restrict/", {"restricted": "yes"})
    incident.refresh_from_db()
    assert incident.version == version + 1
