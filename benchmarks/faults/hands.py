"""The processes under fire: started as `up` starts them, kept running, killed by their own number only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.desk import Desk
from benchmarks.faults.rabbit import Rabbit
from crisisdesk.stack import postgres, processes, valkey
from crisisdesk.stack.plan import ROOT

AGAIN_AFTER = 1.0  # seconds; what `up` takes is between half a second and twenty


@dataclass
class Hand:
    """One process of the desk that is started again when it is gone, unless it is to stay away."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    gone_at: float | None = None
    stays_away: bool = False

    def look(self) -> None:
        """Start it if it is not there and its time has come."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and self.gone_at is None:
            self.gone_at = now
        if not self.stays_away and (self.gone_at is None or now - self.gone_at >= AGAIN_AFTER):
            self.process, self.gone_at = self.start(), None

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Send the signal to it and to all that it started, as the death of a machine would."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, how)

    def kill_child(self) -> bool:
        """Kill one process that it started, as the kernel does when memory is short; False when there is none."""
        if self.process is None or self.process.poll() is not None:
            return False
        children = (
            processes.PROC / str(self.process.pid) / "task" / str(self.process.pid) / "children"
        )
        try:
            found = [int(pid) for pid in children.read_text().split()]
        except OSError:
            return False
        processes.send(found[-1:], signal.SIGKILL)
        return bool(found)

    def end(self) -> None:
        """Stop it for good."""
        self.stays_away = True
        if self.process is None:
            return
        self.kill()
        self.process.wait()


@dataclass
class Hands:
    """Workers and beats of one desk."""

    workers: list[Hand] = field(default_factory=list)
    beats: list[Hand] = field(default_factory=list)

    @classmethod
    def of(cls, desk: Desk, *, workers: int, beats: int, skew: float = 0) -> Hands:
        """Describe them; the last worker's clock is wrong by `skew` seconds."""
        made = cls()
        for number in range(workers):
            wrong = skew if number == workers - 1 else 0
            made.workers.append(Hand(f"worker-{number}", _starter(desk, f"worker-{number}", wrong)))
        for number in range(beats):
            made.beats.append(Hand(f"beat-{number}", _starter(desk, f"beat-{number}", 0)))
        return made

    def all(self) -> list[Hand]:
        """Every one of them."""
        return [*self.workers, *self.beats]

    def wait_until_they_move(self, *, seconds: float = 90) -> None:
        """Start all, and return when every worker has shown its pulse: what is killed should be at work."""
        from crisisdesk.notifications.models import Heartbeat
        from crisisdesk.notifications.queries.heartbeat import WORKERS

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for hand in self.all():
                hand.look()
            if Heartbeat.objects.filter(name__startswith=WORKERS).count() >= len(self.workers):
                return
            time.sleep(0.5)


def _starter(desk: Desk, name: str, wrong: float) -> Callable[[], subprocess.Popen[bytes]]:
    celery = ["-m", "benchmarks.faults.skewed", str(wrong)] if wrong else ["-m", "celery"]
    words = [sys.executable, *celery, "-q", "-A", "crisisdesk"]
    if name.startswith("worker"):
        words += ["worker", "-l", "WARNING", "--without-gossip", "--without-mingle"]
        words += ["-c", "1", "-Q", "desk", "-n", f"{name}@bench"]
    else:
        words += ["beat", "-l", "WARNING", "--pidfile="]

    def start() -> subprocess.Popen[bytes]:
        return processes.spawn(
            words,
            log=desk.layout.log / f"{name}.log",
            env=desk.plan.environment(),
            cwd=ROOT,
            dies_by=signal.SIGKILL,
        )

    return start


class Servers:
    """PostgreSQL and broker of the bench's own desk, stopped and started again."""

    def __init__(self, desk: Desk, rabbit: Rabbit | None = None) -> None:
        self._desk = desk
        self._rabbit = rabbit

    def stop_broker(self, how: signal.Signals) -> None:
        """Stop Valkey or RabbitMQ in this way."""
        if self._rabbit is not None:
            self._rabbit.stop(how)
            return
        processes.send(valkey.find(self._desk.layout), how)
        processes.wait_until_gone(lambda: valkey.find(self._desk.layout), seconds=10)

    def start_broker(self) -> None:
        """Start it with what its files hold."""
        if self._rabbit is not None:
            self._rabbit.start()
            return
        server = valkey.start(self._desk.layout)
        valkey.wait(self._desk.layout, server)
        self._desk.started("valkey", server)

    def restart_database(self) -> None:
        """Stop PostgreSQL at once, as an upgrade does, and start it again."""
        postgres.stop(self._desk.layout)
        server = postgres.start(self._desk.layout)
        postgres.wait(self._desk.layout, server)
        self._desk.started("postgres", server)
