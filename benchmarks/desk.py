"""A desk of our own to measure: its servers and pages as `up` starts them, in a folder that is gone afterwards."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import processor
from crisisdesk.stack import children, postgres, processes, valkey
from crisisdesk.stack.layout import Layout
from crisisdesk.stack.plan import ROOT, Plan, free_port

PATIENCE = 60.0


@dataclass
class Desk:
    """Database and queue run; pages, stream and the bare project run while their blocks last."""

    plan: Plan
    web_pids: list[int] = field(default_factory=list)
    bare_pids: list[int] = field(default_factory=list)
    bare_port: int = 0
    servers: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def started(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """Remember a server that was started again, so that it is stopped at the end."""
        self.servers[name] = process

    @property
    def layout(self) -> Layout:
        """The folders of this desk."""
        return self.plan.layout

    @contextmanager
    def web(self) -> Iterator[float]:
        """The pages, as `up` starts them; gives the seconds until the first answer."""
        child = children.desk(self.plan)[0]
        started = time.monotonic()
        with _running(child.start()) as process:
            _wait(self.plan.port, "/accounts/login/", process, child.log)
            seconds = time.monotonic() - started
            self.web_pids = processor.family(process.pid)
            yield seconds
            self.web_pids = []

    @contextmanager
    def stream(self) -> Iterator[None]:
        """The live stream, as `up` starts it."""
        child = children.desk(self.plan)[1]
        with _running(child.start()) as process:
            _wait(self.plan.stream_port, "/", process, child.log)
            yield

    @contextmanager
    def bare(self) -> Iterator[float]:
        """The bare project by the same server with the same workers and threads."""
        port = free_port()
        command = [
            *[sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"],
            *["--port", str(port), "--workers", "2", "--blocking-threads", "4", "--http", "1"],
            *["--no-ws", "--log-level", "warning", "benchmarks.bare.wsgi:application"],
        ]
        environment = self.plan.environment()
        environment["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"
        log = self.layout.log / "bare.log"
        started = time.monotonic()
        process = processes.spawn(command, log=log, env=environment, cwd=ROOT)
        with _running(process):
            _wait(port, "/rows/", process, log)
            seconds = time.monotonic() - started
            self.bare_port, self.bare_pids = port, processor.family(process.pid)
            yield seconds
            self.bare_pids = []

    def backends(self) -> list[int]:
        """The PostgreSQL processes that serve clients now."""
        return processor.backends(self.layout.postgres)


@contextmanager
def own_desk(*, demo: bool = True) -> Iterator[Desk]:
    """A prepared desk, with its demo unless told otherwise, in a new folder; everything it was is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    for name in ("DATABASE_URL", "BROKER_URL", "EMAIL_URL", "BASE_URL"):
        os.environ.pop(name, None)
    os.environ |= {"DATA_DIR": str(folder), "PORT": str(free_port()), "STREAM_PORT": "0"}
    plan = Plan.from_environment(demo=demo)
    os.environ["STREAM_PORT"] = str(plan.stream_port)
    plan.layout.make()
    desk = Desk(plan)
    try:
        postgres.ensure_cluster(plan.layout)
        desk.servers = {child.name: child.start() for child in children.servers(plan)}
        for name, process in desk.servers.items():
            (postgres if name == "postgres" else valkey).wait(plan.layout, process)
        postgres.ensure_database(plan.layout)
        manage(plan, "prepare")
        yield desk
    except Exception:
        print(postgres.tail(plan.layout.log / "web.log", 40), file=sys.stderr)
        raise
    finally:
        for name, process in desk.servers.items():
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
        for process in desk.servers.values():
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def manage(plan: Plan, *words: str) -> str:
    """Run a management command on this desk and return what it says; raises when it fails."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        env=plan.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        process.terminate()
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=8)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return with the first answer, whatever it is, below 500."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            line.request("GET", path)
            if line.getresponse().status < 500:
                return
            break
        except OSError:
            time.sleep(0.02)
        finally:
            line.close()
    raise RuntimeError(f"Nothing answers on port {port}:\n{postgres.tail(log, 30)}")
