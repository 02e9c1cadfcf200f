"""`up`: start one desk, keep it running, stop all of it."""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from typing import IO

from crisisdesk.stack import children, freshness, postgres, processes, valkey
from crisisdesk.stack.children import Child
from crisisdesk.stack.console import Console, LogTail, rotate
from crisisdesk.stack.plan import DEMO_PEOPLE, ROOT, Plan, port_is_free

# Lines of `prepare` that the person should read begin with this; the rest is log.
SAY = "* "
# Of the servers only trouble is shown; all they say is in their files.
QUIET = {"postgres": ("ERROR:", "FATAL:", "PANIC:"), "valkey": ("MISCONF", "Fatal", "can't")}
SPOKEN = {"postgres": "database", "valkey": "queue"}
FIRST_PAGE_SECONDS = 60.0
# Together under the five seconds in which Ctrl-C must be done.
DESK_STOPS_IN = 2.2
SERVERS_STOP_IN = 2.2


class CannotStart(Exception):
    """The desk cannot start; the text says why and what to do."""


class Stopped(BaseException):
    """The person, or the system, asked us to stop."""


class Supervisor:
    """One desk from lock to stop. Everything happens in the main thread, so that the kernel's
    parent-death signal follows us and nothing runs between two lines of this class."""

    def __init__(self, plan: Plan, console: Console) -> None:
        self.plan = plan
        self.layout = plan.layout
        self.console = console
        self.servers: list[Child] = []
        self.desk: list[Child] = []
        self.lock: IO[str] | None = None
        self.stopping = False

    def run(self) -> None:
        """Run until told to stop; nothing of the desk is left running afterwards."""
        for what in (signal.SIGINT, signal.SIGTERM):
            signal.signal(what, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # unless started by nohup
            signal.signal(signal.SIGHUP, self._on_signal)
        self.layout.make()
        self._take_lock()
        try:
            started = time.monotonic()
            self._start()
            self._announce(time.monotonic() - started)
            self._supervise()
        except Stopped:
            pass
        finally:
            self.stopping = True
            self._stop()

    def _on_signal(self, number: int, frame: object) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stopped

    def _take_lock(self) -> None:
        # Not closed on purpose: the lock lasts as long as this process, however it ends.
        self.lock = self.layout.lock.open("a")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(already_running(self.plan)) from None

    def _start(self) -> None:
        self._clear_orphans()
        if not port_is_free(self.plan.port):
            raise CannotStart(
                f"Port {self.plan.port} is taken by another program. "
                f"Choose another one, for example: PORT={self.plan.port + 1} make run"
            )
        for log in self.layout.log.glob("*.log"):
            rotate(log, above=5_000_000)
        self._start_servers()
        self.desk = children.desk(self.plan)
        web, *others = self.desk
        current = freshness.is_prepared(self.plan)
        if current:  # the tables fit, so the pages need not wait for the queue to be looked after
            web.start()
        self._prepare(current=current)
        with self.console.step("Starting the pages", "The first page answers"):
            if not current:
                web.start()
            self._wait_for_first_page()
        # Only now: on a small machine five interpreters at once keep the first page waiting.
        for child in others:
            child.start()

    def _clear_orphans(self) -> None:
        """Stop what an earlier supervisor of this folder left, if it was killed."""
        if processes.marked(self.layout.data):
            with self.console.step("Stopping what an earlier run left", "Earlier run cleared"):
                processes.stop(lambda: processes.marked(self.layout.data), seconds=3)

    def _start_servers(self) -> None:
        plan, layout = self.plan, self.layout
        if plan.own_database:
            first_time = not layout.postgres.exists()
            if first_time:
                layout.prepared.unlink(missing_ok=True)
            making = self.console.step("Making the database", "Database made")
            with making if first_time else nullcontext():
                postgres.ensure_cluster(layout)
        self.servers = children.servers(plan)
        if not self.servers:
            return
        names = " and ".join(SPOKEN[child.name] for child in self.servers)
        with self.console.step(f"Starting {names}", f"Started {names}"):
            started = [(child.name, child.start()) for child in self.servers]
            for name, process in started:
                wait = postgres.wait if name == "postgres" else valkey.wait
                wait(layout, process)
            if plan.own_database:
                postgres.ensure_database(layout)

    def _prepare(self, *, current: bool) -> None:
        """Bring tables, queue, shelf and demo up to date, in a process of its own."""
        doing, done = "Preparing tables, playbooks, demo", "Tables and playbooks ready"
        if current:
            doing, done = "Looking after the queue", "Nothing has changed since the last time"
        log = self.layout.log / "prepare.log"
        log.unlink(missing_ok=True)
        with self.console.step(doing, done):
            process = processes.spawn(
                [sys.executable, str(ROOT / "manage.py"), "prepare", *["--current"] * current],
                log=log,
                env=self.plan.environment(),
                cwd=ROOT,
            )
            try:
                process.wait()
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            if process.returncode:
                raise CannotStart(f"The desk could not be prepared:\n{postgres.tail(log, 25)}")
        freshness.note_prepared(self.plan)
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith(SAY):
                self.console.say(f"    {line.removeprefix(SAY)}")

    def _wait_for_first_page(self) -> None:
        until = time.monotonic() + FIRST_PAGE_SECONDS
        web = self.desk[0]
        while True:
            status = self._first_page()
            if status is not None and status < 500:
                return
            if not web.runs or time.monotonic() > until or status is not None:
                raise CannotStart(
                    f"The first page does not answer{f' but {status}' if status else ''}:\n"
                    f"{postgres.tail(web.log, 25)}"
                )
            time.sleep(0.1)

    def _first_page(self) -> int | None:
        line = http.client.HTTPConnection("127.0.0.1", self.plan.port, timeout=20)
        try:
            line.request("GET", "/", headers={"Host": self.plan.host_header})
            return line.getresponse().status
        except OSError:
            return None
        finally:
            line.close()

    def _announce(self, seconds: float) -> None:
        plan, say = self.plan, self.console.say
        self.layout.running.write_text(
            json.dumps(
                {
                    "pid": os.getpid(),
                    "address": plan.base_url,
                    "port": plan.port,
                    "stream_port": plan.stream_port,
                }
            )
        )
        say()
        say(f"Crisis Desk runs, {seconds:.1f} s after the start. Open:")
        say()
        say(f"    {plan.base_url}/")
        say()
        if plan.demo:
            say(f"Demo sign-ins, password {plan.environment()['DEMO_PASSWORD']}")
            for address, who in DEMO_PEOPLE:
                say(f"    {address:<22} {who}")
            say()
        say(f"Everything is kept in {self.layout.data}, logs in its log folder. Ctrl-C stops.")
        say()

    def _supervise(self) -> None:
        everyone = [*self.servers, *self.desk]
        tail = LogTail({child.name: child.log for child in everyone})
        while True:
            for child in everyone:
                self._keep(child)
            for name, line in tail.new_lines():
                if name not in QUIET or any(word in line for word in QUIET[name]):
                    self.console.say(f"{name:<9}| {line}")
            time.sleep(0.2)

    def _keep(self, child: Child) -> None:
        if child.again_at is not None:
            if time.monotonic() >= child.again_at:
                child.start()
                self.console.say(f"{child.name:<9}| started again")
            return
        if child.runs:
            return
        left = child.process.pid if child.process else 0
        pause = child.plan_restart()
        self.console.say(f"{child.name:<9}| stopped by itself, starting again in {pause:.1f} s")
        processes.send(processes.of_session(left, self.layout.data), signal.SIGKILL)

    def _stop(self) -> None:
        started = time.monotonic()
        running = [child for child in [*self.desk, *self.servers] if child.process is not None]
        if running:
            self.console.say("Stopping …")
        _end(self.desk, DESK_STOPS_IN)
        processes.send(processes.marked(self.layout.data), signal.SIGKILL)
        _end(self.servers, SERVERS_STOP_IN)
        self.layout.running.unlink(missing_ok=True)
        if running:
            self.console.say(f"Stopped in {time.monotonic() - started:.1f} s.")


def _end(group: list[Child], seconds: float) -> None:
    for child in group:
        child.signal(child.stop_by)
    until = time.monotonic() + seconds
    while any(child.runs for child in group) and time.monotonic() < until:
        time.sleep(0.02)
    for child in group:
        # PostgreSQL told to quit at once recovers at its next start; no committed row is lost.
        child.signal(signal.SIGQUIT if child.name == "postgres" else signal.SIGKILL)
    for child in group:
        if child.process is not None:
            try:
                child.process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                child.signal(signal.SIGKILL)


def already_running(plan: Plan) -> str:
    """What to tell somebody who starts a desk that runs."""
    try:
        known = json.loads(plan.layout.running.read_text())
        where = f" at {known['address']}/ (process {known['pid']})"
    except (OSError, ValueError, KeyError):
        where = ""
    return (
        f"This desk is already running{where}. Its folder is {plan.layout.data}.\n"
        "For a second desk give it a folder and a port: DATA_DIR=.data2 PORT=8001 make run"
    )
