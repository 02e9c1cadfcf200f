"""Other services: only named schemas and options, and every question through our own way out."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from pytest_django import Settings

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.transports import service
from crisisdesk.notifications.transports.carrying import Refused
from crisisdesk.notifications.transports.service import SCHEMAS, Service
from crisisdesk.notifications.transports.through_requests import through_outbound
from tests.api.caller import Caller
from tests.factories.organisation import make_user
from tests.notifications.far_side import DROPPED, FarSide, far_side, parcel


@pytest.fixture
def side(settings: Settings) -> Iterator[FarSide]:
    """A service in our own network that whoever runs the desk has named."""
    with far_side() as found:
        settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
        yield found


def at(side: FarSide, schema: str = "ntfy", rest: str = "/alerts") -> str:
    """The service's address in the library's own form."""
    return f"{schema}://{side.url.removeprefix('http://')}{rest}"


def refused(address: str) -> Refused:
    """Send one parcel that is not taken."""
    with pytest.raises(Refused) as caught:
        Service().send(parcel(address))
    return caught.value


def test_ntfy_and_gotify_are_sent_the_words(side: FarSide) -> None:
    assert Service().send(parcel(at(side), language="ar")).startswith("200")
    (asked,) = side.asked
    body = asked.json()
    assert asked.method == "POST" and body["topic"] == "alerts"
    assert "موعد البيان الأولي" in body["title"]
    assert body["message"].endswith("http://testserver/incidents/CD-2026-0042/")
    Service().send(parcel(at(side, "gotify", "/Abcdefghijklmno?priority=high")))
    assert side.asked[1].path == "/message" or side.asked[1].path.endswith("/message")


@pytest.mark.parametrize(
    "address",
    [
        "syslog://", "file:///etc/passwd", "dbus://", "qt://", "gnome://", "windows://", "macosx://", "mailto://a:b@c.d",
        "json://127.0.0.1/", "xml://127.0.0.1/", "form://127.0.0.1/", "mqtt://127.0.0.1/t", "amqp://127.0.0.1/q",
        "apprise://127.0.0.1/token", "blink1://", "rsyslog://127.0.0.1", "schan://x", "exec://id", "", "ntfy",
    ],
)  # fmt: skip
def test_other_schemas_are_not_taken(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.made(address)
    assert caught.value.code in {"service_unknown", "address_form"}
    assert not refused(address).again


@pytest.mark.parametrize(
    "option",
    [
        "verify=no", "redirect=yes", "retry=9", "wait=60", "attach=file:///etc/passwd", "template=/etc/passwd",
        "avatar_url=http://10.0.0.1/", "store=yes", "rto=900", "e2ee=yes", "%2BX-Forwarded-For=1",
    ],
)  # fmt: skip
def test_other_options_are_not_taken(side: FarSide, option: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.made(at(side, rest=f"/alerts?{option}"))
    assert caught.value.code == "service_option"
    assert refused(at(side, rest=f"/alerts?{option}")).answer == "service_option"
    assert side.asked == []


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_named_schema_is_there_in_the_library(schema: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.made(f"{schema}://")
    assert caught.value.code == "address_form"


@pytest.mark.parametrize(
    "address",
    [
        "ntfy://127.0.0.1:1/alerts", "ntfys://localhost/alerts", "gotify://10.0.0.7/Abcdefghijklmno",
        "ntfy://169.254.169.254/latest", "matrix://user:pass@192.168.1.7/#room", "signal://10.1.1.1/+15551234567/+15551234568",
    ],
)  # fmt: skip
def test_our_own_network_is_never_asked(address: str, settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    found = refused(address)
    assert (found.answer, found.again) == ("private_address", False)


def test_a_name_that_turns_private_is_not_asked(
    side: FarSide, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    port = int(side.url.rpartition(":")[2])
    here = [(2, 1, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: here)
    assert refused(f"ntfy://public.example:{port}/alerts").answer == "private_address"
    assert side.asked == []


def test_a_redirect_is_not_followed(side: FarSide) -> None:
    side.answer(307, b"", Location="http://10.0.0.1/")
    found = refused(at(side))
    assert (found.again, len(side.asked)) == (False, 1)


@pytest.mark.parametrize(
    ("status", "again", "gone"),
    [(429, True, False), (500, True, False), (401, False, False), (403, False, False), (404, False, True)],
)  # fmt: skip
def test_answers_mean_what_they_mean_elsewhere(
    side: FarSide, status: int, again: bool, gone: bool
) -> None:
    side.answer(status, {"error": "words"})
    found = refused(at(side))
    assert (found.again, found.gone) == (again, gone)
    assert found.answer.startswith(f"{status} ")


def test_one_persons_service_that_is_away_costs_an_attempt(
    side: FarSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "PATIENCE", 0.2)
    side.silence()
    assert refused(at(side)).again
    side.reply = lambda asked: DROPPED
    assert refused(at(side)).again
    assert refused("ntfy://127.0.0.1:1/alerts").again


def test_nothing_outside_the_call_is_led_elsewhere(side: FarSide, settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    assert requests.get(side.url, timeout=2).status_code == 200
    with through_outbound() as heard, pytest.raises(requests.ConnectionError):
        requests.get(side.url, timeout=2)
    assert [getattr(said, "reason", "") for said in heard] == ["private_address"]


def test_a_compressed_answer_is_not_asked_for(side: FarSide) -> None:
    with through_outbound() as heard:
        said: Any = requests.post(side.url, json={"a": 1}, timeout=2)
    assert (said.json(), len(heard)) == ({"ok": True}, 1)
    assert side.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.django_db
def test_programs_are_told_which_part_of_an_address_is_not_taken() -> None:
    caller = Caller(make_user("sara"))
    for value, code in (
        ("syslog://", "service_unknown"),
        ("ntfys://ntfy.sh/alerts?verify=no", "service_option"),
        ("ntfys://", "address_form"),
    ):
        wanted = {"transport": "service", "value": value}
        answer = caller.call("post", "transports/addresses/", wanted)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        assert [*answer.json()["fields"]] == ["value"]
    assert not Address.objects.exists()
