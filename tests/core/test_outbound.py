"""What we ask outside: never our own network, not by a name, not after a redirect."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from pytest_django import Settings

from crisisdesk.core import outbound


class Outside(BaseHTTPRequestHandler):
    """Answers 200, 500 or a redirect, as its path says."""

    asked: list[str] = []

    def do_GET(self) -> None:
        """Answer."""
        self.asked.append(f"{self.headers['Host']}{self.path}")
        if self.path == "/drop":
            return  # nothing is said, and the connection ends
        if self.path == "/half":
            self.wfile.write(b"HTTP/1.1 200 O")
            return
        if self.path == "/half-head":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nServer: x\r\n")
            return
        if self.path == "/drip":
            self._drip()
            return
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        else:
            self.send_response(500 if self.path == "/bad" else 200)
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(b'{"said": "words"}' if self.path == "/json" else b"words")

    def _drip(self) -> None:
        """Answer one byte at a time, without end."""
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b".")
                sleep(0.05)
        except OSError:
            return  # the desk has gone

    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def outside(settings: Settings) -> Iterator[str]:
    """A server on loopback that whoever runs the desk has named."""
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    Outside.asked = []
    server = HTTPServer(("127.0.0.1", 0), Outside)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def refused(url: str) -> str:
    """Return why this address is not asked."""
    with pytest.raises(outbound.Refused) as caught:
        outbound.ask(url)
    return caught.value.reason


def test_an_address_that_was_named_is_asked(outside: str) -> None:
    answer = outbound.ask(f"{outside}/well?x=1")
    assert (answer.status, answer.body, answer.is_good) == (200, b"words", True)
    assert not outbound.ask(f"{outside}/bad").is_good
    assert [path.partition("/")[2] for path in Outside.asked] == ["well?x=1", "bad"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/", "http://192.168.1.1/", "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/", "http://224.0.0.1/", "http://100.64.0.1/",
        "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b::127.0.0.1]/",
    ],
)  # fmt: skip
def test_our_own_network_is_never_asked(url: str) -> None:
    assert refused(url) == "private_address"


@pytest.mark.parametrize("url", ["ftp://example.com/", "/path", "http://", "http://a b/", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert refused(url) == "bad_url"


def test_a_name_of_which_one_address_is_private_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.1.1.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)
    assert refused("http://two-faces.example/") == "private_address"


def test_a_redirect_is_looked_at_again(outside: str) -> None:
    assert outbound.ask(f"{outside}/to//well").url == f"{outside}/well"
    assert refused(f"{outside}/to/http://10.0.0.1/") == "private_address"
    assert refused(f"{outside}/to/http://localhost:1/") == "private_address"


def test_a_sender_takes_the_first_answer(outside: str) -> None:
    answer = outbound.ask(f"{outside}/to/http://10.0.0.1/", method="GET", follow=False)
    assert (answer.status, answer.is_good) == (302, False)
    assert len(Outside.asked) == 1


def test_headers_and_an_object_can_be_read(outside: str) -> None:
    assert outbound.ask(f"{outside}/json").json() == {"said": "words"}
    answer = outbound.ask(f"{outside}/well")
    assert (answer.json(), answer.words, answer.headers["retry-after"]) == ({}, "words", "7")


def test_who_answers_without_end_is_left(outside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "LONGEST", 0.6)
    began = monotonic()
    with pytest.raises(outbound.Unanswered, match="TimeoutError"):
        outbound.ask(f"{outside}/drip")
    assert monotonic() - began < 3


def test_a_connection_that_ends_without_an_answer_is_said_so(outside: str) -> None:
    with pytest.raises(outbound.Unanswered) as caught:
        outbound.ask(f"{outside}/drop")
    assert caught.value.was_asked


@pytest.mark.parametrize("path", ["/half", "/half-head"])
def test_an_answer_that_ends_in_its_head_is_no_yes(outside: str, path: str) -> None:
    with pytest.raises(outbound.Unanswered, match="ended in its head") as unanswered:
        outbound.ask(outside + path)
    assert unanswered.value.was_asked


def test_going_round_in_a_ring_ends(outside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "urljoin", lambda base, moved: f"{outside}/to//again")
    assert refused(f"{outside}/to//again") == "too_many_redirects"
    assert len(Outside.asked) == outbound.MOST_REDIRECTS + 1


def test_nobody_there_is_said_so(settings: Settings) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with pytest.raises(outbound.Unanswered) as caught:
        outbound.ask("http://127.0.0.1:1/")
    assert not caught.value.was_asked
