"""The processes of a running desk, how each is started and how it is asked to stop."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.stack import postgres, processes, valkey
from crisisdesk.stack.plan import ROOT, Plan

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
SETTLED_AFTER = 60.0


@dataclass
class Child:
    """One process kept running: started again when it dies, later and later if it keeps dying."""

    name: str
    start_process: Callable[[], subprocess.Popen[bytes]]
    log: Path
    stop_by: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    again_at: float | None = field(default=None)

    def start(self) -> subprocess.Popen[bytes]:
        """Start it now."""
        self.process = self.start_process()
        self.started_at = time.monotonic()
        self.again_at = None
        return self.process

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, what: signal.Signals) -> None:
        """Send a signal if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(what)

    def plan_restart(self) -> float:
        """Note that it died; returns the seconds until it is started again."""
        if time.monotonic() - self.started_at > SETTLED_AFTER:
            self.pause = FIRST_PAUSE
        pause = self.pause
        self.again_at = time.monotonic() + pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None
        return pause


def servers(plan: Plan) -> list[Child]:
    """PostgreSQL and Valkey, as far as they are ours to run."""
    layout = plan.layout
    found = []
    if plan.own_database:

        def start_postgres() -> subprocess.Popen[bytes]:
            postgres.clear_stale(layout)
            return postgres.start(layout)

        found.append(Child("postgres", start_postgres, layout.log / "postgres.log", signal.SIGINT))
    if plan.own_broker:

        def start_valkey() -> subprocess.Popen[bytes]:
            valkey.clear_stale(layout)
            return valkey.start(layout)

        found.append(Child("valkey", start_valkey, layout.log / "valkey.log"))
    return found


def desk(plan: Plan) -> list[Child]:
    """Web, stream, workers and beat, in the order in which they start."""
    python = sys.executable
    celery = [python, "-m", "celery", "-q", "-A", "crisisdesk"]
    worker = ["worker", "-l", "WARNING", "--without-gossip", "--without-mingle"]
    commands: dict[str, list[str]] = {
        "web": [
            *[python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"],
            *["--port", str(plan.port), "--workers", "2", "--blocking-threads", "4"],
            *["--http", "1", "--no-ws", "--respawn-failed-workers"],
            *["--workers-kill-timeout", "2", "--log-level", "warning"],
            "crisisdesk.wsgi:application",
        ],
        "stream": [
            *[python, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(plan.stream_port)],
            *["--lifespan", "off", "--timeout-graceful-shutdown", "1"],
            *["--log-level", "warning", "--no-server-header", "crisisdesk.asgi:application"],
        ],
        "worker": [*celery, *worker, "-c", "2", "-n", "desk@%h"],
        "reports": [*celery, *worker, "-c", "1", "-Q", "reports", "-n", "reports@%h"],
        # Its scheduler (settings.CELERY) keeps no file, which a kill could break.
        "beat": [*celery, "beat", "-l", "WARNING", "--pidfile="],
    }
    return [_of_desk(plan, name, command) for name, command in commands.items()]


def _of_desk(plan: Plan, name: str, command: list[str]) -> Child:
    log = plan.layout.log / f"{name}.log"
    # A worker told to go warmly would first finish a long PDF; its tasks are acknowledged late,
    # so a cold end loses nothing.
    dies_by = signal.SIGQUIT if name in {"worker", "reports"} else signal.SIGTERM

    def start() -> subprocess.Popen[bytes]:
        return processes.spawn(command, log=log, env=plan.environment(), cwd=ROOT, dies_by=dies_by)

    return Child(name, start, log)
