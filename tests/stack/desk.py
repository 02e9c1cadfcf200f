"""A whole desk of its own for the tests of the stack: real processes, its own folder and ports."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from crisisdesk.stack import postgres, processes, valkey
from crisisdesk.stack.layout import Layout
from crisisdesk.stack.plan import ROOT, free_port

# What the tests set for themselves and a desk must not inherit.
OURS = (
    "BASE_URL",
    "BROKER_URL",
    "CRISISDESK_TESTING",
    "DATABASE_URL",
    "DATA_DIR",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_URL",
    "SECRET_KEY",
    "VAPID_PRIVATE_KEY",
)
READY = "Crisis Desk runs"


@dataclass
class Desk:
    """`manage.py up` in a folder, with what it printed."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def layout(self) -> Layout:
        return Layout.at(self.data)

    @property
    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        return {**clean, "DATA_DIR": str(self.data), "PORT": str(self.port)}

    @property
    def printed(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    @property
    def output(self) -> Path:
        return self.data.with_suffix(".out")

    def manage(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one command in this desk's folder to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, *arguments: str, seconds: float = 120) -> None:
        """Start it; returns when it says that it runs."""
        self.output.unlink(missing_ok=True)
        self.process = processes.spawn(
            [sys.executable, "-m", "crisisdesk.stack", "up", *arguments],
            log=self.output,
            env=self.environment,
            cwd=ROOT,
            dies_by=signal.SIGTERM,
        )
        until = time.monotonic() + seconds
        while READY not in self.printed:
            assert self.process.poll() is None, self.printed
            assert time.monotonic() < until, self.printed
            time.sleep(0.05)

    def page(self, path: str = "/healthz") -> int:
        """The status of a page; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as got:
                return int(got.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def kill_supervisor(self) -> None:
        """End the supervisor as no program can refuse."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """Press Ctrl-C; returns the seconds until all had ended."""
        assert self.process is not None
        started = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        return time.monotonic() - started

    @property
    def running(self) -> list[int]:
        """Every process of this desk."""
        return [
            *postgres.find(self.layout),
            *valkey.find(self.layout),
            *processes.marked(self.layout.data),
        ]

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in self.running:
            processes.send([pid], signal.SIGKILL)
