"""A RabbitMQ of the bench's own on loopback (`RABBITMQ_SERVER`), stopped and started as Valkey is."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

from kombu import Connection
from kombu.exceptions import OperationalError

from crisisdesk.stack import processes
from crisisdesk.stack.plan import free_port

PATIENCE = 90.0
_FORGETS = 5.0
_LOOPBACK = "-kernel inet_dist_use_interface {127,0,0,1}"


class Rabbit:
    """One node with a folder and ports of its own."""

    def __init__(self, program: str, folder: Path, log: Path) -> None:
        port, names = free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{port}//"
        self._program, self._log = program, log
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        (folder / "plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(f"listeners.tcp.1 = 127.0.0.1:{port}\n")
        # Nothing else of ours: it takes LOGS and other short names for its own settings.
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"bench{port}@localhost",
            "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _LOOPBACK,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_EPMD_PORT": str(names),
        }

    def start(self) -> None:
        """Start the node, or start it again with what it holds; returns when it answers."""
        self._process = processes.spawn(
            [self._program], log=self._log, env=self._environment, dies_by=signal.SIGKILL
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with Connection(self.url, connect_timeout=2) as line:
                    line.ensure_connection(max_retries=1, interval_start=0.2)
                return
            except (OSError, OperationalError):
                time.sleep(0.3)
        raise RuntimeError(f"RabbitMQ did not start:\n{self._log.read_text()[-2000:]}")

    def stop(self, how: signal.Signals) -> None:
        """Stop the node in this way."""
        if self._process is not None:
            os.killpg(self._process.pid, how)
            self._process.wait(timeout=60)
            self._process = None

    def end(self) -> None:
        """Stop it for good, and the list of names that it started beside itself, which goes once it has seen the node
        go."""
        self.stop(signal.SIGKILL)
        ends = ["epmd", "-kill"]
        until = time.monotonic() + _FORGETS
        while time.monotonic() < until:
            answer = subprocess.run(ends, env=self._environment, capture_output=True, check=False)
            if b"Killed" in answer.stdout:
                return
            time.sleep(0.2)
