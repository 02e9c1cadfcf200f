"""The embedded PostgreSQL: made, started, found again, stopped."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from crisisdesk.stack import binaries, processes
from crisisdesk.stack.layout import DATABASE, DATABASE_USER, Layout

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "unix_socket_permissions": "0700",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
# A test cluster may be lost at any moment, so it need not wait for the disk.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


class PostgresFailed(Exception):
    """PostgreSQL could not be made or started; the text is for the person at the terminal."""


def ensure_cluster(layout: Layout) -> bool:
    """Make the data folder if there is none; True when it was made. Another major is refused."""
    version_file = layout.postgres / "PG_VERSION"
    ours = binaries.postgres_major()
    if version_file.exists():
        theirs = int(version_file.read_text().strip())
        if theirs != ours:
            raise PostgresFailed(_other_major(layout, theirs, ours))
        return False
    if layout.postgres.exists():
        raise PostgresFailed(f"{layout.postgres} exists and is not a PostgreSQL data folder.")
    layout.make()
    _initdb(layout)
    return True


def _other_major(layout: Layout, theirs: int, ours: int) -> str:
    return (
        f"{layout.postgres} was made by PostgreSQL {theirs}; this desk runs PostgreSQL {ours}, "
        f"which cannot read it. Nothing was changed.\n"
        f"The way out: with programs of PostgreSQL {theirs} in POSTGRES_BIN run\n"
        f"    python manage.py backup desk-backup.tar\n"
        f"then move {layout.data} aside, unset POSTGRES_BIN and run\n"
        f"    python manage.py restore desk-backup.tar"
    )


def _initdb(layout: Layout) -> None:
    # Made beside its place and renamed: a half-made folder is never taken for a whole one.
    for left_over in layout.data.glob("postgres.new-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=layout.data))
    password_file = layout.data / f"initdb-{secrets.token_hex(4)}"
    password_file.touch(mode=0o600)
    try:
        password_file.write_text(layout.secret("POSTGRES_PASSWORD"))
        command: list[str | Path] = [
            *binaries.not_as_root(),
            binaries.postgres_bin() / "initdb",
            f"--pgdata={fresh}",
            f"--username={DATABASE_USER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-instructions",
            *_locale(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        password_file.unlink()
    if done.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise PostgresFailed(f"initdb failed:\n{done.stdout}{done.stderr}".strip())
    fresh.rename(layout.postgres)


def _locale() -> list[str]:
    # The builtin provider came with 17; before it "C" sorts the same way and folds ASCII only.
    if binaries.postgres_major() >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C"]


def find(layout: Layout) -> list[int]:
    """The PostgreSQL processes at work in this data folder, whoever started them."""
    return processes.all_running_in(binaries.postgres_bin() / "postgres", layout.postgres)


def clear_stale(layout: Layout) -> str | None:
    """Stop what is left of an earlier run and clear its pid file; says what was done.

    PostgreSQL judges its own stale pid file, except when the number is a stranger's by now or a
    zombie's: then it would refuse to start. That file goes only when nothing works in the folder.
    """
    pid_file = layout.postgres / "postmaster.pid"
    said = None
    if left := find(layout):
        master = _pid_in(pid_file)
        if master in left:
            processes.send([master], signal.SIGINT)
            processes.wait_until_gone(lambda: find(layout), seconds=8)
        else:  # the master was killed: what it started goes by itself once it notices
            processes.send(left, signal.SIGTERM)
            processes.wait_until_gone(lambda: find(layout), seconds=3)
        for harder in (signal.SIGQUIT, signal.SIGKILL):
            processes.send(find(layout), harder)
            processes.wait_until_gone(lambda: find(layout), seconds=3)
        said = "stopped a PostgreSQL left over from an earlier run"
    pid = _pid_in(pid_file)
    if pid is not None and processes.exists(pid) and not find(layout):
        pid_file.unlink(missing_ok=True)
        for socket in layout.run.glob(".s.PGSQL.*"):  # its lock names the same process
            socket.unlink(missing_ok=True)
        said = said or "cleared the pid file of an earlier run"
    return said


def _pid_in(pid_file: Path) -> int | None:
    try:
        return abs(int(pid_file.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return None


def start(
    layout: Layout, *, extra: dict[str, str] | None = None, with_us: bool = True
) -> subprocess.Popen[bytes]:
    """Start the server; `wait` says when it answers. `with_us` ties its life to ours."""
    command: list[str | Path] = [
        *binaries.not_as_root(),
        binaries.postgres_bin() / "postgres",
        "-D",
        layout.postgres,
        "-k",
        layout.run,
    ]
    for name, value in {**SETTINGS, **(extra or {})}.items():
        command += ["-c", f"{name}={value}"]
    return processes.spawn(
        command,
        log=layout.log / "postgres.log",
        dies_by=signal.SIGINT if with_us else None,
    )


def answers(layout: Layout) -> bool:
    """Whether the server accepts connections."""
    command: list[str | Path] = [
        binaries.postgres_bin() / "pg_isready",
        "-q",
        "-h",
        layout.run,
        "-d",
        "postgres",
    ]
    return subprocess.run(command, check=False).returncode == 0


def wait(layout: Layout, server: subprocess.Popen[bytes] | None, *, seconds: float = 60) -> None:
    """Return when the server answers; raise with the end of its log when it does not."""
    until = time.monotonic() + seconds
    while not answers(layout):
        if (server and server.poll() is not None) or time.monotonic() > until:
            raise PostgresFailed(f"PostgreSQL did not start:\n{tail(layout.log / 'postgres.log')}")
        time.sleep(0.05)


def ensure_database(layout: Layout, name: str = DATABASE) -> None:
    """Make the database if the cluster does not hold it."""
    known = query(layout, "SELECT datname FROM pg_database")
    if name not in known:
        query(layout, f'CREATE DATABASE "{name}"')


def query(layout: Layout, sql: str, *, database: str = "postgres") -> list[str]:
    """Run one statement through psql and return the first column."""
    done = subprocess.run(
        [binaries.postgres_bin() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql],
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            "PGHOST": str(layout.run),
            "PGUSER": DATABASE_USER,
            "PGPASSWORD": layout.secret("POSTGRES_PASSWORD"),
            "PGDATABASE": database,
        },
    )
    if done.returncode:
        raise PostgresFailed(done.stderr.strip())
    return done.stdout.splitlines()


def stop(layout: Layout, *, seconds: float = 10) -> Sequence[int]:
    """Stop the server found in the folder; returns the processes that would not go."""
    master = _pid_in(layout.postgres / "postmaster.pid")
    if master is not None and master in find(layout):
        processes.send([master], signal.SIGINT)
    return processes.wait_until_gone(lambda: find(layout), seconds=seconds)


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log file, for an error message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return f"(no log at {log})"
