"""Calls from a chat that are refused: without proof, late, again, by nobody we know, and for what a person may not do.

Nothing is written by any of them; the words of those that a person sees are in their language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import override
from pytest_django import Settings

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.core.models import HeardCall
from crisisdesk.core.words import refusal
from crisisdesk.incidents.models import ChecklistItem, Incident
from crisisdesk.organisation.enums import Role
from tests.api.caller import state
from tests.api.chats import SECRET, TOKEN, MattermostServer, SlackApp, words
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.notifications import make_address
from tests.factories.organisation import NOON, join, make_brand

MM, OTHER = "4xp9fdt77pncbef59f4k1qe83o", "zzp9fdt77pncbef59f4k1qe83o"
OPEN = "open sev2 service-outage Down"
Call = Callable[[], Any]


@pytest.fixture
def desk(db: None, settings: Settings) -> Iterator[Desk]:
    """A desk with both chats set up, whose lead is known there."""
    settings.SLACK_SIGNING_SECRET = SECRET
    settings.MATTERMOST_COMMAND_TOKENS = [TOKEN]
    with time_machine.travel(NOON, tick=False):
        made = make_desk()
        make_address(made.lead, "slack", "ULEAD")
        make_address(made.lead, "mattermost", MM)
        yield made


def unproven(call: Call, code: str, status: int = 401) -> None:
    """The call is refused with a code, and nothing at all is written, not even that it was heard."""
    before, heard = state(), HeardCall.objects.count()
    answer = call()
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"] == refusal(code, {})
    assert (state(), HeardCall.objects.count()) == (before, heard)


def refused(desk: Desk, text: str, code: str, **facts: Any) -> None:
    """What was typed is refused in the person's language, and nothing is written."""
    for language in LANGUAGES:
        desk.lead.language = language
        desk.lead.save()
        before = state()
        with override(language):
            said = refusal(code, facts)
        shown = SlackApp().type("ULEAD", text).json()["blocks"][0]["text"]["text"]
        bare = "".join(letter for letter in shown if letter not in "\u200f\u2066\u2069")
        assert bare == said
        assert state() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""}, {"signature": "v0=" + "0" * 64}, {"signature": "v1=abc"}, {"signature": "v0=é"},
    ],
)  # fmt: skip
def test_without_slacks_signature(desk: Desk, wrong: dict[str, str]) -> None:
    unproven(lambda: SlackApp().type("ULEAD", OPEN, **wrong), "call_unsigned")
    unproven(lambda: SlackApp().press("ULEAD", "tick-0", "1:0", **wrong), "call_unsigned")


def test_signed_with_another_secret(desk: Desk) -> None:
    unproven(lambda: SlackApp(secret="another").type("ULEAD", OPEN), "call_unsigned")


def test_other_words_than_were_signed(desk: Desk) -> None:
    app = SlackApp()
    signed = app.type("ULEAD", "late").wsgi_request
    name = signed.headers["X-Slack-Signature"]
    unproven(lambda: app.type("ULEAD", OPEN, signature=name), "call_unsigned")


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_another_hour(desk: Desk, minutes: int) -> None:
    unproven(lambda: SlackApp(at=NOON + timedelta(minutes=minutes)).type("ULEAD", OPEN), "call_old")


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "١٢٣", "9" * 20])
def test_a_signed_call_without_a_time(desk: Desk, stamp: str) -> None:
    unproven(
        lambda: SlackApp().send("/chat/slack/command/", "user_id=ULEAD", stamp=stamp),
        "call_unsigned",
    )


def test_the_very_same_call_again(desk: Desk) -> None:
    app = SlackApp()
    app.type("ULEAD", OPEN, trigger="13.1")
    assert Incident.objects.count() == 1
    unproven(lambda: app.type("ULEAD", OPEN, trigger="13.1"), "call_repeated")
    server = MattermostServer()
    trigger = server.trigger(MM)
    server.type(MM, OPEN, trigger=trigger)
    assert Incident.objects.count() == 2
    unproven(lambda: server.type(MM, OPEN, trigger=trigger), "call_repeated")


def test_a_chat_that_is_not_set_up(desk: Desk, settings: Settings) -> None:
    settings.SLACK_SIGNING_SECRET, settings.MATTERMOST_COMMAND_TOKENS = "", []
    button: dict[str, Any] = {"integration": {"context": {}}}
    for call in (
        lambda: SlackApp(secret="").type("ULEAD", OPEN),
        lambda: SlackApp(secret="").press("ULEAD", "tick-0", "1:0"),
        lambda: MattermostServer(token="").type(MM, OPEN),
        lambda: MattermostServer().press(MM, button),
    ):
        unproven(call, "chat_not_set_up", 404)


def test_without_mattermosts_token_or_with_an_old_trigger(desk: Desk) -> None:
    for token in ("", "mmtoken", "MMTOKEN1"):
        unproven(lambda token=token: MattermostServer(token=token).type(MM, OPEN), "call_unsigned")
    old = MattermostServer(at=NOON - timedelta(minutes=6))
    unproven(lambda: old.type(MM, OPEN), "call_old")
    for trigger in ("nonsense", "bm9uc2Vuc2U=", "é"):
        unproven(lambda t=trigger: MattermostServer().type(MM, OPEN, trigger=t), "call_unsigned")


def test_a_button_that_is_not_ours_or_somebody_elses_or_of_yesterday(desk: Desk) -> None:
    server = MattermostServer()
    make_address(desk.staff, "mattermost", OTHER)
    action = server.type(MM, OPEN).json()["attachments"][0]["actions"][0]
    forged = {"integration": {"context": {"signed": "WyJ0aWNrIl0:made:up"}}}
    wrong: list[dict[str, Any]] = [
        forged,
        {"integration": {"context": {}}},
        {"integration": {"context": "x"}},
    ]
    for made in wrong:
        unproven(lambda made=made: server.press(MM, made), "call_unsigned")
    unproven(lambda: server.press(OTHER, action), "call_unsigned")
    later = NOON + timedelta(hours=25)
    with time_machine.travel(later, tick=False):
        unproven(lambda: MattermostServer(at=later).press(MM, action), "call_old")


def test_a_body_that_cannot_be_read(desk: Desk) -> None:
    for body in ("payload=", "payload=%5B%5D", "nothing=1"):
        answer = SlackApp().send("/chat/slack/press/", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    client = MattermostServer().client
    answer = client.post("/chat/mattermost/press/", "no", content_type="application/json")
    assert answer.status_code == 422
    assert client.get("/chat/slack/command/").status_code == 405


def test_an_account_that_nobody_has_proven(desk: Desk) -> None:
    make_address(desk.staff, "slack", "UNEW", verified_at=None)
    make_address(desk.staff, "slack", "UOFF", off_at=NOON)
    make_address(desk.staff, "slack", "UGONE", removed_at=NOON)
    make_address(desk.staff, "slack", "UTWO")
    make_address(desk.deputy, "slack", "UTWO")
    make_address(desk.approver, "slack", "ULEFT")
    desk.approver.is_active = False
    desk.approver.save()
    before = state()
    for person in ("UNOBODY", "UNEW", "UOFF", "UGONE", "UTWO", "ULEFT", ""):
        said = words(SlackApp().type(person, OPEN))
        # In all three languages, with the ID to link.
        assert "is not linked to the desk yet" in said and person in said
        assert "غير مرتبط" in said and "/settings/transports/" in said
    assert OTHER in words(MattermostServer().type(OTHER, OPEN))
    assert SlackApp().press("UNOBODY", "tick-0", "1:0").status_code == 200
    assert state() == before


def test_what_a_person_may_not_do(desk: Desk) -> None:
    incident = make_incident(desk, at=NOON)
    item = ChecklistItem.objects.filter(incident=incident, is_hidden=False).first()
    make_address(desk.observer, "slack", "UOBS")
    make_address(desk.staff, "slack", "USTAFF")
    before = state()
    for person, text in (
        ("USTAFF", OPEN),
        ("UOBS", f"note {incident.reference} words"),
        ("UOBS", f"tick {incident.reference} {item.pk}"),
    ):
        assert refusal("not_allowed", {}) in words(SlackApp().type(person, text))
    assert state() == before


def test_a_restricted_incident_does_not_exist(desk: Desk) -> None:
    incident = make_incident(desk, at=NOON, is_restricted=True)
    item = ChecklistItem.objects.filter(incident=incident, is_hidden=False).first()
    make_address(desk.staff, "slack", "USTAFF")
    before = state()
    missing = words(SlackApp().type("USTAFF", "items CD-2026-9999"))
    for text in ("items %s", "note %s words", f"tick %s {item.pk}"):
        assert words(SlackApp().type("USTAFF", text % incident.reference)) == missing
    later = NOON + timedelta(hours=5)
    with time_machine.travel(later, tick=False):
        late = words(SlackApp(at=later).type("USTAFF", "late"))
        assert incident.reference not in late and incident.title not in late
    assert state() == before


def test_words_that_are_not_enough(desk: Desk) -> None:
    incident = make_incident(desk, at=NOON)
    refused(desk, "open", "severity_unknown")
    refused(desk, "open sev9 service-outage Down", "severity_unknown")
    refused(desk, f"note {incident.reference}", "text_missing")
    refused(desk, "note words", "chat_reference_missing")
    refused(desk, f"tick {incident.reference} first", "chat_item_missing")
    refused(desk, f"tick {incident.reference} 999999", "no_such_item")
    refused(desk, "open sev2 service-outage", "title_missing")
    refused(desk, "items CD-2026-9999", "no_such_incident")
    shown = words(SlackApp().type("ULEAD", "open sev2 no-such-playbook Down"))
    assert "service-outage" in shown and Incident.objects.count() == 1


def test_several_brands_are_told_apart(desk: Desk) -> None:
    join(desk.lead, make_brand("second", name="Second"), Role.LEAD)
    refused(desk, OPEN, "chat_brand_missing", brands=["nour", "second"])
    desk.lead.language = "en"
    desk.lead.save()
    SlackApp().type("ULEAD", "open second sev2 service-outage Down")
    assert Incident.objects.get().brand.key == "second"
