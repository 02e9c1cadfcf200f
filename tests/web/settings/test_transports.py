"""Settings, How you are told: every transport in its row, codes, tests, removal."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Parcel, Refused
from crisisdesk.organisation.models import User
from tests.factories.notifications import FakeCarrier, make_address
from tests.factories.organisation import NOON, make_user
from tests.peers import Mailbox
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/transports/"


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    """Slack as the tests have it."""
    made = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, made)
    return made


@pytest.fixture
def sara() -> User:
    """Somebody who signs in."""
    return make_user()


def test_an_address_is_added_confirmed_tested_and_removed(sara: User, slack: FakeCarrier) -> None:
    client = browser(sara)
    empty = client.get(PAGE).content.decode()
    assert "Slack" in empty and 'action="/settings/transports/slack/add/"' in empty
    added = client.post(f"{PAGE}slack/add/", {"value": "U1", "label": "Night phone"}, follow=True)
    page = added.content.decode()
    made = Address.objects.get()
    assert "A code was sent there" in page and "Waits for its code" in page
    (code,) = re.findall(r"\d{6}", slack.parcels[0].rendered.subject)
    page = client.post(f"{PAGE}{made.pk}/confirm/", {"code": code}, follow=True).content.decode()
    assert "The address is confirmed" in page and "Waits for its code" not in page
    slack.answer = lambda parcel: "200 posted in #on-call"
    page = client.post(f"{PAGE}{made.pk}/test/").content.decode()
    assert "The test was taken" in page and "200 posted in #on-call" in page
    assert "200 posted in #on-call" in client.get(PAGE).content.decode()
    page = client.post(f"{PAGE}{made.pk}/remove/", follow=True).content.decode()
    assert "The address was removed" in page and "Night phone" not in page


def test_a_transport_that_is_not_set_up_says_what_it_needs(sara: User, slack: FakeCarrier) -> None:
    slack.is_there = False
    page = browser(sara).get(PAGE).content.decode()
    assert "Not set up on this desk" in page and "What it needs: Nothing." in page
    assert "slack/add/" not in page


def test_an_address_that_was_switched_off_says_why_and_can_be_confirmed_anew(
    sara: User, slack: FakeCarrier
) -> None:
    made = make_address(sara, "slack", off_at=NOON, off_reason="410 channel archived")
    client = browser(sara)
    page = client.get(PAGE).content.decode()
    assert "Switched off by the other side" in page and "410 channel archived" in page
    assert f"{PAGE}{made.pk}/test/" not in page
    assert client.post(f"{PAGE}{made.pk}/code/").status_code == 302
    assert len(slack.parcels) == 1


def test_a_test_that_is_not_taken_shows_the_answer(
    sara: User, slack: FakeCarrier, smtp_mail: Mailbox
) -> None:
    made = make_address(sara, "slack")

    def refuse(parcel: Parcel) -> str:
        raise Refused("403 <not here>")

    slack.answer = refuse
    client = browser(sara)
    answer = client.post(f"{PAGE}{made.pk}/test/")
    assert answer.status_code == 422 and "403 &lt;not here&gt;" in answer.content.decode()
    assert "250 OK" in client.post(f"{PAGE}test/").content.decode()
    assert len(smtp_mail.wait(1)) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "وسائل إبلاغكم"), ("he", "איך מקבלים עדכונים")]
)
def test_the_page_speaks_the_readers_language(
    sara: User, slack: FakeCarrier, language: str, words: str
) -> None:
    User.objects.update(language=language)
    make_address(sara, "slack", off_at=NOON, off_reason="gone")
    page = browser(sara).get(PAGE).content.decode()
    assert words in page and 'dir="rtl"' in page and "<c-" not in page


def test_an_address_of_somebody_else_is_not_there(sara: User, slack: FakeCarrier) -> None:
    theirs = make_address(make_user("other"), "slack")
    client = browser(sara)
    for press in ("code", "confirm", "remove", "test"):
        answer = client.post(f"{PAGE}{theirs.pk}/{press}/", {"code": "123456"})
        assert answer.status_code == 404, press
    assert client.post(f"{PAGE}pigeon/add/", {"value": "x"}).status_code == 404
    assert client.post(f"{PAGE}email/add/", {"value": "x"}).status_code == 404
    assert slack.parcels == []


def test_the_page_costs_the_same_with_one_and_with_fifty_addresses(
    sara: User, slack: FakeCarrier
) -> None:
    client = browser(sara)

    def cost() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE).status_code == 200
        return len(caught)

    make_address(sara, "slack", "U0")
    one = cost()
    for number in range(1, 50):
        make_address(sara, "slack", f"U{number}", tested_at=NOON)
    assert one == cost() == 3


def test_a_page_for_people_who_are_signed_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
