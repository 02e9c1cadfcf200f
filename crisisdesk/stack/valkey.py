"""The embedded Valkey: the broker behind Celery, kept on disk by its append-only file."""

from __future__ import annotations

import signal
import socket
import subprocess
import time

from crisisdesk.stack import binaries, processes
from crisisdesk.stack.layout import Layout
from crisisdesk.stack.postgres import tail


class ValkeyFailed(Exception):
    """Valkey did not start; the text is for the person at the terminal."""


def find(layout: Layout) -> list[int]:
    """The Valkey processes at work in this data folder."""
    return processes.all_running_in(binaries.valkey_server(), layout.valkey)


def clear_stale(layout: Layout) -> str | None:
    """Stop a Valkey left over from an earlier run, which writes its queue out first."""
    if not find(layout):
        return None
    processes.stop(lambda: find(layout), seconds=5)
    return "stopped a Valkey left over from an earlier run"


def start(layout: Layout, *, with_us: bool = True) -> subprocess.Popen[bytes]:
    """Start the server on its socket; `wait` says when it answers."""
    layout.valkey.mkdir(parents=True, exist_ok=True)
    layout.valkey_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(layout.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(layout.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # Queued work is never thrown away to make room.
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    command: list[str] = [str(binaries.valkey_server())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return processes.spawn(
        command,
        log=layout.log / "valkey.log",
        dies_by=signal.SIGTERM if with_us else None,
    )


def answers(layout: Layout) -> bool:
    """Whether the server answers a ping and has read its queue back."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2)
            line.connect(str(layout.valkey_socket))
            line.sendall(b"PING\r\n")
            return line.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def wait(layout: Layout, server: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Return when the server answers; raise with the end of its log when it does not."""
    until = time.monotonic() + seconds
    while not answers(layout):
        if server.poll() is not None or time.monotonic() > until:
            raise ValkeyFailed(f"Valkey did not start:\n{tail(layout.log / 'valkey.log')}")
        time.sleep(0.03)
