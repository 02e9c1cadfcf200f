"""Told outside the desk: by a webhook from its first proof to its end, in a browser."""

from __future__ import annotations

from datetime import timedelta

from django.test import override_settings

from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.models import User
from tests.api.caller import Caller
from tests.factories.notifications import message, tell
from tests.factories.organisation import NOON
from tests.factories.receivers import Browser, echo, receiving

LATER = NOON + timedelta(days=1)


def be_told_elsewhere(person: User, caller: Caller) -> None:
    """Use every operation of webhooks and of browsers."""
    here = ["127.0.0.1"]
    with override_settings(OUTBOUND_PRIVATE_HOSTS=here, PUSH_HOSTS=here), receiving() as receiver:
        receiver.reply = echo
        _webhook(person, caller, receiver.url)
        _browser(caller, receiver.url)


def _webhook(person: User, caller: Caller, url: str) -> None:
    made = caller.does("post", "webhooks/", {"url": url, "label": "Pager"})
    assert made["secret"].startswith("whsec_") and made["verified_at"] is None
    webhook = f"webhooks/{made['id']}/"
    assert caller.does("post", f"{webhook}prove/")["answer"].startswith("200 ")
    rotated = caller.does("post", f"{webhook}rotate/", {"both": True})
    assert rotated["secret"] != made["secret"] and rotated["both_sign_until"]
    (listed,) = caller.get("webhooks/")["results"]
    assert "secret" not in listed and listed["verified_at"]
    line = Notification.objects.filter(recipient=person, transport="inbox")[0]
    told = message(person, topic=line.topic, topic_id=line.topic_id, kind=line.kind, data=line.data)
    tell([told])
    delivery.deliver_all(clock=lambda: LATER)
    (sent,) = caller.get(f"{webhook}messages/")["results"]
    assert [one["outcome"] for one in sent["attempts"]] == ["sent"] and sent["subject"]
    caller.does("post", f"{webhook}messages/{sent['id']}/resend/")
    delivery.deliver_all(clock=lambda: LATER)
    (sent,) = caller.get(f"{webhook}messages/")["results"]
    assert len(sent["attempts"]) == 2
    caller.does("post", f"{webhook}remove/")
    assert caller.get("webhooks/")["results"] == []


def _browser(caller: Caller, url: str) -> None:
    browser = Browser()
    assert len(caller.get("devices/key/")["key"]) == 87
    keys = {"endpoint": url, "p256dh": browser.p256dh, "auth": browser.auth}
    caller.does("post", "devices/", {**keys, "label": "Firefox, Android"})
    assert [one["label"] for one in caller.get("devices/")["results"]] == ["Firefox, Android"]
    caller.does("post", "devices/remove/", {"endpoint": url})
    assert caller.get("devices/")["results"] == []
