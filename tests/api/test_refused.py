"""What a program is told when the desk says no: status, code, field and words in three languages, and nothing written.

One test for each line of docs/refusals.md; tests/web/test_refused.py is its twin for pages.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from pytest_django import Settings
from rest_framework.test import APIClient

from crisisdesk.core.languages import LANGUAGES, guess_language
from crisisdesk.core.words import refusal
from crisisdesk.incidents.domain import updates
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, StatementRevision
from crisisdesk.notifications.domain.addresses import MOST_CODES, MOST_TRIES, add_address
from crisisdesk.notifications.domain.webhooks import add_webhook
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.tokens import create_token, revoke_token
from crisisdesk.organisation.models import OfficialAccount
from crisisdesk.reports.domain import document
from tests.api.caller import ROOT, Caller, state
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.notifications import FakeCarrier, make_address
from tests.factories.organisation import NOON, web
from tests.factories.receivers import receiving
from tests.factories.rota import make_shift
from tests.web.words.scenes import approved, submitted

OPENING = {"seen": "@NourHelp answers us", "playbook": "fake-support-account", "brand": "nour"}
LATER = (NOON + timedelta(hours=1)).isoformat()
MB = 1024 * 1024
MINUTE = timedelta(minutes=1)


def refused(
    caller: Caller, status: int, code: str, method: str, path: str, body: Any = None,
    *, field: str = "", upload: Any = None, **facts: Any,
) -> dict[str, Any]:  # fmt: skip
    """Make the call in each language; each time it is refused in that language's words and writes nothing."""
    found: dict[str, Any] = {}
    for language in LANGUAGES:
        caller.user.language = language
        caller.user.save()
        given = {"file": upload()} if upload else body
        found = caller.refused(status, code, method, path, given, upload=bool(upload))
        with override(language):
            said = refusal(code, facts)
        assert found["detail"] == said and guess_language(said) == language
        if field:
            assert [row["code"] for row in found["fields"][field]] == [code]
            assert found["fields"][field][0]["detail"] == said
    return found


def test_a_title_of_only_spaces(lead: Caller, room: str) -> None:
    blank = {**OPENING, "seen": "   "}
    refused(lead, 422, "title_missing", "post", "incidents/", blank, field="seen")
    renamed = {"title": "  ", "version": 1}
    refused(lead, 422, "title_missing", "put", f"{room}title/", renamed, field="title")


def test_an_unknown_playbook(lead: Caller) -> None:
    unknown = {**OPENING, "playbook": "nothing-like-it"}
    refused(lead, 422, "playbook_unknown", "post", "incidents/", unknown, field="playbook")


def test_a_channel_without_an_official_account_warns(
    desk: Desk, incident: Incident, room: str, staff: Caller
) -> None:
    OfficialAccount.objects.filter(channel__key="facebook").delete()
    path = f"{room}revisions/{approved(desk, incident).pk}/"
    for language in LANGUAGES:
        desk.staff.language = language
        desk.staff.save()
        told = staff.does("post", f"{path}claim/", {"channel": "facebook"})["warnings"]
        assert [warning["code"] for warning in told] == ["account_unlisted"]
        assert guess_language(told[0]["detail"]) == language
    posted = staff.does("post", f"{path}publications/", {"channel": "facebook", "url": LINK})
    assert (posted["state"], posted["warnings"][0]["code"]) == ("published", "account_unlisted")
    assert staff.does("post", f"{path}claim/", {"channel": "x"})["warnings"] == []


def test_a_step_that_is_not_in_the_table(lead: Caller, room: str) -> None:
    facts = {"from": "declared", "to": "closed"}
    refused(
        lead, 422, "transition_not_allowed", "post", f"{room}status/", {"to": "closed"}, **facts
    )


def test_own_words_an_older_text_and_an_unread_language(
    desk: Desk, incident: Incident, room: str, lead: Caller, approver: Caller
) -> None:
    revision = submitted(desk, incident, who="lead")
    path, body = f"{room}revisions/{revision.pk}/approve/", {"text_hash": revision.text_hash}
    refused(lead, 403, "own_text", "post", path, body)
    desk.approver.reads = ["en"]
    desk.approver.save()
    refused(approver, 403, "language_not_read", "post", path, body, language="ar")
    desk.approver.reads = ["en", "ar", "he"]
    desk.approver.save()
    submitted(desk, incident, text="نص أحدث من السابق", who="lead")
    refused(approver, 422, "newer_revision", "post", path, body, number=2)
    assert not StatementRevision.objects.filter(state="approved").exists()


def test_unapproved_words_go_out_only_by_an_override(
    desk: Desk, incident: Incident, room: str, lead: Caller, staff: Caller
) -> None:
    path = f"{room}revisions/{submitted(desk, incident).pk}/"
    post = {"channel": "x", "url": LINK}
    facts = {"state": "in_review"}
    refused(staff, 422, "not_approved", "post", f"{path}claim/", {"channel": "x"}, **facts)
    refused(staff, 422, "not_approved", "post", f"{path}publications/", post, **facts)
    forced = f"{path}override/"
    refused(staff, 403, "not_allowed", "post", forced, {**post, "reason": "Now"})
    refused(lead, 422, "reason_missing", "post", forced, {**post, "reason": " "}, field="reason")
    made = lead.does("post", forced, {**post, "reason": "People send it money"})
    assert (made["state"], made["override_reason"]) == ("published", "People send it money")
    incident.refresh_from_db()
    assert "overridden" in incident.events.values_list("kind", flat=True)
    assert Deadline.objects.get(kind="override_review").state == "running"
    report = document.build(incident, "en", edition=1, at=NOON)
    assert "People send it money" in str(report)


def test_the_author_does_not_override_either(
    desk: Desk, incident: Incident, room: str, lead: Caller
) -> None:
    revision = submitted(desk, incident, who="lead")
    body = {"channel": "x", "url": LINK, "reason": "Now"}
    refused(lead, 403, "own_text", "post", f"{room}revisions/{revision.pk}/override/", body)


def test_a_skip_without_a_reason(incident: Incident, room: str, staff: Caller) -> None:
    item = ChecklistItem.objects.filter(incident=incident)[0].pk
    path = f"{room}items/{item}/skip/"
    refused(staff, 422, "reason_missing", "post", path, {"reason": "  "}, field="reason")


def test_silencing_what_is_not_yours_or_too_long(
    incident: Incident, room: str, lead: Caller, staff: Caller
) -> None:
    deadline = incident.deadlines.get(kind="holding")
    path = f"{room}deadlines/{deadline.pk}/snooze/"
    soon, late = ((NOON + timedelta(minutes=m)).isoformat() for m in (10, 300))
    refused(staff, 403, "not_reminded", "post", path, {"until": soon})
    refused(lead, 422, "snooze_time", "post", path, {"until": late}, field="until")
    refused(lead, 409, "snooze_changed", "post", path, {"until": soon, "was": soon})


def test_a_second_request_for_an_update(
    desk: Desk, incident: Incident, room: str, lead: Caller
) -> None:
    path = f"{room}update-requests/"
    refused(lead, 422, "no_request", "post", f"{path}answer/", {"text": "Not yet"})
    updates.ask_update(incident_id=incident.pk, actor=desk.actor("executive"), at=NOON)
    refused(
        Caller(desk.executive), 422, "request_runs", "post", path, {"question": "And now?"},
        since=0, left=30,
    )  # fmt: skip


def test_a_file_over_25_mb_or_of_a_type_not_allowed(room: str, staff: Caller) -> None:
    big, program = b"%PDF-1.7" + b" " * (25 * MB), b"MZ\x90\x00" * 20
    for name, content, code, facts in (
        ("scan.pdf", big, "file_too_large", {"limit_mb": 25}),
        ("run.exe", program, "file_type_not_allowed", {"name": "run.exe"}),
    ):
        refused(
            staff, 422, code, "post", f"{room}evidence/", field="file",
            upload=lambda name=name, content=content: SimpleUploadedFile(name, content), **facts,
        )  # fmt: skip


def test_nothing_is_dated_into_the_future(
    desk: Desk, incident: Incident, room: str, lead: Caller, staff: Caller
) -> None:
    ahead = {**OPENING, "detected_at": LATER}
    refused(lead, 422, "detected_in_future", "post", "incidents/", ahead, field="detected_at")
    note = {"text": "N", "occurred_at": LATER}
    refused(staff, 422, "occurred_in_future", "post", f"{room}notes/", note, field="occurred_at")
    path = f"{room}revisions/{approved(desk, incident).pk}/publications/"
    post = {"channel": "x", "url": LINK, "published_at": LATER}
    refused(staff, 422, "published_in_future", "post", path, post, field="published_at")
    waiting = submitted(desk, incident, "en", text="This account is not ours.")
    said = {"approver": desk.approver.pk, "said_at": LATER}
    path = f"{room}revisions/{waiting.pk}/phone-approvals/"
    refused(lead, 422, "said_in_future", "post", path, said, field="said_at")


def test_two_people_saving_the_same_text(
    incident: Incident, room: str, lead: Caller, staff: Caller
) -> None:
    words = words_of(incident, "holding", "ar")
    path = f"{room}statements/{words.statement_id}/ar/draft/"
    staff.does("put", path, {"text": "نص أول", "version": 1})
    found = refused(lead, 409, "stale", "put", path, {"text": "نص آخر", "version": 1})
    assert found["current"]["revision"]["text"] == "نص أول"


def test_the_same_post_twice(lead: Caller) -> None:
    key = {"Idempotency-Key": "one-form"}
    first = lead.call("post", "incidents/", OPENING, **key)
    before = state()
    again = lead.call("post", "incidents/", OPENING, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert state() == before and Incident.objects.count() == 1
    other = {**OPENING, "seen": "Something else"}
    for language in LANGUAGES:
        lead.user.language = language
        lead.user.save()
        found = lead.refused(422, "idempotency_key_reused", "post", "incidents/", other, **key)
        assert guess_language(found["detail"]) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_an_expired_and_a_revoked_token(
    desk: Desk, incident: Incident, language: str, at_noon: time_machine.Traveller
) -> None:
    made = {"user_id": desk.staff.pk, "scope": "write", "actor": SYSTEM, "at": NOON}
    expired = create_token(name="e", expires_at=NOON + timedelta(days=1), **made)
    revoked = create_token(name="r", **made)
    revoke_token(token_key=revoked.token.token_key, actor=desk.actor("staff"), at=NOON)
    at_noon.shift(timedelta(days=1, seconds=1))
    before = state()
    for secret, code in (
        ("no-such-token", "token_wrong"),
        (expired.secret, "token_expired"),
        (revoked.secret, "token_wrong"),
    ):
        client = APIClient(HTTP_AUTHORIZATION=f"Token {secret}", HTTP_ACCEPT_LANGUAGE=language)
        answer = client.post(f"{ROOT}incidents/{incident.reference}/notes/", {"text": "N"})
        assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert guess_language(answer.json()["detail"]) == language
    assert state() == before


def test_an_address_that_cannot_be_added(
    desk: Desk, staff: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, slack)
    make_address(desk.staff, "slack", "U1")
    path, wanted = "transports/addresses/", {"transport": "slack", "value": "two words"}
    refused(staff, 422, "address_form", "post", path, wanted, field="value")
    wanted["value"] = "U1"
    refused(staff, 422, "address_exists", "post", path, wanted, field="value")
    slack.is_there = False
    refused(staff, 422, "transport_not_set_up", "post", path, wanted, field="transport")
    assert slack.parcels == []


def test_an_address_that_is_not_confirmed(
    desk: Desk, staff: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CARRIERS, Transport.SLACK, FakeCarrier())
    made = add_address(transport="slack", value="U1", actor=desk.actor("staff"), at=NOON)
    path, guess = f"transports/addresses/{made.pk}/", {"code": "x"}
    refused(staff, 422, "address_unverified", "post", f"{path}test/")
    refused(staff, 422, "code_too_soon", "post", f"{path}code/")
    wrong = staff.call("post", f"{path}confirm/", guess)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "code_wrong")
    made.refresh_from_db()
    assert (made.code_attempts, made.verified_at) == (1, None)
    Address.objects.update(code_attempts=MOST_TRIES)
    refused(staff, 422, "code_tries_spent", "post", f"{path}confirm/", guess, field="code")
    Address.objects.update(code_expires_at=NOON - MINUTE, codes_sent=MOST_CODES)
    refused(staff, 422, "code_expired", "post", f"{path}confirm/", guess, field="code")
    refused(staff, 422, "codes_too_many", "post", f"{path}code/", most=MOST_CODES)


def test_a_webhook_into_our_own_network(desk: Desk, staff: Caller, settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as outside, receiving() as inside:
        outside.reply = lambda post: (307, b"", {"Location": inside.url})
        made = add_webhook(url=outside.url, label="P", actor=web(desk.staff), at=NOON).address
        path = f"webhooks/{made.pk}/prove/"
        refused(staff, 422, "webhook_unproven", "post", path, answer="307")
        settings.OUTBOUND_PRIVATE_HOSTS = []
        refused(staff, 422, "address_private", "post", path)
        added = {"url": "https://10.0.0.1/hook", "label": "Pager"}
        refused(staff, 422, "address_private", "post", "webhooks/", added, field="url")
        assert (
            not inside.posts and len(outside.posts) == 3
        )  # once a language, and none after the change


def test_nobody_silences_everything(lead: Caller) -> None:
    nothing: Any = {"kinds": {"deadlines": [], "approvals": [], "duties": []}}
    path = "notifications/choices/"
    refused(lead, 422, "everything_silenced", "put", path, nothing, field="deadlines")
    always = [{"weekday": day, "begins": "08:00", "ends": "08:00"} for day in range(1, 8)]
    path = "notifications/quiet-hours/"
    refused(lead, 422, "week_all_quiet", "put", path, {"spans": always}, field="day_1")


def test_stand_ins_are_no_chain(desk: Desk, lead: Caller, staff: Caller, approver: Caller) -> None:
    times = {"from_at": NOON.isoformat(), "until_at": (NOON + timedelta(days=1)).isoformat()}
    approver.does("post", "stand-ins/", times | {"stand_in": desk.staff.pk})
    name, path = desk.approver.names(), "stand-ins/"
    for who, code, field, wanted in (
        (staff, "stand_in_chain", "from_at", desk.lead.pk),
        (lead, "stand_in_away", "stand_in", desk.approver.pk),
        (lead, "stand_in_self", "stand_in", desk.lead.pk),
        (lead, "no_such_person", "stand_in", desk.stranger.pk),
    ):
        body = times | {"stand_in": wanted}
        facts = {"name": name} if code in ("stand_in_chain", "stand_in_away") else {}
        refused(who, 422, code, "post", path, body, field=field, **facts)


def test_two_people_in_one_slot_of_the_rota(desk: Desk, lead: Caller) -> None:
    make_shift(desk.brand, desk.approver)
    shift = {
        "person": desk.staff.pk, "weekdays": [3], "starts": "09:00", "ends": "10:00",
        "valid_from": "2026-11-25",
    }  # fmt: skip
    path = "brands/nour/rota/shifts/"
    facts = {"name": "Approver", "date": date(2026, 11, 25), "time": "09:00"}
    refused(lead, 422, "slot_taken", "post", path, shift, field="together", **facts)
    assert lead.does("post", path, {**shift, "together": True})["together"]
