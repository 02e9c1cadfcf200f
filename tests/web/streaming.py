"""A real stream process on this test's database, and pages that listen to it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.test import Client

from crisisdesk.organisation.models import User
from crisisdesk.stack import processes
from tests.peers import ROOT, free_port

NUMBER = re.compile(rb"id: (\d+)\ndata: (\d+)\n\n")


def session_of(user: User) -> str:
    """Sign the person in and return the key of the session."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass
class Page:
    """One connection to the stream, as a browser's EventSource would hold it."""

    line: socket.socket
    heard: bytearray = field(default_factory=bytearray)
    over: bool = False

    def until(self, there: Callable[[bytes], object], *, seconds: float = 5) -> bytes:
        """Return all that was heard once it holds what is awaited; fail when it does not come."""
        ends = time.monotonic() + seconds
        while not there(bytes(self.heard)):
            left = ends - time.monotonic()
            assert left > 0, f"not heard within {seconds} s; heard {bytes(self.heard)!r}"
            assert not self.over, f"the stream ended; heard {bytes(self.heard)!r}"
            self._listen(left)
        return bytes(self.heard)

    def number(self, wanted: int, *, seconds: float = 5) -> None:
        """Return once this number was heard."""
        self.until(lambda heard: f"data: {wanted}\n\n".encode() in heard, seconds=seconds)

    def for_a_while(self, seconds: float) -> bytes:
        """Return what comes during these seconds."""
        before, ends = len(self.heard), time.monotonic() + seconds
        while not self.over and (left := ends - time.monotonic()) > 0:
            self._listen(left)
        return bytes(self.heard[before:])

    def end(self, *, seconds: float) -> bytes:
        """Return all that was heard once the server has ended the answer properly."""
        return self.until(lambda heard: heard.endswith(b"\r\n0\r\n\r\n"), seconds=seconds)

    @property
    def status(self) -> int:
        """The status of the answer."""
        head = self.until(lambda heard: b"\r\n\r\n" in heard, seconds=15)
        return int(head.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer, by lower-case name."""
        lines = self.until(lambda heard: b"\r\n\r\n" in heard).split(b"\r\n\r\n")[0].decode()
        pairs = (line.split(": ", 1) for line in lines.split("\r\n")[1:])
        return {name.lower(): value for name, value in pairs}

    @property
    def numbers(self) -> list[int]:
        """Every number heard so far."""
        return [int(number) for number, _ in NUMBER.findall(bytes(self.heard))]

    def _listen(self, seconds: float) -> None:
        self.line.settimeout(max(seconds, 0.001))
        try:
            came = self.line.recv(65536)
        except TimeoutError:
            return
        self.heard += came
        self.over = not came


@dataclass
class StreamServer:
    """The stream of the desk, started as the supervisor starts it."""

    port: int
    page_origin: str
    log: Path
    process: subprocess.Popen[bytes]
    pages: list[Page] = field(default_factory=list)

    def ask(
        self,
        path: str,
        *,
        session: str = "",
        origin: str | None = "",
        method: str = "GET",
        **headers: str,
    ) -> Page:
        """Ask for a path; `origin` is the page's own unless another or None is given."""
        given = {"Host": f"127.0.0.1:{self.port}"}
        if origin is not None:
            given["Origin"] = origin or self.page_origin
        if session:
            given["Cookie"] = f"theme=dark; {settings.SESSION_COOKIE_NAME}={session}"
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in given.items()), "", ""]
        page = Page(socket.create_connection(("127.0.0.1", self.port), timeout=5))
        page.line.sendall("\r\n".join(lines).encode())
        self.pages.append(page)
        return page

    def listen(self, reference: str, session: str) -> Page:
        """Open the stream of an incident; returns when the first number is there."""
        page = self.ask(f"/incidents/{reference}/stream", session=session)
        assert page.status == 200, bytes(page.heard)
        page.until(NUMBER.search)
        return page

    def leave(self) -> None:
        """Close every page."""
        while self.pages:
            self.pages.pop().line.close()

    def stop(self, *, how: signal.Signals = signal.SIGTERM) -> float:
        """Stop the process; returns how many seconds it took."""
        started = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=10)
        return time.monotonic() - started


@contextmanager
def stream_server(log: Path, *, page_origin: str, port: int = 0) -> Iterator[StreamServer]:
    """A running stream for pages of this origin."""
    port = port or free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "crisisdesk.settings",  # the tests' own would name a new database
        "BASE_URL": page_origin,
        "STREAM_PORT": str(port),
    }
    process = processes.spawn(
        [sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port)]
        + ["--lifespan", "off", "--timeout-graceful-shutdown", "1"]
        + ["--log-level", "warning", "--no-server-header", "crisisdesk.asgi:application"],
        log=log,
        env=environment,
        cwd=ROOT,
        dies_by=signal.SIGKILL,
    )
    server = StreamServer(port, page_origin, log, process)
    try:
        _wait_until_open(server)
        yield server
    finally:
        server.leave()
        if process.poll() is None:
            process.kill()
        process.wait()


def _wait_until_open(server: StreamServer) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
            return
        except OSError:
            said = server.log.read_text(errors="replace")
            assert server.process.poll() is None and time.monotonic() < until, said
            time.sleep(0.05)
