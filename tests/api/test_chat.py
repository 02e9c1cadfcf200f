"""From Slack and Mattermost: open, see what is late, tick, note; each by the person who typed it, and once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils.translation import gettext, override, pgettext
from pytest_django import Settings

from crisisdesk.core.domain import heard_calls
from crisisdesk.core.models import HeardCall
from crisisdesk.incidents.enums import EventKind, ItemState
from crisisdesk.incidents.models import ChecklistItem, Incident, TimelineEvent
from tests.api.chats import SECRET, TOKEN, MattermostServer, SlackApp, words
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.notifications import make_address
from tests.factories.organisation import NOON
from tests.notifications.far_side import far_side

LATER = NOON + timedelta(hours=3)
MM = "4xp9fdt77pncbef59f4k1qe83o"


@pytest.fixture
def desk(db: None, settings: Settings) -> Iterator[Desk]:
    """A desk with both chats set up, whose lead and staff are known there."""
    settings.SLACK_SIGNING_SECRET = SECRET
    settings.MATTERMOST_COMMAND_TOKENS = ["other", TOKEN]
    with time_machine.travel(NOON, tick=False):
        made = make_desk()
        make_address(made.lead, "slack", "ULEAD")
        make_address(made.staff, "slack", "USTAFF")
        make_address(made.lead, "mattermost", MM)
        yield made


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """One that runs."""
    return make_incident(desk, at=NOON)


def first_item(incident: Incident) -> ChecklistItem:
    """The first item that is to do."""
    rows = ChecklistItem.objects.filter(incident=incident, state="todo", is_hidden=False)
    return rows.order_by("position").first()


def buttons(response: Any) -> list[dict[str, Any]]:
    """The buttons of an answer in Slack."""
    blocks = response.json()["blocks"]
    return [block["accessory"] for block in blocks if "accessory" in block]


def test_help_is_given_in_the_persons_language(desk: Desk) -> None:
    for language, said in (("en", "What can be said here"), ("ar", ""), ("he", "")):
        desk.lead.language = language
        desk.lead.save()
        response = SlackApp().type("ULEAD", "help" if language == "en" else "what?")
        with override(language):
            assert gettext("What can be said here") in words(response)
        assert response.json()["response_type"] == "ephemeral"
        assert not said or said in words(response)
        assert response.json()["text"].startswith("\u200f") is (language != "en")
        assert "/desk open sev2 service-outage" in words(response)


def test_an_incident_is_opened_from_slack(desk: Desk) -> None:
    response = SlackApp().type("ULEAD", "open SEV2 service-outage Checkout is down &amp; slow")
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.lead) == (
        "Checkout is down & slow", "sev2", desk.lead,
    )  # fmt: skip
    assert f"/incidents/{incident.reference}/" in words(response)
    assert buttons(response)[0]["text"]["text"] == "Done"
    opened = TimelineEvent.objects.get(incident=incident, kind=EventKind.DECLARED)
    assert (opened.source, opened.actor) == ("chat", desk.lead)


def test_the_same_trigger_twice_opens_once(desk: Desk) -> None:
    app = SlackApp()
    first = app.type("ULEAD", "open sev2 service-outage Down", trigger="13.7")
    app.at = NOON + timedelta(seconds=1)  # another signature, the same press
    again = app.type("ULEAD", "open sev2 service-outage Down", trigger="13.7")
    assert first.json() == again.json()
    assert Incident.objects.count() == 1


def test_who_opens_is_told_of_others_of_these_days(desk: Desk, incident: Incident) -> None:
    response = SlackApp().type("ULEAD", "open 2 service-outage Down again")
    assert f"within three days: {incident.reference}" in words(response)


def test_what_is_late_is_listed_and_ticked_by_a_button(
    desk: Desk, incident: Incident, settings: Settings
) -> None:
    with time_machine.travel(LATER, tick=False), far_side() as side:
        settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
        app = SlackApp(at=LATER)
        response = app.type("USTAFF", "late")
        assert incident.reference in words(response) and " late" in words(response)
        button = buttons(response)[0]
        item = ChecklistItem.objects.get(pk=int(button["value"].split(":")[0]))
        answer = app.press("USTAFF", button["action_id"], button["value"], to=f"{side.url}/hook")
        assert (answer.status_code, answer.content) == (200, b"")
        item.refresh_from_db()
        assert (item.state, item.done_by) == (ItemState.DONE, desk.staff)
        said = side.asked[0].json()
        assert (said["response_type"], said["replace_original"]) == ("ephemeral", False)
        assert f"Done in {incident.reference}" in said["text"]


def test_a_button_pressed_again_says_who_was_first(
    desk: Desk, incident: Incident, settings: Settings
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    value = f"{first_item(incident).pk}:0"
    with far_side() as side:
        for _ in range(2):
            SlackApp().press("USTAFF", "tick-0", value, to=side.url)
        assert "changed this item first" in side.asked[1].json()["text"]
    assert TimelineEvent.objects.filter(kind=EventKind.ITEM_DONE).count() == 1


def test_what_was_done_stays_done_where_slack_does_not_listen(
    desk: Desk, incident: Incident
) -> None:
    item = first_item(incident)
    answer = SlackApp().press("USTAFF", "tick-0", f"{item.pk}:0", to="http://127.0.0.1:1/")
    item.refresh_from_db()
    assert (answer.status_code, item.state) == (200, ItemState.DONE)


def test_a_button_that_only_opens_a_page_does_nothing(desk: Desk) -> None:
    answer = SlackApp().press("USTAFF", "open")
    assert (answer.status_code, answer.content) == (200, b"")


def test_nothing_late_is_said(desk: Desk) -> None:
    assert "Nothing is late." in words(SlackApp().type("USTAFF", "late"))


def test_items_are_listed_and_ticked_by_their_number(desk: Desk, incident: Incident) -> None:
    item = first_item(incident)
    listed = SlackApp().type("USTAFF", f"items {incident.reference.lower()}")
    assert f"#{item.pk} " in words(listed)
    ticked = SlackApp().type("USTAFF", f"tick {incident.reference} #{item.pk}")
    assert f"Done in {incident.reference}" in words(ticked)
    item.refresh_from_db()
    assert item.state == ItemState.DONE


def test_no_words_of_a_restricted_incident_are_carried(desk: Desk) -> None:
    incident = make_incident(desk, at=NOON, is_restricted=True)
    item = first_item(incident)
    listed = words(SlackApp().type("ULEAD", f"items {incident.reference}"))
    ticked = words(SlackApp().type("ULEAD", f"tick {incident.reference} #{item.pk}"))
    with time_machine.travel(LATER, tick=False):
        late = words(SlackApp(at=LATER).type("ULEAD", "late"))
    said = "No chat carries the words of a restricted incident. Open it in the desk."
    assert gettext(said) in listed and f"Done in {incident.reference}: #{item.pk}" in ticked
    for answer in (listed, ticked, late):
        assert incident.reference in answer and incident.title not in answer
        assert not any(row.words["en"] in answer for row in incident.items.all())


def test_a_note_is_written_once_however_often_it_comes(desk: Desk, incident: Incident) -> None:
    for seconds in range(2):
        app = SlackApp(at=NOON + timedelta(seconds=seconds))
        app.type("USTAFF", f"ملاحظة {incident.reference} اتصلت الصحافة", trigger="13.9")
    event = TimelineEvent.objects.get(kind=EventKind.NOTE_ADDED)
    assert event.texts.get().text == "اتصلت الصحافة"
    assert (event.source, event.actor) == ("chat", desk.staff)


def test_who_only_reads_sees_what_is_late_without_buttons(desk: Desk, incident: Incident) -> None:
    make_address(desk.observer, "slack", "UOBS")
    with time_machine.travel(LATER, tick=False):
        response = SlackApp(at=LATER).type("UOBS", "late")
    assert incident.reference in words(response) and not buttons(response)


def test_what_the_public_wrote_calls_nobody(desk: Desk) -> None:
    SlackApp().type("ULEAD", "open sev2 service-outage &lt;!channel&gt; down")
    shown = SlackApp().type("ULEAD", f"items {Incident.objects.get().reference}").json()
    assert Incident.objects.get().title == "<!channel> down"
    assert shown["blocks"][0]["text"]["type"] == "plain_text"
    assert "<!channel>" not in shown["text"]


# --- Mattermost ---


def test_mattermost_opens_lists_and_ticks(desk: Desk) -> None:
    server = MattermostServer()
    response = server.type(MM, "open sev1 product-recall Two *reports* of burns")
    assert response.status_code == 200
    incident = Incident.objects.get()
    assert incident.severity == "sev1"
    said = response.json()
    assert said["response_type"] == "ephemeral"
    assert rf"**{incident.reference} is open: Two \*reports\* of burns**" in said["text"]
    action = said["attachments"][0]["actions"][0]
    assert action["integration"]["url"].endswith("/chat/mattermost/press/")
    answer = server.press(MM, action)
    assert f"Done in {incident.reference}" in answer.json()["ephemeral_text"]
    assert ChecklistItem.objects.filter(state=ItemState.DONE).count() == 1


def test_mattermost_help_names_the_command(desk: Desk) -> None:
    assert "/desk late" in words(MattermostServer().type(MM, ""))


def test_a_press_reaches_whoever_reads_arabic_in_arabic(desk: Desk) -> None:
    desk.lead.language = "ar"
    desk.lead.save()
    server = MattermostServer()
    response = server.type(MM, "فتح sev2 service-outage تعطل الدفع")
    action = response.json()["attachments"][0]["actions"][0]
    with override("ar"):
        assert action["name"] == pgettext("item", "Done")
        done = gettext("Done in %(reference)s: %(what)s").partition("%")[0]
    answer = json.loads(server.press(MM, action).content)["ephemeral_text"]
    assert answer.startswith("**\u200f") and done.strip() in answer


def test_old_calls_are_forgotten(desk: Desk) -> None:
    SlackApp().type("ULEAD", "late")
    assert HeardCall.objects.count() == 1
    assert heard_calls.forget_old_calls(at=NOON + timedelta(minutes=19)) == 0
    assert heard_calls.forget_old_calls(at=NOON + timedelta(minutes=21)) == 1
