"""Browser news: the worker at the root, and a browser that is turned on and off."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from crisisdesk.notifications.models import Address
from crisisdesk.web.views.settings.push import device_name
from tests.factories.incidents import Desk
from tests.factories.receivers import Browser as Keys
from tests.web.settings.conftest import browser

HERE = "https://fcm.googleapis.com/fcm/send/abc"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"


def given(endpoint: str = HERE) -> dict[str, str]:
    """What a browser gives when it is asked."""
    keys = Keys()
    return {"endpoint": endpoint, "p256dh": keys.p256dh, "auth": keys.auth}


def test_the_worker_answers_for_the_whole_desk(client: Client, db: None) -> None:
    answer = client.get("/push-worker.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert b"showNotification" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_browser_belongs_to_who_uses_it_now(desk: Desk) -> None:
    lead, staff = browser(desk.lead), browser(desk.staff)
    assert (
        lead.post("/settings/push/on/", given(), headers={"User-Agent": PHONE}).status_code == 302
    )
    address = Address.objects.get()
    assert (address.user, address.label, address.is_usable) == (desk.lead, "Chrome, Android", True)
    lead.post("/settings/push/on/", given())
    assert Address.objects.count() == 1
    staff.post("/settings/push/on/", given())
    assert [one.user for one in Address.objects.filter(removed_at=None)] == [desk.staff]
    assert not Address.objects.filter(user=desk.lead).exclude(value="").exists()
    lead.post("/settings/push/off/", {"endpoint": HERE})
    assert Address.objects.filter(removed_at=None).count() == 1
    staff.post("/settings/push/off/", {"endpoint": HERE})
    assert not Address.objects.filter(removed_at=None).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"endpoint": "https://example.org/"}, "no push service"),
        ({"endpoint": "https://10.0.0.1/"}, "no push service"),
        ({"p256dh": "x"}, "is not complete"),
    ],
)
def test_what_no_browser_gives_is_refused(desk: Desk, changed: dict[str, str], words: str) -> None:
    answer = browser(desk.lead).post("/settings/push/on/", given() | changed, follow=True)
    assert words in answer.content.decode() and not Address.objects.exists()


def test_a_desk_without_a_key_says_so(desk: Desk, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    answer = browser(desk.lead).post("/settings/push/on/", given(), follow=True)
    assert "VAPID_PRIVATE_KEY" in answer.content.decode() and not Address.objects.exists()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18 Safari/604", "Safari, iPhone"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_has_a_name_of_two_words(told: str, name: str) -> None:
    assert device_name(told) == name
