"""Every writing operation refuses in its own words, and then nothing is written."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from crisisdesk.api.docs import description
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.models import BrandLanguage
from tests.api.caller import ROOT, Caller, state
from tests.api.refusals_by_subject import BY_SUBJECT
from tests.api.room import EARLIER, LATER, Full, body_of, make_full
from tests.factories.incidents import LINK, Desk, make_incident

BY_PHONE = {"said_at": EARLIER}
OPENING = {"playbook": "fake-support-account", "brand": "nour"}

# who, operation, what is changed in a body that would pass, status, code
REFUSED: list[tuple[str, str, dict[str, Any], int, str]] = [
    *BY_SUBJECT,
    ("lead", "open_incident", {**OPENING, "seen": "  "}, 422, "title_missing"),
    ("lead", "open_incident", {"playbook": "nothing"}, 422, "playbook_unknown"),
    ("lead", "open_incident", {"brand": "other"}, 422, "no_such_brand"),
    ("lead", "open_incident", {"severity": "sev9"}, 422, "severity_unknown"),
    ("lead", "open_incident", {"detected_at": LATER}, 422, "detected_in_future"),
    ("lead", "open_incident", {"first_signal_at": LATER}, 422, "first_signal_after_detection"),
    ("lead", "open_incident", {"languages": ["xx"]}, 422, "language_unknown"),
    ("lead", "open_incident", {"channels": ["telegraph"]}, 422, "channel_unknown"),
    ("lead", "open_incident", {"origin_url": "no link"}, 422, "link_invalid"),
    ("observer", "open_incident", {}, 403, "not_allowed"),
    ("lead", "change_status", {"to": "closed"}, 422, "transition_not_allowed"),
    ("lead", "change_status", {"to": "cancelled"}, 422, "cancel_needs_reason"),
    ("lead", "change_status", {"to": "resolved"}, 422, "not_ready"),
    ("lead", "change_status", {"expected": "declared"}, 409, "status_changed"),
    ("executive", "change_status", {}, 403, "not_allowed"),
    ("lead", "change_severity", {"to": "sev3"}, 422, "reason_missing"),
    ("lead", "change_severity", {"to": "grave"}, 422, "severity_unknown"),
    ("lead", "change_severity", {"expected": "sev4"}, 409, "severity_changed"),
    ("lead", "change_title", {"title": " "}, 422, "title_missing"),
    ("lead", "change_title", {"version": 77}, 409, "stale"),
    ("lead", "open_incident", {"answers": {"fire": "yes"}}, 422, "question_unknown"),
    ("lead", "cancel_incident", {"line": " "}, 422, "line_missing_cancel"),
    ("lead", "cancel_incident", {"reason": "same_matter"}, 422, "same_matter_missing"),
    ("lead", "cancel_incident", {"same_matter_as": "CD-1999-0001"}, 404, "not_found"),
    ("lead", "reopen_incident", {}, 422, "not_ended"),
    ("staff", "join_incident", {"seen": " "}, 422, "title_missing"),
    ("staff", "set_closing_line", {"line": " "}, 422, "line_missing"),
    ("staff", "set_closing_line", {"version": 77}, 409, "stale"),
    ("lead", "assign_role", {"role": "king"}, 422, "role_unknown"),
    ("lead", "assign_role", {"user": 10**9}, 422, "no_such_person"),
    ("lead", "assign_role", {"role": "lead", "user": "observer"}, 422, "person_may_not_lead"),
    ("lead", "offer_handover", {"role": "king"}, 422, "role_unknown"),
    ("lead", "offer_handover", {"role": "lead"}, 422, "handover_open"),
    ("approver", "offer_handover", {"role": "lead"}, 422, "role_not_yours"),
    ("lead", "offer_handover", {"role": "lead", "receiver": "lead"}, 422, "handover_to_self"),
    ("lead", "accept_handover", {}, 422, "handover_not_yours"),
    ("approver", "withdraw_handover", {}, 403, "not_allowed"),
    ("admin", "restrict_incident", {}, 403, "not_allowed"),
    ("lead", "grant_access", {"user": 10**9}, 422, "no_such_person"),
    ("staff", "add_note", {"text": " "}, 422, "text_missing"),
    ("staff", "add_note", {"text": "x" * 2001}, 422, "text_too_long"),
    ("staff", "add_note", {"occurred_at": LATER}, 422, "occurred_in_future"),
    ("executive", "add_note", {}, 403, "not_allowed"),
    ("staff", "amend_event", {"text": ""}, 422, "text_missing"),
    ("admin", "erase_text", {"reason": " "}, 422, "reason_missing"),
    ("lead", "erase_text", {}, 403, "not_allowed"),
    ("staff", "state_fact", {"text": "x" * 301}, 422, "text_too_long"),
    ("staff", "change_fact", {"version": 2}, 409, "stale"),
    ("staff", "make_decision", {"choice": ""}, 422, "text_missing"),
    ("staff", "ask_question", {"asker": "ghost"}, 422, "asker_unknown"),
    ("staff", "ask_question", {"times_asked": 0}, 422, "times_asked_range"),
    ("staff", "ask_question", {"url": "no link"}, 422, "link_invalid"),
    ("staff", "ask_question", {"asked_at": LATER}, 422, "occurred_in_future"),
    ("staff", "answer_question", {"answer": " "}, 422, "text_missing"),
    ("staff", "answer_question", {"version": 4}, 409, "stale"),
    ("staff", "take_private", {"version": 4}, 409, "stale"),
    ("staff", "post_closing_line", {}, 422, "not_private"),
    ("staff", "make_commitment", {"due_at": EARLIER}, 422, "due_in_past"),
    ("executive", "keep_commitment", {}, 403, "not_allowed"),
    ("executive", "tick_item", {}, 403, "not_allowed"),
    ("staff", "undo_item", {}, 409, "item_changed"),
    ("staff", "skip_item", {"reason": " "}, 422, "reason_missing"),
    ("staff", "assign_items", {"items": []}, 422, "items_missing"),
    ("staff", "assign_items", {"items": [10**9]}, 422, "items_missing"),
    ("staff", "assign_items", {"owner": 10**9}, 422, "no_such_person"),
    ("staff", "add_evidence", {"url": " "}, 422, "evidence_missing"),
    ("staff", "add_evidence", {"url": "no link"}, 422, "link_invalid"),
    ("staff", "add_evidence", {"item": 10**9}, 404, "no_such_item"),
    ("staff", "add_statement", {"title": " "}, 422, "title_missing"),
    ("staff", "add_statement", {"channels": []}, 422, "channels_missing"),
    ("staff", "add_statement", {"channels": ["telegraph"]}, 422, "channel_unknown"),
    ("staff", "add_statement", {"languages": ["fr"]}, 422, "language_unknown"),
    ("staff", "save_draft", {"text": " "}, 422, "text_missing"),
    ("staff", "save_draft", {"text": "x" * 20_001}, 422, "text_too_long"),
    ("staff", "save_draft", {"version": 1}, 409, "stale"),
    ("staff", "submit_draft", {}, 422, "nothing_to_submit"),
    ("staff", "submit_draft", {"version": 1}, 409, "stale"),
    ("staff", "plan_language", {"plan": "to_follow"}, 422, "follow_by_missing"),
    ("staff", "plan_language", {"plan": "to_follow", "follow_by": EARLIER}, 422, "follow_by_past"),
    ("staff", "approve_revision", {}, 403, "own_text"),
    ("approver", "approve_revision", {}, 409, "words_changed"),
    ("executive", "approve_revision", {}, 403, "not_allowed"),
    ("approver", "send_back_revision", {"comment": " "}, 422, "comment_missing"),
    ("approver", "send_back_revision", {}, 409, "words_changed"),
    ("approver", "take_back_revision", {}, 403, "not_allowed"),
    ("staff", "record_phone_approval", {}, 403, "own_text"),
    ("lead", "record_phone_approval", {"said_at": LATER}, 422, "said_in_future"),
    ("lead", "record_phone_approval", {"approver": 10**9}, 422, "no_such_person"),
    ("lead", "confirm_approval", {}, 403, "not_your_word"),
    ("approver", "chase_approver", {}, 403, "not_allowed"),
    ("staff", "claim_posting", {}, 422, "not_approved"),
    ("staff", "claim_posting", {"channel": "telegraph"}, 422, "channel_unknown"),
    ("staff", "record_publication", {}, 422, "not_approved"),
    ("staff", "override_publication", {}, 403, "own_text"),
    ("lead", "override_publication", {"reason": " "}, 422, "reason_missing"),
    ("lead", "override_publication", {"url": ""}, 422, "link_missing"),
    ("lead", "override_publication", {"published_at": LATER}, 422, "published_in_future"),
    ("staff", "add_publication_link", {"url": "no link"}, 422, "link_invalid"),
    ("executive", "release_posting", {}, 403, "not_allowed"),
    ("lead", "review_override", {"note": " "}, 422, "text_missing"),
    ("staff", "save_postmortem", {"verdict": "x" * 141}, 422, "text_too_long"),
    ("staff", "save_postmortem", {"lessons": ["never"]}, 422, "lesson_unknown"),
    ("staff", "save_postmortem", {"version": 3}, 409, "stale"),
    ("lead", "finalise_postmortem", {}, 409, "stale"),
    ("staff", "add_action", {"due_date": "2026-01-01"}, 422, "due_in_past"),
    ("staff", "add_action", {"owner": 10**9}, 422, "no_such_person"),
    ("staff", "finish_action", {"version": 2}, 409, "stale"),
    ("lead", "request_report", {"language": "fr"}, 400, "malformed"),
    ("staff", "sign_acknowledgement", {}, 403, "not_the_brands_approver"),
    ("approver", "sign_acknowledgement", {"statement": "holding"}, 422, "not_an_acknowledgement"),
    ("approver", "sign_acknowledgement", {"language": "ar"}, 422, "already_signed"),
    ("lead", "withdraw_signature", {}, 403, "not_the_brands_approver"),
    ("lead", "change_me", {"language": "fr"}, 422, "language_unknown"),
    ("lead", "change_me", {"language": "ar", "zone": "Mars/Base"}, 422, "zone_unknown"),
    ("approver", "mark_line_read", {}, 404, "not_found"),
    ("lead", "mark_all_read", {"up_to": "all"}, 400, "malformed"),
]

_PEOPLE = ("user", "receiver", "owner", "stand_in")


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Refusals are expected here."""
    logging.getLogger("django.request").setLevel(logging.ERROR)


@pytest.fixture
def full(desk: Desk) -> Full:
    """A room in which every kind of row exists."""
    return make_full(desk)


def path_of(full: Full, name: str) -> tuple[str, str]:
    """Return method and address of an operation."""
    found = next(each for each in full.operations() if each.name == name)
    return found.method, found.path


def test_each_refusal_has_its_words_and_writes_nothing(desk: Desk, full: Full) -> None:
    callers = {name: Caller(getattr(desk, name)) for name in {row[0] for row in REFUSED}}
    people = {name: getattr(desk, name).pk for name in ("lead", "observer", "approver")}
    for who, name, changes, status, code in REFUSED:
        named = {key: people[changes[key]] for key in _PEOPLE if changes.get(key) in people}
        method, path = path_of(full, name)
        callers[who].refused(status, code, method, path, body_of(name, desk) | changes | named)


def test_every_writing_operation_is_refused_above() -> None:
    paths = description()["paths"].values()
    writing = {
        told["operationId"]
        for methods in paths
        for method, told in methods.items()
        if method != "get"
    }
    assert writing == {name for _, name, *_ in REFUSED} | {"test_my_mail"}


def test_a_test_that_no_mail_server_takes(lead: Caller, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    lead.refused(422, "test_refused", "post", "transports/test/")


def test_what_stands_in_the_way_comes_with_its_words(desk: Desk, full: Full, lead: Caller) -> None:
    method, path = path_of(full, "change_status")
    found = lead.refused(422, "not_ready", method, path, {"to": "resolved"})
    assert [reason["code"] for reason in found["reasons"]][0] == "words_in_review"
    assert all(reason["detail"] for reason in found["reasons"])
    before = lead.get(path.replace("status", "transitions"))["results"]
    reasons = next(step for step in before if step["to"] == "resolved")["reasons"]
    assert [reason for reason in reasons if reason["blocks"]] == found["reasons"]


def test_an_older_revision_is_neither_approved_nor_posted(
    desk: Desk, full: Full, lead: Caller, approver: Caller, staff: Caller
) -> None:
    method, draft = path_of(full, "save_draft")
    lead.does(method, draft, {"text": "نص آخر", "version": 2})
    for caller, name in (
        (approver, "approve_revision"),
        (approver, "send_back_revision"),
        (staff, "claim_posting"),
        (staff, "record_publication"),
        (lead, "override_publication"),
    ):
        code = "own_text" if name == "override_publication" else "newer_revision"
        status = 403 if code == "own_text" else 422
        caller.refused(status, code, *path_of(full, name), body_of(name, desk))


def test_an_unread_language_is_not_approved(desk: Desk, full: Full, approver: Caller) -> None:
    desk.approver.reads = ["en"]
    desk.approver.save()
    method, path = path_of(full, "approve_revision")
    approver.refused(403, "language_not_read", method, path, {"text_hash": "x"})


def test_nobody_can_approve_and_placeholders_are_named(desk: Desk, full: Full) -> None:
    staff = Caller(desk.staff)
    path = f"incidents/{full.incident.reference}/statements/{full.words.statement_id}/he/"
    staff.does("put", f"{path}draft/", {"text": "{fake_account} לא שלנו", "version": 1})
    found = staff.refused(422, "placeholders_left", "post", f"{path}submit/", {"version": 2})
    assert "fake_account" in found["fields"]["text"][0]["detail"]
    staff.does("put", f"{path}draft/", {"text": "לא שלנו", "version": 2})
    BrandLanguage.objects.update(approver=None, deputy=None)
    for person in (desk.approver, desk.deputy, desk.lead):
        person.reads = ["en"]
        person.save()
    staff.refused(422, "nobody_can_approve", "post", f"{path}submit/", {"version": 3})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"MZ\x90\x00" * 20, "file_type_not_allowed"),
        ("a.png", b"<html><script>", "file_type_not_allowed"),
        ("a.txt", b"", "file_empty"),
        ("a.pdf", b"%PDF-1.7" + b" " * 2048, "file_too_large"),
    ],
)
def test_files_are_looked_at(
    room: str, staff: Caller, lead: Caller, name: str, content: bytes, code: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr(settings, "UPLOAD_MAX_BYTES", 2048)
    file = SimpleUploadedFile(name, content)
    staff.refused(422, code, "post", f"{room}evidence/", {"file": file}, upload=True)


def test_an_ended_incident_takes_no_more(desk: Desk, full: Full, lead: Caller) -> None:
    Incident.objects.filter(pk=full.incident.pk).update(status="closed")
    for name in (
        "change_severity", "change_title", "take_over", "join_incident", "assign_role", "offer_handover",
        "make_commitment", "tick_item", "undo_item", "skip_item", "assign_items",
        "add_statement", "save_draft", "submit_draft", "plan_language", "approve_revision",
        "send_back_revision", "take_back_revision", "record_phone_approval", "confirm_approval", "chase_approver",
        "claim_posting", "record_publication", "override_publication",
    ):  # fmt: skip
        lead.refused(422, "incident_ended", *path_of(full, name), body_of(name, desk))
    lead.refused(422, "reopen_needs_reason", *path_of(full, "change_status"), {"to": "active"})
    lead.refused(422, "reason_missing", *path_of(full, "reopen_incident"), {"reason": " "})


def test_what_cannot_be_read_says_where(room: str, staff: Caller) -> None:
    path = f"{room}questions/"
    found = staff.refused(400, "malformed", "post", path, {"asker": 3.5, "text": [], "x": 1})
    assert found["fields"].keys() == {"x"}
    found = staff.refused(400, "malformed", "post", path, {"times_asked": "many"})
    assert found["fields"]["text"][0]["code"] == "required"
    assert found["fields"]["times_asked"][0]["code"] == "invalid"
    found = staff.refused(400, "malformed", "post", path, ["not", "an", "object"])
    found = staff.refused(400, "malformed", "post", f"{room}notes/", {"text": "a\x00b"})
    assert found["fields"].keys() == {"text"}
    half = r'{"text": "half a sign \ud800"}'
    response = staff.client.post(f"{ROOT}{room}notes/", half, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "malformed")
    response = staff.client.post(
        f"{ROOT}{room}notes/", "{not json", content_type="application/json"
    )
    assert (response.status_code, response.json()["code"]) == (400, "unreadable")
    response = staff.client.post(f"{ROOT}{room}notes/", "a=b", content_type="text/plain")
    assert (response.status_code, response.json()["code"]) == (415, "format_not_read")
    response = staff.client.get(f"{ROOT}{room}", headers={"Accept": "text/html"})
    assert (response.status_code, response.json()["code"]) == (406, "format_not_offered")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("cursor=x", 422, "cursor_wrong"),
        ("limit=0", 400, "malformed"),
        ("limit=201", 400, "malformed"),
        ("status=lost", 400, "malformed"),
        ("surprise=1", 400, "malformed"),
    ],
)
def test_a_query_that_cannot_be_read(lead: Caller, query: str, status: int, code: str) -> None:
    response = lead.call("get", f"incidents/?{query}")
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_reports_are_not_asked_for_without_end(room: str, lead: Caller) -> None:
    for _ in range(30):
        lead.does("post", f"{room}reports/", {"language": "en"})
    response = lead.call("post", f"{room}reports/", {"language": "en"})
    assert (response.status_code, response.json()["code"]) == (429, "throttled")
    assert int(response.headers["Retry-After"]) > 0


def test_a_promise_kept_and_a_link_twice(desk: Desk, full: Full, staff: Caller) -> None:
    for name, code in (("keep_commitment", "already_kept"), ("finish_action", "already_done")):
        method, path = path_of(full, name)
        body = body_of(name, desk)
        staff.does(method, path, body)
        staff.refused(422, code, method, path, {**body, **({"version": 2} if body else {})})
    method, path = path_of(full, "waive_deadline")
    lead = Caller(desk.lead)
    lead.does(method, path, {"reason": "R"})
    lead.refused(422, "deadline_not_running", method, path, {"reason": "R"})
    posted = f"incidents/{full.incident.reference}/revisions/"
    revision = f"{posted}{full.incident.publications.get().revision_id}/"
    again = {"channel": "x", "url": LINK}
    staff.refused(422, "already_published", "post", f"{revision}publications/", again)
    staff.refused(422, "already_published", "post", f"{revision}claim/", {"channel": "x"})


def test_a_role_is_not_offered_to_who_cannot_see_the_room(
    desk: Desk, full: Full, lead: Caller
) -> None:
    Incident.objects.filter(pk=full.incident.pk).update(is_restricted=True)
    method, path = path_of(full, "offer_handover")
    body = {"role": "monitor", "receiver": desk.deputy.pk}
    lead.refused(422, "receiver_cannot_see", method, path, body)


def test_a_post_is_not_recorded_while_somebody_else_is_posting(
    desk: Desk, full: Full, lead: Caller, staff: Caller
) -> None:
    posted = f"incidents/{full.incident.reference}/revisions/"
    revision = f"{posted}{full.incident.publications.get().revision_id}/"
    lead.does("post", f"{revision}claim/", {"channel": "facebook"})
    there = {"channel": "facebook", "url": LINK}
    found = staff.refused(422, "claimed_by_other", "post", f"{revision}publications/", there)
    assert desk.lead.full_name in found["detail"]
    staff.does("post", f"{revision}claim/", {"channel": "facebook", "take_over": True})
    staff.does("post", f"{revision}publications/", there)


def test_a_review_is_not_signed_with_empty_lines(full: Full, lead: Caller) -> None:
    room = f"incidents/{full.incident.reference}/postmortem/"
    words = dict.fromkeys(("verdict", "summary", "went_well", "went_badly", "cause"), "Words")
    lead.does("put", room, {**words, "version": 0})
    found = lead.refused(422, "postmortem_incomplete", "post", f"{room}finalise/", {"version": 1})
    missing = [reason["params"]["line"] for reason in found["reasons"]]
    assert missing == ["affected", "business_effect"]
    kept = {"affected": "Two customers", "business_effect_known": False, "version": 1}
    assert lead.does("put", room, kept)["business_effect_known"] is False
    assert lead.does("post", f"{room}finalise/", {"version": 2})["is_final"]


def test_items_of_channels_not_in_use_are_not_listed(desk: Desk, staff: Caller) -> None:
    incident = make_incident(desk, channels=("x",))
    hidden = incident.items.get(channel="instagram")
    path = f"incidents/{incident.reference}/items/"
    assert hidden.pk not in [item["id"] for item in staff.get(path)["results"]]
    staff.does("post", f"{path}{hidden.pk}/tick/")
    assert hidden.pk in [item["id"] for item in staff.get(path)["results"]]


def test_a_fault_of_ours_answers_with_a_reference_that_stands_in_the_log(
    room: str, staff: Caller, monkeypatch: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**asked: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("crisisdesk.incidents.domain.notebook.add_note", broken)
    before = state()
    staff.client.handler.raise_request_exception = False
    staff.client.raise_request_exception = False
    response = staff.call("post", f"{room}notes/", {"text": "T"})
    found = response.json()
    assert (response.status_code, found["code"], found["fields"]) == (500, "server_error", {})
    assert found["reference"] in found["detail"]
    assert found["reference"] in caplog.text
    assert state() == before
