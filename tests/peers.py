"""Real peers on loopback: a broker, a worker, an SMTP server."""

from __future__ import annotations

import email.policy
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from threading import Condition

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.cache import caches
from kombu import pools
from pytest_django.fixtures import Settings

from crisisdesk.celery import app as celery_app
from crisisdesk.stack import processes
from tests import brokers
from tests.brokers import Broker

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A TCP port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """Every message a real SMTP server was given, in order of arrival."""

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    # Called before a message is accepted; what it returns is the answer, None accepts.
    refuse: Callable[[Envelope], str | None] = lambda envelope: None
    changed: Condition = field(default_factory=Condition)

    @property
    def url(self) -> str:
        """The address for EMAIL_URL."""
        return f"smtp://{self.host}:{self.port}"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take one message, as aiosmtpd asks."""
        if answer := self.refuse(envelope):
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        message = BytesParser(policy=email.policy.default).parsebytes(content)
        assert isinstance(message, EmailMessage)
        message["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        return "250 OK"

    def wait(self, count: int, *, seconds: float = 20) -> list[EmailMessage]:
        """Return once that many messages came; fail when they do not."""
        with self.changed:
            came = self.changed.wait_for(lambda: len(self.messages) >= count, timeout=seconds)
        assert came, f"{len(self.messages)} of {count} messages came within {seconds} s"
        return list(self.messages)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages for one person."""
        return [m for m in self.messages if address in str(m["X-Envelope-To"])]


@pytest.fixture
def smtp_server() -> Iterator[Mailbox]:
    """A real SMTP server on loopback that keeps what it is given."""
    mailbox = Mailbox(port=free_port())
    controller = Controller(mailbox, hostname=mailbox.host, port=mailbox.port, ready_timeout=10)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def smtp_mail(smtp_server: Mailbox, settings: Settings) -> Mailbox:
    """Django's mail of this process goes to the real SMTP server instead of the outbox list."""
    settings.EMAIL_BACKEND = "crisisdesk.notifications.transports.smtp_mail.AnsweringBackend"
    settings.EMAIL_HOST = smtp_server.host
    settings.EMAIL_PORT = smtp_server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    settings.MAIL_KEPT = False
    return smtp_server


@pytest.fixture
def broker(request: pytest.FixtureRequest, tmp_path: Path, settings: Settings) -> Iterator[Broker]:
    """A real broker that this process publishes to, instead of the one in memory: Valkey, or the kind that the test is
    given as its parameter."""
    with brokers.running(getattr(request, "param", "valkey"), tmp_path) as made:
        before = celery_app.conf.broker_url, celery_app.conf.broker_transport_options
        settings.BROKER_URL = made.url
        _publish_to(made.url, made.options)
        yield made
        _publish_to(*before)


def _publish_to(url: str, options: dict[str, object]) -> None:
    celery_app.conf.update(broker_url=url, broker_transport_options=options)
    # Celery keeps connections to the broker it saw first, in three places.
    pools.reset()
    celery_app._pool = None
    celery_app.amqp._producer_pool = None


@dataclass
class Worker:
    """A real Celery worker process on this test's database and broker."""

    broker: Broker
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, *, queues: str = "desk,reports", concurrency: int = 1) -> None:
        """Start it; returns when it takes tasks."""
        size = self.log.stat().st_size if self.log.exists() else 0
        self.process = processes.spawn(
            [sys.executable, "-m", "celery", "-A", "crisisdesk", "worker", "-Q", queues]
            + ["-c", str(concurrency), "--without-gossip", "--without-mingle", "-l", "info"],
            log=self.log,
            env=self.environment,
            cwd=ROOT,
            dies_by=signal.SIGKILL,
        )
        until = time.monotonic() + 60
        while " ready." not in self.log.read_text(errors="replace")[size:]:
            assert self.process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < until, "the worker did not get ready"
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop it and its children; with SIGKILL as a crash would."""
        if self.process is None or self.process.poll() is not None:
            return
        if how is signal.SIGKILL:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None


@pytest.fixture
def worker(
    transactional_db: None, broker: Broker, smtp_server: Mailbox, tmp_path: Path
) -> Iterator[Worker]:
    """A worker, not started yet, that sends its mail to `smtp_server`."""
    environment = {**os.environ, "BROKER_URL": broker.url, "EMAIL_URL": smtp_server.url}
    made = Worker(broker, environment, tmp_path / "worker.log")
    yield made
    made.stop(signal.SIGKILL)


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits of one test are not those of the next."""
    yield
    caches["default"].clear()
