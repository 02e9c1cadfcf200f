"""One message to one person by every way out: from the outbox, over delivery, to the services on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.organisation.models import User
from tests.factories.notifications import make_address, message, tell
from tests.factories.organisation import NOON
from tests.notifications.far_side import Asked, FarSide, Reply, far_side
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
