"""What a webhook carries, how it is signed, and what its answers mean."""

from __future__ import annotations

import base64
import hashlib
import hmac
import socket
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import Settings

from crisisdesk.notifications.registry import Rendered
from crisisdesk.notifications.rules import signing
from crisisdesk.notifications.transports.carrying import Parcel, Refused
from crisisdesk.notifications.transports.webhook import Webhook
from tests.factories.organisation import NOON
from tests.factories.receivers import Post, Receiver, receiving

WORDS = Rendered(
    subject="CD-2026-0042 · SEV2 · موعد البيان",
    headline="موعد البيان",
    lines=("صفحة الحساب",),
    action_label="البيان",
    path="/incidents/CD-2026-0042/",
    due_line="15:30",
)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver that whoever runs the desk has named."""
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        yield made


def parcel(url: str, **fields: Any) -> Parcel:
    """One piece of news for this address."""
    address = SimpleNamespace(
        value=url, secret=signing.new_secret(), previous_secret="", previous_until=None, keys={}
    )
    values: dict[str, Any] = {
        "key": "n-7", "address": address, "person": SimpleNamespace(), "rendered": WORDS, "language": "ar",
        "direction": "rtl", "kind": "reminder_due", "topic": "incident", "topic_id": 3, "number": 12,
        "created_at": NOON, "at": NOON, "attempt": 1, "is_test": False,
        "data": {"reference": "CD-2026-0042", "share": 80},
    } | fields  # fmt: skip
    return Parcel(**values)


def expected(post: Post, secret: str) -> str:
    """The signature as the convention defines it, made here a second time."""
    signed = (
        f"{post.headers['webhook-id']}.{post.headers['webhook-timestamp']}.".encode() + post.body
    )
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()


def test_news_comes_as_data_and_in_the_owners_words(receiver: Receiver) -> None:
    assert Webhook().send(parcel(f"{receiver.url}/hook?x=1")) == "200 taken"
    (post,) = receiver.posts
    body = post.json()
    assert post.path == "/hook?x=1" and body["id"] == "n-7" == post.headers["webhook-id"]
    assert (body["type"], body["reference"], body["number"]) == (
        "incident.reminder_due",
        "CD-2026-0042",
        12,
    )
    assert body["data"]["share"] == 80 and body["created_at"] == "2026-11-18T12:00:00+00:00"
    assert body["words"]["headline"] == "موعد البيان" and body["words"]["direction"] == "rtl"
    assert body["link"] == "http://testserver/incidents/CD-2026-0042/" and body["test"] is False


def test_both_secrets_sign_until_the_old_one_ends(receiver: Receiver) -> None:
    sent = parcel(receiver.url)
    sent.address.previous_secret = signing.new_secret()
    sent.address.previous_until = NOON + timedelta(hours=1)
    Webhook().send(sent)
    Webhook().send(parcel(receiver.url, address=sent.address, at=NOON + timedelta(hours=1)))
    first, second = receiver.posts
    both = first.headers["webhook-signature"].split()
    assert both == [
        expected(first, sent.address.secret),
        expected(first, sent.address.previous_secret),
    ]
    assert second.headers["webhook-signature"].split() == [expected(second, sent.address.secret)]
    assert first.headers["webhook-timestamp"] == str(int(NOON.timestamp()))


@pytest.mark.parametrize(
    ("status", "again", "gone"), [(400, True, False), (500, True, False), (410, False, True)]
)
def test_every_other_answer_counts_as_not_taken(
    receiver: Receiver, status: int, again: bool, gone: bool
) -> None:
    receiver.reply = lambda post: (status, b"no\n  thanks\x00", {})
    with pytest.raises(Refused) as caught:
        Webhook().send(parcel(receiver.url))
    assert (caught.value.again, caught.value.gone) == (again, gone)
    assert str(caught.value) == f"{status} no thanks"


def test_nobody_is_followed_elsewhere(receiver: Receiver) -> None:
    receiver.reply = lambda post: (307, b"", {"Location": f"{receiver.url}/other"})
    with pytest.raises(Refused, match="307"):
        Webhook().send(parcel(receiver.url))
    assert len(receiver.posts) == 1


def test_an_address_in_our_own_network_is_never_asked(
    receiver: Receiver, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    with pytest.raises(Refused, match="private_address"):
        Webhook().send(parcel(receiver.url))
    # The name was public when it was added; by now it leads inside.
    inside = [(2, 1, 6, "", ("10.1.1.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: inside)
    with pytest.raises(Refused, match="private_address"):
        Webhook().send(parcel("https://hooks.example/desk"))
    assert not receiver.posts


def test_nobody_there_costs_an_attempt(settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with pytest.raises(Refused) as caught:
        Webhook().send(parcel("http://127.0.0.1:1/"))
    assert caught.value.again and not caught.value.gone
