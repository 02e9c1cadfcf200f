"""Real brokers for tests, each of which may be stopped, started again, or left hanging.

Embedded Valkey always; RabbitMQ too when `RABBITMQ_URL` names one. A server that others use is not ours to stop: we
reach it over a line of our own, and what is stopped, started and hung up is the line. Its queues are emptied,
so give the tests one that nobody else uses.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import SplitResult, urlsplit

from kombu import Connection

from crisisdesk.stack import valkey
from crisisdesk.stack.layout import Layout

RABBITMQ_URL = os.environ.get("RABBITMQ_URL", "").strip()
BROKERS = ["valkey", *(["rabbitmq"] if RABBITMQ_URL else [])]
QUEUES = ("desk", "reports")


class Broker(ABC):
    """What carries tasks, for the time of one test."""

    url: str
    options: dict[str, Any]

    @abstractmethod
    def start(self) -> None:
        """Be there, or there again with what was queued."""

    @abstractmethod
    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Be gone; with SIGKILL as after a crash."""

    @abstractmethod
    def hang(self) -> None:
        """Be there and answer nothing."""

    @abstractmethod
    def go_on(self) -> None:
        """Answer again."""

    @abstractmethod
    def queued(self) -> int:
        """How many tasks lie in the desk's queue."""


@dataclass
class ValkeyBroker(Broker):
    """A Valkey of this test alone."""

    layout: Layout
    server: subprocess.Popen[bytes] | None = None
    options: dict[str, Any] = field(
        default_factory=lambda: {"visibility_timeout": 900, "global_keyprefix": "desk:"}
    )

    def __post_init__(self) -> None:
        self.layout.make()
        self.url = self.layout.broker_url()

    def start(self) -> None:
        """Start it, or start it again with what its append-only file holds."""
        self.server = valkey.start(self.layout)
        valkey.wait(self.layout, self.server)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop the process in this way."""
        if self.server is not None:
            self.server.send_signal(how)
            self.server.wait(timeout=10)
            self.server = None

    def hang(self) -> None:
        """Halt the process."""
        assert self.server is not None
        self.server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let the process run."""
        assert self.server is not None
        self.server.send_signal(signal.SIGCONT)

    def queued(self) -> int:
        """The length of the list that is the queue."""
        with Connection(self.url, transport_options=self.options) as line:
            return int(line.default_channel.client.llen("desk"))


class RabbitBroker(Broker):
    """The RabbitMQ of `RABBITMQ_URL`, by a line of this test alone."""

    def __init__(self) -> None:
        self.options = {}
        self._server = urlsplit(RABBITMQ_URL)
        self._line = Line((self._server.hostname or "localhost", self._server.port or 5672))
        self.url = _by(self._server, self._line.port)

    def start(self) -> None:
        """Let the line carry."""
        self._line.open()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Cut the line, at once whatever the way."""
        self._line.close()

    def hang(self) -> None:
        """Let the line carry nothing."""
        self._line.silent.set()

    def go_on(self) -> None:
        """Let the line carry again."""
        self._line.silent.clear()

    def queued(self) -> int:
        """What the server says of the queue."""
        return self._asked("queue_declare")

    def empty(self) -> None:
        """Throw away what another test has left."""
        self._asked("queue_purge")

    def _asked(self, what: str) -> int:
        waiting = 0
        with Connection(RABBITMQ_URL) as line:
            for queue in QUEUES:
                line.default_channel.queue_declare(queue, durable=True, auto_delete=False)
                if what == "queue_purge":
                    line.default_channel.queue_purge(queue)
                elif queue == "desk":
                    waiting = line.default_channel.queue_declare(queue, passive=True).message_count
        return waiting


def _by(server: SplitResult, port: int) -> str:
    who, _, _ = server.netloc.rpartition("@")
    return server._replace(
        netloc=f"{who}@127.0.0.1:{port}" if who else f"127.0.0.1:{port}"
    ).geturl()


class Line:
    """A port on loopback whose connections lead to a server."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._door: socket.socket | None = None
        self._ends: set[socket.socket] = set()
        self._lock = Lock()
        self.silent = Event()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    def open(self) -> None:
        """Take connections from now on."""
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", self.port))
        door.listen()
        self._door = door
        Thread(target=self._take, args=[door], daemon=True).start()

    def close(self) -> None:
        """Take none, and end those there are."""
        with self._lock:
            ends, self._ends = list(self._ends), set()
        for end in [*([self._door] if self._door else []), *ends]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._door = None

    def _take(self, door: socket.socket) -> None:
        while True:
            try:
                here, _ = door.accept()
            except OSError:
                return  # closed
            there = socket.create_connection(self._server)
            with self._lock:
                self._ends |= {here, there}
            Thread(target=self._carry, args=[here, there], daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while True:
                ready, _, _ = select.select([here, there], [], [], 0.1)
                for end in [] if self.silent.is_set() else ready:
                    words = end.recv(65536)
                    if not words:
                        return
                    (there if end is here else here).sendall(words)
        except (OSError, ValueError):
            return  # closed under us
        finally:
            with self._lock:
                self._ends -= {here, there}
            here.close()
            there.close()


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Broker]:
    """A broker of this kind, at work; gone afterwards."""
    if kind == "valkey":
        embedded = ValkeyBroker(Layout.at(folder / "broker"))
        embedded.start()
        yield embedded
        embedded.stop()
        return
    # Tests run in several processes, and a server's queues are the same for all.
    with (Path(tempfile.gettempdir()) / "desk-tests-rabbitmq.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        rabbit = RabbitBroker()
        rabbit.empty()
        rabbit.start()
        yield rabbit
        rabbit.stop()
