"""A database for every test process, cloned from a template that is migrated once.

Many people run the tests at the same time on one cluster in .data/test. Each process, and each
xdist worker, has a database of its own name; the template is made once per content of all
migrations, under a lock of the server. The last process out stops the cluster; whoever finds it
stopped, or stale after a crash, starts it again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

from crisisdesk.stack import postgres, processes
from crisisdesk.stack.layout import Layout

ROOT = Path(__file__).resolve().parent.parent
# Whoever runs the tests in a read-only checkout, or beside a desk, may put the folder elsewhere.
LAYOUT = Layout.at(os.environ.get("TEST_DATA_DIR", ROOT / ".data" / "test"))
# Handed from the xdist controller to its workers, because each process replaces DATABASE_URL.
GIVEN = os.environ.setdefault("TEST_SERVER_URL", os.environ.get("DATABASE_URL", ""))
OWN_NAME = f"desk_test_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
OWN_FOLDER = LAYOUT.data / "runs" / OWN_NAME
MIGRATING_LIBRARIES = ("Django", "django-allauth", "django-rest-knox", "django-pgtrigger")
TEMPLATE_LOCK = 0x_DE5C_0001

# Kept, because Python warns when the handle of a running child is thrown away.
_started: list[subprocess.Popen[bytes]] = []


def server_url(database: str) -> str:
    """The address of a database on the server the tests use."""
    if not GIVEN:
        return LAYOUT.database_url(database)
    return urlunsplit(urlsplit(GIVEN)._replace(path=f"/{database}"))


def own_url() -> str:
    """The address of this process's database, known before the server runs."""
    return server_url(OWN_NAME)


@contextmanager
def running_server() -> Iterator[None]:
    """The server answers inside; the embedded one is stopped by the last process out."""
    if GIVEN:
        yield
        return
    LAYOUT.make()
    with (LAYOUT.data / "users.lock").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        _ensure_started()
        try:
            yield
        finally:
            _stop_if_last(users)


def _ensure_started() -> None:
    with (LAYOUT.data / "start.lock").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if postgres.find(LAYOUT) and postgres.answers(LAYOUT):
            return
        _refresh_other_major()
        postgres.ensure_cluster(LAYOUT)
        postgres.clear_stale(LAYOUT)
        # Not tied to this process: others may still use the cluster when we are gone.
        server = postgres.start(LAYOUT, extra=postgres.FORGETFUL, with_us=False)
        _started.append(server)
        postgres.wait(LAYOUT, server)


def _refresh_other_major() -> None:
    """A test cluster holds nothing: one that cannot be read, or half a one, is thrown away."""
    folder = LAYOUT.postgres
    marker = folder / "PG_VERSION"
    if not folder.exists():
        return
    if marker.exists() and int(marker.read_text()) == postgres.binaries.postgres_major():
        return
    shutil.rmtree(folder)


def _stop_if_last(users: IO[str]) -> None:
    # flock changes shared to exclusive by letting go first, so exactly one of two can get it;
    # whoever gets it knows that nobody else is inside, and newcomers wait until it is released.
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    postgres.stop(LAYOUT, seconds=10)
    for server in _started:
        server.wait(timeout=10)


@contextmanager
def own_database(migrate: object) -> Iterator[None]:
    """A fresh, migrated database of this process's name; dropped at the end.

    `migrate(name)` is called when no template fits the migrations as they are now.
    """
    with psycopg.connect(server_url("postgres"), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        _drop_abandoned(server)
        template = _template(server, migrate)
        # Unlocked cloning of one template by two processes fails: it must have no other user.
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(OWN_NAME), sql.Identifier(template)
            )
        )
        server.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    # Whitenoise warns about a folder for static files that is not there.
    (OWN_FOLDER / "static").mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        shutil.rmtree(OWN_FOLDER, ignore_errors=True)
        with psycopg.connect(server_url("postgres"), autocommit=True) as server:
            _drop(server, OWN_NAME)


def _template(server: psycopg.Connection, migrate: object) -> str:
    name = f"desk_template_{migrations_hash()}"
    known = _databases(server, "desk_template_%")
    if name in known:
        return name
    building = f"desk_building_{os.getpid()}"
    _drop(server, building)
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
    try:
        migrate(building)  # type: ignore[operator]
    except BaseException:
        _drop(server, building)
        raise
    for old in known:
        _drop(server, old)
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(building), sql.Identifier(name)
        )
    )
    return name


def migrations_hash() -> str:
    """One short name for the content of every migration that makes the schema."""
    seen = hashlib.sha256(repr(settings.MIGRATION_MODULES).encode())
    for library in MIGRATING_LIBRARIES:
        seen.update(f"{library} {version(library)}\n".encode())
    rooms = [ROOT / "crisisdesk", ROOT / "playbooks"]
    files = [file for room in rooms for file in room.rglob("migrations/*.py")]
    for file in sorted(files):
        seen.update(f"{file.relative_to(ROOT)}\n".encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]


def _databases(server: psycopg.Connection, like: str) -> list[str]:
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like])
    return [row[0] for row in rows]


def _drop_abandoned(server: psycopg.Connection) -> None:
    """Drop databases of processes that were killed; only where process numbers are ours."""
    if GIVEN:
        return
    for name in _databases(server, "desk\\_test\\_%") + _databases(server, "desk\\_building\\_%"):
        pid = int(name.split("_")[2])
        if pid != os.getpid() and not processes.alive(pid):
            _drop(server, name)
            shutil.rmtree(LAYOUT.data / "runs" / name, ignore_errors=True)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
