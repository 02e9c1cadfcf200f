"""What a browser's push service is handed, what only the browser reads, and what the answers mean."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from py_vapid import Vapid02
from pytest_django import Settings

from crisisdesk.notifications.transports import sealing
from crisisdesk.notifications.transports.carrying import Parcel, Refused
from crisisdesk.notifications.transports.push import Push, is_known
from tests.factories.organisation import NOON
from tests.factories.receivers import Browser, Receiver, receiving
from tests.notifications.test_webhook import parcel


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A push service on loopback that whoever runs the desk has named."""
    settings.OUTBOUND_PRIVATE_HOSTS = settings.PUSH_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        made.reply = lambda post: (201, b"", {})
        yield made


def to(browser: Browser, url: str, **fields: Any) -> Parcel:
    """One piece of news for this browser."""
    keys = {"p256dh": browser.p256dh, "auth": browser.auth, "desk": sealing.public_key()}
    return parcel(url, **{"address": SimpleNamespace(value=url, keys=keys), **fields})


def test_only_the_browser_reads_it_and_knows_the_desk(receiver: Receiver) -> None:
    browser = Browser()
    assert Push().send(to(browser, f"{receiver.url}/push/abc", urgent=True)) == "201"
    (post,) = receiver.posts
    assert "موعد".encode() not in post.body
    news = browser.read(post)
    assert news["title"].endswith("موعد البيان") and news["body"] == "صفحة الحساب · 15:30"
    assert (news["language"], news["direction"], news["path"]) == (
        "ar",
        "rtl",
        "/incidents/CD-2026-0042/",
    )
    assert (post.headers["ttl"], post.headers["urgency"], post.headers["topic"]) == (
        "86400",
        "high",
        "n-7",
    )
    signed = post.headers["authorization"]
    assert Vapid02.verify(signed) and signed.endswith(f"k={sealing.public_key()}")
    claims = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["aud"] == receiver.url and claims["sub"] == "mailto:desk@localhost"
    assert 0 < claims["exp"] - NOON.timestamp() < 86_400


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_gone_for_good(receiver: Receiver, status: int) -> None:
    receiver.reply = lambda post: (status, b"unsubscribed", {})
    with pytest.raises(Refused) as caught:
        Push().send(to(Browser(), receiver.url))
    assert caught.value.gone and not caught.value.again


def test_a_push_service_that_is_busy_is_asked_again(receiver: Receiver) -> None:
    receiver.reply = lambda post: (503, b"", {"Retry-After": "9"})
    with pytest.raises(Refused) as caught:
        Push().send(to(Browser(), receiver.url))
    assert caught.value.again and caught.value.after is not None
    assert caught.value.after.total_seconds() == 9


def test_a_browser_that_knows_another_key_of_the_desk_is_not_asked(receiver: Receiver) -> None:
    sent = to(Browser(), receiver.url)
    sent.address.keys["desk"] = "another"
    with pytest.raises(Refused) as caught:
        Push().send(sent)
    assert caught.value.gone and not receiver.posts


def test_an_address_in_our_own_network_is_never_asked(
    receiver: Receiver, settings: Settings
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    with pytest.raises(Refused, match="private_address"):
        Push().send(to(Browser(), receiver.url))
    assert not receiver.posts


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=a", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/a", True),
        ("http://fcm.googleapis.com/fcm/send/abc", False),
        ("https://push.apple.com.example.org/", False),
        ("https://example.org/", False), ("https://[", False), ("", False),
    ],
)  # fmt: skip
def test_only_push_services_of_browsers_are_taken(endpoint: str, known: bool) -> None:
    assert is_known(endpoint) is known


@pytest.mark.parametrize(("p256dh", "auth"), [("", ""), ("AAAA", "AAAA"), ("ü", "x")])
def test_what_is_no_key_is_refused(p256dh: str, auth: str) -> None:
    with pytest.raises(sealing.BadKeys):
        sealing.read_keys(p256dh, auth)


def test_a_process_that_pushes_nothing_loads_no_cryptography_for_it() -> None:
    code = (
        "import django; django.setup(); import sys; import crisisdesk.notifications.transports.push;"
        "print([name for name in ('http_ece', 'py_vapid', 'aiohttp', 'pywebpush') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
