"""The other side of every carrier over HTTP, on loopback: keeps what it is asked and answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs

from crisisdesk.core import languages
from crisisdesk.notifications.registry import Quote, Rendered
from crisisdesk.notifications.transports.carrying import Parcel

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
Reply = tuple[int, Any, dict[str, str]]
DROPPED: Reply = (0, b"", {})  # the connection ends without an answer

NEWS = {
    "en": Rendered(
        subject="CD-2026-0042 · SEV2 · Holding statement due",
        headline="Holding statement due",
        lines=("Is <@NourHelp> *really* ours? [link](https://evil.example)",),
        action_label="Open the statement",
        path="/incidents/CD-2026-0042/",
        due_line="Due 15:30 (Asia/Dubai)",
        because="You lead CD-2026-0042.",
        quote=Quote("من أنتم؟", "ar", "rtl"),
    ),
    "ar": Rendered(
        subject="CD-2026-0042 · SEV2 · موعد البيان الأولي",
        headline="موعد البيان الأولي",
        lines=("الحساب @NourHelp يجيب عملاءنا.",),
        action_label="البيان",
        path="/incidents/CD-2026-0042/",
        due_line="15:30 (Asia/Dubai)",
    ),
    "he": Rendered(
        subject="CD-2026-0042 · SEV2 · מועד ההודעה הראשונה",
        headline="מועד ההודעה הראשונה",
        lines=("החשבון @NourHelp עונה ללקוחות.",),
        action_label="להודעה",
        path="/incidents/CD-2026-0042/",
    ),
}


@dataclass
class Asked:
    """One question as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """What was posted as JSON."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """What was posted as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass
class FarSide:
    """A server that keeps what it is asked; `reply` says what each is answered."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    reply: Callable[[Asked], Reply] = lambda asked: (200, {"ok": True}, {})
    ended: Event = field(default_factory=Event)

    def answer(self, status: int, body: Any = b"", **headers: str) -> None:
        """Answer everything so from now on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.reply = lambda asked: (status, body, named)

    def silence(self) -> None:
        """Take everything and answer nothing until the test ends."""

        def wait(asked: Asked) -> Reply:
            self.ended.wait(10)
            return DROPPED

        self.reply = wait


@contextmanager
def far_side() -> Iterator[FarSide]:
    """Be the other side."""
    side = FarSide()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            named = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, named, self.rfile.read(size))
            side.asked.append(asked)
            status, body, headers = side.reply(asked)
            if not status:
                self.close_connection = True
                return
            said = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_PUT = do_POST

        def log_message(self, *words: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    side.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield side
    finally:
        side.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def parcel(value: str = "U07", *, language: str = "en", **fields: Any) -> Parcel:
    """A parcel for whoever has this address."""
    told: dict[str, Any] = {
        "key": "n-17",
        "address": SimpleNamespace(value=value),
        "person": SimpleNamespace(pk=1, email="sara@nour.example", language=language, zone="UTC"),
        "rendered": NEWS[language],
        "language": language,
        "direction": languages.direction(language),
        "kind": "reminder_due",
        "topic": "incident",
        "topic_id": 42,
        "number": 12,
        "created_at": AT,
        "at": AT,
        "attempt": 1,
        "is_test": False,
    } | fields
    return Parcel(**told)
