"""Endpoints of a person's programs: proven before they are told, signed, tried again, switched off."""

from __future__ import annotations

import re
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as desk_settings
from pytest_django import Settings

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.notifications.domain import delivery, webhooks
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.queries.webhooks import sent_to
from crisisdesk.notifications.rules import retries
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from tests.factories.notifications import News, message, tell
from tests.factories.organisation import NOON, web
from tests.factories.receivers import Post, Receiver, echo, receiving

MINUTE = timedelta(minutes=1)


def proven(receiver: Receiver, person: User) -> webhooks.NewSecret:
    """An endpoint of this person that is told of news."""
    made = webhooks.add_webhook(url=receiver.url, label="Pager", actor=web(person), at=NOON)
    webhooks.prove_webhook(address_id=made.address.pk, actor=web(person), at=NOON)
    receiver.posts.clear()
    return made


def deliver(at: datetime = NOON) -> None:
    """Deliver all that is due at this time, and mail besides."""
    delivery.deliver_all(clock=lambda: at)


def rows() -> list[Notification]:
    return list(Notification.objects.filter(transport="webhook").order_by("pk"))


def documented() -> Any:
    """What the receiver's side does, as docs/webhooks.md has it."""
    page = Path(desk_settings.BASE_DIR, "docs", "webhooks.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - our own page
    return found


def test_nothing_is_sent_before_the_endpoint_has_proven_itself(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made = webhooks.add_webhook(url=receiver.url, label=" Pager ", actor=web(sara), at=NOON)
    assert made.secret.startswith("whsec_") and made.address.label == "Pager"
    tell([message(sara, 1)])
    deliver()
    assert not rows() and not receiver.posts
    said = webhooks.prove_webhook(address_id=made.address.pk, actor=web(sara), at=NOON)
    (asked,) = receiver.posts
    assert asked.json()["type"] == "webhook.challenge" and said.startswith("200 ")
    assert documented()["verify"](made.secret, asked.headers, asked.body, NOON.timestamp())
    tell([message(sara, 2)])
    deliver()
    assert receiver.posts[1].json()["words"]["subject"].endswith(" 2")


def test_the_documented_receiver_takes_ours_and_nothing_else(
    nadia: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made = proven(receiver, nadia)
    tell([message(nadia, 3)])
    deliver()
    (post,) = receiver.posts
    theirs, now = documented(), NOON.timestamp()
    assert theirs["verify"](made.secret, post.headers, post.body, now)
    assert not theirs["verify"](made.secret, post.headers, post.body + b" ", now)
    assert not theirs["verify"]("whsec_" + "A" * 44, post.headers, post.body, now)
    other = {**post.headers, "webhook-id": "n-0"}
    assert not theirs["verify"](made.secret, other, post.body, now)
    assert not theirs["verify"](made.secret, post.headers, post.body, now + 301)
    assert theirs["is_new"](post.headers) and not theirs["is_new"](post.headers)
    assert post.json()["words"]["language"] == "ar" and post.json()["data"] == {"number": 3}


def test_a_rotated_secret_signs_beside_the_old_one_for_a_day(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    old = proven(receiver, sara)
    new = webhooks.rotate_secret(address_id=old.address.pk, both=True, actor=web(sara), at=NOON)
    assert new.secret != old.secret
    tell([message(sara, 1)])
    deliver()
    tell([message(sara, 2)], at=NOON + timedelta(days=1))
    deliver(NOON + timedelta(days=1))
    first, second = receiver.posts
    verify = documented()["verify"]
    for secret in (old.secret, new.secret):
        assert verify(secret, first.headers, first.body, NOON.timestamp())
    later = (NOON + timedelta(days=1)).timestamp()
    assert verify(new.secret, second.headers, second.body, later)
    assert not verify(old.secret, second.headers, second.body, later)
    leaked = webhooks.rotate_secret(address_id=old.address.pk, both=False, actor=web(sara), at=NOON)
    assert leaked.address.previous_secret == "" and leaked.address.previous_until is None


def test_what_is_not_taken_comes_again_under_the_same_id_until_it_is(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made = proven(receiver, sara)
    receiver.reply = lambda post: (503, b"not now", {})
    tell([message(sara, 1)])
    deliver()
    receiver.reply = lambda post: (202, b"thanks", {})
    deliver(NOON + MINUTE)
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    assert len({post.headers["webhook-timestamp"] for post in receiver.posts}) == 2
    (row,) = rows()
    assert row.state == "sent"
    (sent,) = sent_to(made.address, sara).rows
    assert [(one.outcome, one.answer) for one in sent.attempts] == [
        ("sent", "202 thanks"),
        ("retry", "503 not now"),
    ]
    assert all(one.took_ms is not None and one.took_ms < 5000 for one in sent.attempts)


def test_who_never_answers_well_is_given_up_and_can_be_sent_again(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made, at = proven(receiver, sara), NOON
    receiver.reply = lambda post: (500, b"", {})
    tell([message(sara, 1)])
    for _ in range(retries.MOST_ATTEMPTS):
        deliver(at)
        at += timedelta(hours=1)
    (row,) = rows()
    assert (row.state, len(receiver.posts)) == ("failed", retries.MOST_ATTEMPTS)
    receiver.reply = lambda post: (200, b"", {})
    webhooks.send_again(notification_id=row.pk, actor=web(sara), at=at)
    deliver(at)
    assert rows()[0].state == "sent"
    assert len({post.headers["webhook-id"] for post in receiver.posts}) == 1
    webhooks.send_again(notification_id=row.pk, actor=web(sara), at=at)
    deliver(at)
    assert len(receiver.posts) == retries.MOST_ATTEMPTS + 2
    assert len(sent_to(made.address, sara).rows[0].attempts) == retries.MOST_ATTEMPTS + 2


def test_410_switches_off_and_a_new_proof_switches_on(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made = proven(receiver, sara)
    receiver.reply = lambda post: (410, b"moved out", {})
    tell([message(sara, 1)])
    deliver()
    address = Address.objects.get()
    assert (address.off_at, address.off_reason) == (NOON, "410 moved out")
    tell([message(sara, 2)])
    deliver()
    assert len(rows()) == 1 and len(receiver.posts) == 1
    with pytest.raises(Invalid, match="webhook_off"):
        webhooks.send_again(notification_id=rows()[0].pk, actor=web(sara), at=NOON)
    receiver.reply = echo
    webhooks.prove_webhook(address_id=made.address.pk, actor=web(sara), at=NOON + MINUTE)
    tell([message(sara, 3)])
    deliver()
    assert rows()[-1].state == "sent"


def test_a_name_that_leads_inside_by_now_is_refused_and_logged(
    sara: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    outside = [(2, 1, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: outside)
    url = "https://hooks.example/desk"
    made = webhooks.add_webhook(url=url, label="P", actor=web(sara), at=NOON)
    Address.objects.update(verified_at=NOON)
    inside = [(2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: inside)
    tell([message(sara, 1)])
    deliver()
    (sent,) = sent_to(made.address, sara).rows
    assert [(one.outcome, one.answer) for one in sent.attempts] == [("retry", "private_address")]
    with pytest.raises(Invalid, match="address_private"):
        webhooks.prove_webhook(address_id=made.address.pk, actor=web(sara), at=NOON)


def test_an_endpoint_that_is_down_holds_up_no_other(
    sara: User, dana: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    down, up = proven(receiver, sara), proven(receiver, dana)
    Address.objects.filter(pk=down.address.pk).update(value="http://127.0.0.1:1/")
    tell([message(sara, number) for number in range(5)] + [message(dana, 9)])
    deliver()
    assert [post.json()["data"]["number"] for post in receiver.posts] == [9]
    waiting = Notification.objects.filter(address=down.address)
    assert sorted(waiting.values_list("state", "attempts")) == [("pending", 0)] * 4 + [
        ("pending", 1)
    ]
    assert Delivery.objects.filter(notification__in=waiting).count() == 1
    assert sent_to(up.address, dana).rows[0].state == "sent"
    Address.objects.filter(pk=down.address.pk).update(value=receiver.url)
    deliver(NOON + MINUTE)
    assert set(waiting.values_list("state", flat=True)) == {"sent"}


def test_a_redirect_inside_is_not_followed(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    proven(receiver, sara)
    with receiving() as hidden:
        receiver.reply = lambda post: (307, b"", {"Location": f"{hidden.url}/inside"})
        tell([message(sara, 1)])
        deliver()
        assert not hidden.posts
    assert Delivery.objects.get(notification=rows()[0]).answer == "307"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://10.0.0.1/", "address_private"), ("https://localhost/", "address_private"),
        ("https://[::1]/x", "address_private"), ("https://169.254.169.254/", "address_private"),
        ("ftp://example.com/", "webhook_url"), ("pager", "webhook_url"), ("", "webhook_url"),
        ("https://a b/", "webhook_url"), ("http://93.184.216.34/", "webhook_url"),
        ("https://nobody.invalid/", "host_unknown"), ("https://93.184.216.34/" + "a" * 2000, "webhook_url"),
    ],
)  # fmt: skip
def test_where_news_may_not_go_is_refused(sara: User, url: str, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        webhooks.add_webhook(url=url, label="P", actor=web(sara), at=NOON)
    assert (caught.value.code, caught.value.field) == (code, "url")
    assert not Address.objects.exists()


def test_one_of_a_kind_and_no_more_than_fit(sara: User, receiver: Receiver) -> None:
    for number in range(webhooks.MOST_WEBHOOKS):
        url = f"{receiver.url}/{number}"
        webhooks.add_webhook(url=url, label="P", actor=web(sara), at=NOON)
        with pytest.raises(Invalid, match="webhook_exists"):
            webhooks.add_webhook(url=url, label="P", actor=web(sara), at=NOON)
    with pytest.raises(Invalid, match="webhooks_too_many"):
        webhooks.add_webhook(url=f"{receiver.url}/more", label="P", actor=web(sara), at=NOON)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (lambda post: (200, b"hello", {}), "webhook_unproven"),
        (lambda post: (404, echo(post)[1], {}), "webhook_unproven"),
        (lambda post: (302, b"", {"Location": "http://10.0.0.1/"}), "webhook_unproven"),
        (lambda post: (200, b'{"challenge": null}', {}), "webhook_unproven"),
    ],
)
def test_who_does_not_say_the_challenge_back_is_told_nothing(
    sara: User, receiver: Receiver, reply: Any, code: str
) -> None:
    made = webhooks.add_webhook(url=receiver.url, label="P", actor=web(sara), at=NOON)
    receiver.reply = reply
    with pytest.raises(Invalid, match=code):
        webhooks.prove_webhook(address_id=made.address.pk, actor=web(sara), at=NOON)
    assert Address.objects.get().verified_at is None


def test_the_challenge_alone_is_a_proof_too_and_nobody_there_is_none(
    sara: User, receiver: Receiver
) -> None:
    made = webhooks.add_webhook(url=receiver.url, label="P", actor=web(sara), at=NOON)

    def alone(post: Post) -> tuple[int, bytes, dict[str, str]]:
        return 200, post.json()["challenge"].encode() + b"\n", {}

    receiver.reply = alone
    webhooks.prove_webhook(address_id=made.address.pk, actor=web(sara), at=NOON)
    assert Address.objects.get().is_usable
    away = webhooks.add_webhook(url="http://127.0.0.1:1/", label="P", actor=web(sara), at=NOON)
    with pytest.raises(Invalid, match="webhook_silent"):
        webhooks.prove_webhook(address_id=away.address.pk, actor=web(sara), at=NOON)


def test_it_sees_what_its_owner_sees_and_no_drill(
    sara: User, receiver: Receiver, news: News, mailoutbox: list[Any]
) -> None:
    made = proven(receiver, sara)
    tell([message(sara, 1), message(sara, 2, is_drill=True)])
    deliver()
    assert len(receiver.posts) == 1
    tell([message(sara, 3)])
    news.refused = {(sara.pk, 7)}
    deliver()
    assert len(receiver.posts) == 1
    page = sent_to(made.address, sara)
    assert [(row.state, row.said, row.may_go_again) for row in page.rows] == [
        ("withheld", None, False),
        ("sent", None, False),
    ]
    with pytest.raises(NotVisible):
        webhooks.send_again(notification_id=rows()[0].pk, actor=web(sara), at=NOON)


def test_a_message_on_its_way_is_not_sent_beside_itself(
    sara: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    proven(receiver, sara)
    tell([message(sara, 1)])
    with pytest.raises(Invalid, match="still_on_its_way"):
        webhooks.send_again(notification_id=rows()[0].pk, actor=web(sara), at=NOON)


def test_an_endpoint_of_somebody_else_does_not_exist(
    sara: User, dana: User, receiver: Receiver, mailoutbox: list[Any]
) -> None:
    made = proven(receiver, sara)
    tell([message(sara, 1)])
    deliver()
    before = list(Address.objects.values())
    mine = {"actor": web(dana), "at": NOON}
    with pytest.raises(NotVisible):
        webhooks.prove_webhook(address_id=made.address.pk, **mine)
    with pytest.raises(NotVisible):
        webhooks.rotate_secret(address_id=made.address.pk, both=True, **mine)
    with pytest.raises(NotVisible):
        webhooks.send_again(notification_id=rows()[0].pk, **mine)
    reading = Actor(sara, "api", "read")
    with pytest.raises(NotAllowed):
        webhooks.rotate_secret(address_id=made.address.pk, both=True, actor=reading, at=NOON)
    assert list(Address.objects.values()) == before and len(receiver.posts) == 1
