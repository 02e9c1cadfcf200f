"""One message to one person by every way out: from the outbox, over delivery, to the services on loopback."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote_plus

import pytest
from pytest_django import Settings

from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.rules import signing
from crisisdesk.notifications.transports import sealing
from crisisdesk.organisation.models import User
from tests.factories.notifications import WORDS, News, make_address, message, tell
from tests.factories.organisation import NOON
from tests.factories.receivers import Browser, Post
from tests.notifications.far_side import Asked, FarSide, Reply, far_side
from tests.notifications.test_mail import body
from tests.peers import Mailbox


def everything(asked: Asked) -> Reply:
    """What each service answers to a good question."""
    return 200, {"ok": True, "id": "one", "sid": "SM1"}, {}


@pytest.fixture
def side(settings: Settings) -> Iterator[FarSide]:
    """Every service at one address, set up."""
    with far_side() as found:
        settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
        settings.SLACK_URL = settings.TELEGRAM_URL = settings.MATTERMOST_URL = found.url
        settings.WHATSAPP_URL = settings.SMS_URL = found.url
        settings.SLACK_BOT_TOKEN = settings.TELEGRAM_BOT_TOKEN = settings.MATTERMOST_TOKEN = "t"
        settings.WHATSAPP_TOKEN = settings.SMS_TOKEN = settings.WHATSAPP_PHONE_NUMBER_ID = "t"
        settings.SMS_ACCOUNT, settings.SMS_FROM = "AC7", "+15550100"
        found.reply = everything
        yield found


def reach(person: User, side: FarSide) -> dict[str, Address]:
    """Give the person an address of every kind."""
    host = side.url.removeprefix("http://")
    values = {
        "slack": "U012AB3CD", "teams": f"{side.url}/workflow", "mattermost": "m" * 26, "telegram": "7007",
        "whatsapp": "+971500000007", "sms": "+971500000007", "service": f"ntfy://{host}/alerts",
    }  # fmt: skip
    return {name: make_address(person, name, value) for name, value in values.items()}


def deliver(minutes: int = 0) -> None:
    """Deliver all that is due so many minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    delivery.deliver_all(clock=lambda: at)


def test_one_message_goes_out_once_by_every_way(
    nadia: User, smtp_mail: Mailbox, side: FarSide
) -> None:
    places = reach(nadia, side)
    tell([message(nadia)])
    tell([message(nadia)])
    deliver()
    deliver(1)
    rows = Notification.objects.exclude(transport="inbox")
    assert {(row.transport, row.state) for row in rows} == {
        (name, "sent") for name in (*places, "email")
    }
    assert len(rows) == len(places) + 1
    answers = Delivery.objects.exclude(notification__transport="email")
    assert {entry.answer[:3] for entry in answers} == {"200"}
    assert len([asked for asked in side.asked if asked.path == "/chat.postMessage"]) == 1
    # Mattermost takes three questions a message.
    assert len(side.asked) == len(places) + 2


def test_what_comes_again_is_known_by_its_id(sara: User, smtp_mail: Mailbox, side: FarSide) -> None:
    make_address(sara, "slack", "U012AB3CD")
    side.answer(429, {"ok": False, "error": "ratelimited"}, Retry_After="30")
    tell([message(sara)])
    deliver()
    row = Notification.objects.get(transport="slack")
    assert row.state == "pending" and row.next_attempt_at >= NOON + timedelta(seconds=30)
    side.reply = everything
    deliver(1)
    row.refresh_from_db()
    assert row.state == "sent"
    first, second = side.asked
    assert first.json()["client_msg_id"] == second.json()["client_msg_id"]


def test_who_is_gone_is_told_there_no_more(sara: User, smtp_mail: Mailbox, side: FarSide) -> None:
    place = make_address(sara, "slack", "U012AB3CD")
    side.answer(200, {"ok": False, "error": "user_not_found"})
    tell([message(sara)])
    deliver()
    place.refresh_from_db()
    assert place.off_at is not None and "user_not_found" in place.off_reason
    tell([message(sara, 2)])
    deliver(1)
    assert len(side.asked) == 1
    assert not Notification.objects.filter(transport="slack", state="sent").exists()


MARKS = re.compile("[\u200e\u200f\u2066-\u2069]")


def carried(side: FarSide, browser: Browser) -> dict[str, str]:
    """What each way was handed in words, by the path it was handed at; without marks of direction."""
    found: dict[str, str] = {}
    for asked in side.asked:
        if asked.headers.get("content-encoding") == "aes128gcm":
            said: object = browser.read(Post(asked.path, asked.headers, asked.body))
        elif asked.body.startswith(b"{"):
            said = asked.json()
        else:
            said = unquote_plus(asked.body.decode())
        words = MARKS.sub("", json.dumps(said, ensure_ascii=False))
        if "CD-2026-0042" in words:
            assert asked.path not in found
            found[asked.path] = words
    return found


def reach_everywhere(person: User, side: FarSide, settings: Settings) -> tuple[set[str], Browser]:
    """Give the person an address of every kind that there is, and return the kinds."""
    browser, places = Browser(), set(reach(person, side))
    settings.PUSH_HOSTS = ["127.0.0.1"]
    keys = {"p256dh": browser.p256dh, "auth": browser.auth, "desk": sealing.public_key()}
    make_address(person, "push", f"{side.url}/push", keys=keys)
    make_address(person, "webhook", f"{side.url}/hook", secret=signing.new_secret())
    return places | {"push", "webhook"}, browser


def test_other_hands_carry_no_words_of_what_is_restricted(
    nadia: User, smtp_mail: Mailbox, side: FarSide, settings: Settings, news: News
) -> None:
    places, browser = reach_everywhere(nadia, side, settings)
    assert {*places, "email", "inbox"} == set(
        Transport.values
    )  # a new way is hushed until it is named
    news.restricted.add(7)
    tell([message(nadia, data={"number": 1, "quote": True})])
    deliver()
    assert set(Notification.objects.values_list("state", flat=True)) == {"sent"}
    found = carried(side, browser)
    hook = found.pop("/hook")
    assert len(found) == len(places) - 1
    heading, line, button = WORDS["ar"]
    for path, said in found.items():
        assert "CD-2026-0042 · لديكم خبر جديد" in said, path
        assert "/incidents/CD-2026-0042/" in said, path
        for word in (heading, line, button, "15:30", "SEV2", "NourHelp"):
            assert word not in said, (path, word)
    assert heading in hook and "SEV2" in hook
    (letter,) = smtp_mail.messages
    assert heading in letter["subject"] and line.split()[0] in body(letter, "plain")


def test_in_a_digest_what_is_restricted_is_a_bare_line(
    nadia: User, smtp_mail: Mailbox, side: FarSide, news: News
) -> None:
    make_address(nadia, "slack", "U012AB3CD")
    news.restricted.add(8)
    tell([*(message(nadia, number) for number in range(4)), message(nadia, 9, topic_id=8)])
    deliver()
    side.asked.clear()
    deliver(1)
    (asked,) = side.asked
    said = MARKS.sub("", asked.body.decode())
    heading = WORDS["ar"][0]
    assert f"{heading} 3" in said and f"{heading} 9" not in said
    assert "CD-2026-0042 · لديكم خبر جديد" in said
    assert f"{heading} 9" in body(smtp_mail.messages[-1], "plain")


def test_what_is_restricted_while_it_waits_is_hushed_when_it_goes(
    sara: User, smtp_mail: Mailbox, side: FarSide, news: News
) -> None:
    make_address(sara, "slack", "U012AB3CD")
    side.answer(429, {"ok": False, "error": "ratelimited"}, Retry_After="30")
    tell([message(sara)])
    deliver()
    news.restricted.add(7)
    side.reply = everything
    deliver(1)
    first, second = (asked.json()["text"] for asked in side.asked)
    assert "Holding statement due" in first and second == "CD-2026-0042 · News for you"
