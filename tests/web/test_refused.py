"""What a person sees when the desk says no: status, words in three languages, the field, and nothing written.

One test for each line of docs/refusals.md; tests/api/test_refused.py is its twin for programs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape
from django.utils.translation import gettext, override
from pytest_django import Settings

from crisisdesk.core.languages import LANGUAGES, direction, guess_language
from crisisdesk.core.words import refusal
from crisisdesk.incidents.domain import updates
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Incident,
    Publication,
    StatementRevision,
)
from crisisdesk.notifications.domain.addresses import (
    CODE_LIFE,
    MOST_CODES,
    MOST_TRIES,
    add_address,
)
from crisisdesk.notifications.domain.webhooks import add_webhook
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.domain.sign_in_links import make_sign_in_link
from crisisdesk.organisation.domain.stand_ins import name_stand_in
from crisisdesk.organisation.models import OfficialAccount, User
from crisisdesk.reports.domain import document
from tests.api.caller import state
from tests.factories.incidents import LINK, Desk, make_desk, opening_form, words_of
from tests.factories.notifications import FakeCarrier, make_address
from tests.factories.organisation import NOON, web
from tests.factories.receivers import receiving
from tests.factories.rota import make_shift
from tests.web.words.scenes import ARABIC, approved, browser, save_form, submitted, url

LATER = "2026-11-18T18:00"  # two hours ahead in the reader's zone
MB = 1024 * 1024
Press = Callable[[Client], Any]


@pytest.fixture
def desk(db: None) -> Any:
    """A brand with one person per role, at a fixed hour."""
    with time_machine.travel(NOON, tick=False):
        yield make_desk()


def refused(
    person: User, status: int, code: str, press: Press, *, at: str = "", keeps: str = "",
    said: str = "", **facts: Any,
) -> None:  # fmt: skip
    """Press in each language; each time it is refused in that language's words, at its field, and writes nothing."""
    for language in LANGUAGES:
        person.language = language
        person.save()
        client = Client()
        client.force_login(person)
        before = state()
        page = press(client)
        shown = page.content.decode()
        with override(language):
            words = gettext(said) if said else refusal(code, facts)
        assert guess_language(words) == language
        assert (page.status_code, escape(words) in shown) == (status, True), (words, shown[-3000:])
        assert f'<html lang="{language}" dir="{direction(language)}"' in shown
        if at:
            assert f'id="{at}">{escape(words)}' in shown
        assert keeps in shown
        assert state() == before


def posts(path: str, form: dict[str, Any]) -> Press:
    """Return the press that sends this form."""
    return lambda client: client.post(path, form)


def test_a_title_of_only_spaces(desk: Desk, incident: Incident) -> None:
    blank = posts("/incidents/open/", opening_form(desk, seen="   "))
    refused(desk.lead, 422, "title_missing", blank, at="id_seen_error")
    path = f"/incidents/{incident.reference}/title/"
    refused(desk.lead, 422, "title_missing", posts(path, {"title": "  ", "version": 1}))


def test_an_unknown_playbook(desk: Desk) -> None:
    unknown = posts("/incidents/open/", opening_form(desk, playbook="999999"))
    typed = "@NourHelp answers our customers"
    refused(desk.lead, 422, "playbook_unknown", unknown, at="playbook_error", keeps=typed)


def test_a_channel_without_an_official_account_warns(desk: Desk, incident: Incident) -> None:
    OfficialAccount.objects.filter(channel__key="facebook").delete()
    revision = approved(desk, incident)
    path = url("post", incident, revision.pk, "facebook")
    for language in LANGUAGES:
        desk.staff.language = language
        desk.staff.save()
        page = browser(desk, "staff").get(path)
        with override(language):
            careful = gettext("Make sure that it is really ours before you post.")
        assert guess_language(careful) == language
        assert (page.status_code, careful in page.content.decode()) == (200, True)
    staff = browser(desk, "staff")
    assert staff.post(url("post-claim", incident, revision.pk, "facebook")).status_code == 302
    assert staff.post(path, {"url": LINK, "key": "p"}).status_code == 302
    assert Publication.objects.get().state == "published"


def test_a_step_that_is_not_in_the_table(desk: Desk, incident: Incident) -> None:
    press = posts(f"/incidents/{incident.reference}/status/", {"to": "closed"})
    facts = {"from": "declared", "to": "closed"}
    refused(desk.lead, 422, "transition_not_allowed", press, **facts)


def test_own_words_an_older_text_and_an_unread_language(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident, who="lead")
    approve = posts(url("approve", incident, revision.pk), {"text_hash": revision.text_hash})
    refused(desk.lead, 403, "own_text", approve)
    desk.approver.reads = ["en"]
    desk.approver.save()
    refused(desk.approver, 403, "language_not_read", approve, language="ar")
    desk.approver.reads = ["en", "ar", "he"]
    desk.approver.save()
    submitted(desk, incident, text="نص أحدث من السابق", who="lead")
    refused(desk.approver, 422, "newer_revision", approve, number=2)
    assert not StatementRevision.objects.filter(state="approved").exists()


def test_unapproved_words_go_out_only_by_an_override(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    no = "These words are not approved."
    claim = posts(url("post-claim", incident, revision.pk, "x"), {"key": "c"})
    refused(desk.staff, 422, "not_approved", claim, said=no)
    post = posts(url("post", incident, revision.pk, "x"), {"url": LINK, "key": "p"})
    refused(desk.staff, 422, "not_approved", post, said=no)
    path = url("post-override", incident, revision.pk, "x")
    form = {"url": LINK, "reason": "People send it money", "key": "o"}
    refused(desk.staff, 403, "not_allowed", posts(path, form))
    without = posts(path, form | {"reason": " "})
    refused(desk.lead, 422, "reason_missing", without, at="id_reason_error", keeps=LINK)
    assert browser(desk, "lead").post(path, form).status_code == 302
    assert Publication.objects.get().override_reason == "People send it money"
    incident.refresh_from_db()
    assert "overridden" in incident.events.values_list("kind", flat=True)
    assert Deadline.objects.get(kind="override_review").state == "running"
    report = document.build(incident, "en", edition=1, at=NOON)
    assert "People send it money" in str(report)


def test_the_author_does_not_override_either(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident, who="lead")
    path = url("post-override", incident, revision.pk, "x")
    refused(desk.lead, 403, "own_text", posts(path, {"url": LINK, "reason": "Now", "key": "o"}))


def test_a_skip_without_a_reason(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.filter(incident=incident)[0].pk
    path = f"/incidents/{incident.reference}/items/{item}/skip/"
    refused(desk.staff, 422, "reason_missing", posts(path, {"reason": "  ", "key": "s"}))


def test_silencing_what_is_not_yours_or_too_long(desk: Desk, incident: Incident) -> None:
    deadline = Deadline.objects.get(incident=incident, kind="holding")
    path = f"/incidents/{incident.reference}/deadlines/{deadline.pk}/"
    refused(desk.staff, 403, "not_reminded", posts(path, {"minutes": "10"}))
    refused(
        desk.lead, 422, "snooze_time", posts(path, {"until": "2026-11-18T23:00"}), keeps="23:00"
    )
    refused(
        desk.lead, 409, "snooze_changed", posts(path, {"minutes": "10", "was": NOON.isoformat()})
    )


def test_a_second_request_for_an_update(desk: Desk, incident: Incident) -> None:
    path = f"/incidents/{incident.reference}/update/"
    refused(
        desk.lead,
        422,
        "no_request",
        posts(path, {"do": "answer", "text": "Not yet"}),
        keeps="Not yet",
    )
    updates.ask_update(incident_id=incident.pk, actor=desk.actor("executive"), at=NOON)
    again = posts(path, {"do": "ask", "question": "And now?"})
    refused(desk.executive, 422, "request_runs", again, keeps="And now?", since=0, left=30)


def test_a_file_over_25_mb_or_of_a_type_not_allowed(desk: Desk, incident: Incident) -> None:
    big, program = b"%PDF-1.7" + b" " * (25 * MB), b"MZ\x90\x00" * 20

    def sends(name: str, content: bytes, item: ChecklistItem) -> Press:
        path = f"/incidents/{incident.reference}/items/{item.pk}/evidence/"
        return lambda client: client.post(path, {"file": SimpleUploadedFile(name, content)})

    for kept_back in (False, True):  # an item that the list does not show is answered, too
        item = ChecklistItem.objects.filter(incident=incident, is_hidden=kept_back)[0]
        refused(desk.staff, 422, "file_too_large", sends("scan.pdf", big, item), limit_mb=25)
    ran = sends("run.exe", program, item)
    refused(desk.staff, 422, "file_type_not_allowed", ran, keeps="run.exe", name="run.exe")


def test_nothing_is_dated_into_the_future(desk: Desk, incident: Incident) -> None:
    ahead = posts("/incidents/open/", opening_form(desk, detected_at=LATER))
    refused(desk.lead, 422, "detected_in_future", ahead, at="id_detected_at_error")
    note = {"kind": "note", "text": "A long thought", "occurred_at": LATER}
    write = posts(f"/incidents/{incident.reference}/write/", note)
    refused(desk.staff, 422, "occurred_in_future", write, keeps="A long thought")
    revision = approved(desk, incident)
    assert browser(desk, "staff").post(url("post-claim", incident, revision.pk, "x"))
    form = {"url": LINK, "published_at": LATER, "key": "p"}
    post = posts(url("post", incident, revision.pk, "x"), form)
    at = "id_published_at_error"
    refused(desk.staff, 422, "published_in_future", post, at=at, keeps=LINK)
    waiting = submitted(desk, incident, "en", text="This account is not ours.")
    said = {"approver": desk.approver.pk, "said_at": LATER, "comment": "By phone", "key": "q"}
    record = posts(url("phone-approval", incident, waiting.pk), said)
    refused(desk.lead, 422, "said_in_future", record, at="id_said_at_error", keeps="By phone")


def test_two_people_saving_the_same_text(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    save = url("statement-save", incident, row.statement_id, "ar")
    assert browser(desk, "staff").post(save, save_form(row, ARABIC)).status_code == 302
    mine = "كلام كُتب في الوقت نفسه"
    press = posts(save, save_form(row, mine, key="k-2"))
    refused(desk.lead, 409, "stale", press, keeps=mine, said="Somebody else saved this first")
    assert "@NourHelp" in press(browser(desk, "lead")).content.decode()


def test_the_same_post_twice(desk: Desk) -> None:
    lead = browser(desk, "lead")
    first = lead.post("/incidents/open/", opening_form(desk))
    before = state()
    again = lead.post("/incidents/open/", opening_form(desk))
    assert again.headers["Location"] == first.headers["Location"]
    assert state() == before and Incident.objects.count() == 1
    other = posts("/incidents/open/", opening_form(desk, seen="Something else"))
    refused(desk.lead, 422, "idempotency_key_reused", other, keeps="Something else")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_an_expired_and_a_used_link(desk: Desk, language: str) -> None:
    """For signing in and for an invitation; a stranger to the desk is answered in the browser's language."""

    def closed(path: str, code: str) -> None:
        before = state()
        client = Client(headers={"Accept-Language": language})
        for answer in (client.get(path), client.post(path)):
            with override(language):
                words = refusal(code, {})
            assert (answer.status_code, guess_language(words)) == (422, language)
            assert escape(words) in answer.content.decode()
        assert state() == before and "_auth_user_id" not in client.session

    closed("/sign-in/guess/", "link_wrong")
    closed("/invitation/guess/", "link_wrong")
    fresh, old = (
        make_sign_in_link(email=desk.staff.email, actor=SYSTEM, at=NOON - ago)
        for ago in (timedelta(0), timedelta(minutes=15, seconds=1))
    )
    closed(f"/sign-in/{old}/", "link_expired")
    assert Client().post(f"/sign-in/{fresh}/").status_code == 302
    closed(f"/sign-in/{fresh}/", "link_used")
    old_invitation, invitation = (
        invite_person(
            brand_id=desk.brand.pk, email=f"{name}@desk.test", full_name="New", role="staff",
            language=language, actor=desk.actor("admin"), at=NOON - ago,
        ).secret
        for name, ago in (("old", timedelta(days=7, seconds=1)), ("new", timedelta(0)))
    )  # fmt: skip
    closed(f"/invitation/{old_invitation}/", "link_expired")
    accept = {"full_name": "New", "zone": "UTC", "password": "seven-quiet-lanterns"}
    assert Client().post(f"/invitation/{invitation}/", accept).status_code == 302
    closed(f"/invitation/{invitation}/", "link_used")


def test_an_address_that_cannot_be_added(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    slack = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, slack)
    make_address(desk.staff, "slack", "U1")
    path, error = "/settings/transports/slack/add/", "id_slack_value_error"
    wrong = posts(path, {"value": "two words", "label": "Night phone"})
    refused(desk.staff, 422, "address_form", wrong, at=error, keeps="two words")
    refused(desk.staff, 422, "address_form", wrong, at=error, keeps="Night phone")
    refused(desk.staff, 422, "address_exists", posts(path, {"value": "U1"}), at=error)
    slack.is_there = False
    refused(desk.staff, 422, "transport_not_set_up", posts(path, {"value": "U2"}))
    assert slack.parcels == []


def test_an_address_that_is_not_confirmed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CARRIERS, Transport.SLACK, FakeCarrier())
    person, at = desk.staff, NOON + timedelta(minutes=2)
    made = add_address(transport="slack", value="U1", actor=desk.actor("staff"), at=NOON)
    path, error = f"/settings/transports/{made.pk}/", f"id_{made.pk}_code_error"
    refused(person, 422, "address_unverified", posts(f"{path}test/", {}))
    refused(person, 422, "code_too_soon", posts(f"{path}code/", {}))
    guess = posts(f"{path}confirm/", {"code": "x"})
    for language in LANGUAGES:
        person.language = language
        person.save()
        client = Client()
        client.force_login(person)
        page = guess(client)
        with override(language):
            words = escape(refusal("code_wrong", {}))
        assert page.status_code == 422 and f'id="{error}">{words}' in page.content.decode()
    made.refresh_from_db()
    assert (made.code_attempts, made.verified_at) == (3, None)
    Address.objects.update(code_attempts=MOST_TRIES)
    refused(person, 422, "code_tries_spent", guess, at=error)
    Address.objects.update(code_expires_at=at, codes_sent=MOST_CODES)
    with time_machine.travel(at, tick=False):
        refused(person, 422, "code_expired", guess, at=error)
    Address.objects.update(code_expires_at=at - CODE_LIFE)
    refused(person, 422, "codes_too_many", posts(f"{path}code/", {}), most=MOST_CODES)


def test_a_webhook_into_our_own_network(desk: Desk, settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as outside, receiving() as inside:
        outside.reply = lambda post: (307, b"", {"Location": inside.url})
        made = add_webhook(url=outside.url, label="P", actor=web(desk.staff), at=NOON).address
        path = f"/settings/webhooks/{made.pk}/prove/"
        refused(desk.staff, 422, "webhook_unproven", posts(path, {}), answer="307")
        settings.OUTBOUND_PRIVATE_HOSTS = []
        refused(desk.staff, 422, "address_private", posts(path, {}))
        typed = {"url": "https://10.0.0.1/hook", "label": "Pager"}
        add = posts("/settings/webhooks/", typed)
        refused(desk.staff, 422, "address_private", add, at="id_url_error", keeps="10.0.0.1/hook")
        assert (
            not inside.posts and len(outside.posts) == 3
        )  # once a language, and none after the change


def test_nobody_silences_everything(desk: Desk) -> None:
    page = "/settings/notifications/"
    refused(
        desk.lead, 422, "everything_silenced", lambda client: client.post(page, {"course": "email"}),
        at="id_deadlines_error",
    )  # fmt: skip
    always = {
        f"{name}_{day}": value
        for day in range(1, 8)
        for name, value in (("quiet", "on"), ("begins", "08:00"), ("ends", "08:00"))
    }
    refused(
        desk.lead, 422, "week_all_quiet", lambda client: client.post(f"{page}quiet-hours/", always),
        at="id_begins_1_error",
    )  # fmt: skip


def test_stand_ins_are_no_chain(desk: Desk) -> None:
    times = {"from_at": "2026-11-18T20:00", "until_at": "2026-11-19T20:00"}

    def name(person: User) -> Press:
        path = "/settings/notifications/stand-in/"
        return lambda client: client.post(path, times | {"stand_in": person.pk})

    name_stand_in(
        stand_in_id=desk.staff.pk, from_at=NOON, until_at=NOON + timedelta(days=3),
        actor=desk.actor("approver"), at=NOON,
    )  # fmt: skip
    approver = desk.approver.names()
    refused(
        desk.staff, 422, "stand_in_chain", name(desk.lead), at="id_from_at_error", name=approver
    )
    refused(
        desk.lead, 422, "stand_in_away", name(desk.approver), at="id_stand_in_error", name=approver
    )


def test_two_people_in_one_slot_of_the_rota(desk: Desk) -> None:
    make_shift(desk.brand, desk.approver)
    shift = {
        "press": "shift", "person": desk.staff.pk, "weekdays": ["3"], "starts": "09:00",
        "ends": "10:00", "valid_from": "2026-11-25", "every": "1",
    }  # fmt: skip
    path = "/settings/rota/nour/"
    facts = {"name": "Approver", "date": date(2026, 11, 25), "time": "09:00"}
    taken = posts(path, shift)
    refused(desk.lead, 422, "slot_taken", taken, keeps='value="2026-11-25"', **facts)
    assert browser(desk, "lead").post(path, {**shift, "together": "on"}).status_code == 302
