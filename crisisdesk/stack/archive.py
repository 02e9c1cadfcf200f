"""`backup` and `restore`: database, stored files and secrets in one file."""

from __future__ import annotations

import fcntl
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from crisisdesk import env
from crisisdesk.stack import binaries, postgres
from crisisdesk.stack.plan import ROOT, Plan

FORMAT = 1
MANIFEST, DUMP, SECRETS, FILES = "manifest.json", "database.dump", "secrets.env", "files"


class ArchiveFailed(Exception):
    """The backup or restore could not be done; the text says why, and nothing was half done."""


def backup(plan: Plan, target: Path) -> Path:
    """Write a backup that `restore` reads on an empty machine; readable by the owner only.

    Files are read after the database: they are named by their content and never change, so
    every file that a row names is in the backup.
    """
    layout = plan.layout
    if plan.own_database and not (layout.postgres / "PG_VERSION").exists():
        raise ArchiveFailed(f"There is no desk in {layout.data}, so nothing to back up.")
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as output, tarfile.open(fileobj=output, mode="w") as archive:
            manifest = {
                "format": FORMAT,
                "postgres": binaries.postgres_major(),
                "real": layout.real.exists() or not plan.own_database,
            }
            _add(archive, MANIFEST, json.dumps(manifest).encode())
            if layout.secrets.exists():
                _add(archive, SECRETS, layout.secrets.read_bytes())
            with _server(plan), tempfile.NamedTemporaryFile(dir=target.parent) as dump:
                _run(plan, "pg_dump", "--format=custom", f"--file={dump.name}")
                archive.add(dump.name, DUMP)
            for path in sorted((layout.data / FILES).rglob("*")):
                if path.is_file():
                    archive.add(path, f"{FILES}/{path.relative_to(layout.data / FILES)}")
        aside.rename(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return target


def restore(plan: Plan, source: Path) -> None:
    """Bring a backup back into an empty desk; a desk that holds data is refused."""
    layout = plan.layout
    with _open(source) as archive:
        manifest = json.loads(_read(archive, MANIFEST))
        if manifest.get("format") != FORMAT:
            raise ArchiveFailed(f"{source} was made by a newer desk; this one cannot read it.")
        layout.make()
        _restore_secrets(plan, archive)
        with _server(plan):
            if tables := _query_tables(plan):
                raise ArchiveFailed(
                    f"This desk already holds data ({tables} tables); nothing was changed.\n"
                    "Restore into an empty folder: DATA_DIR=restored python manage.py restore …"
                )
            with tempfile.NamedTemporaryFile(dir=layout.data) as dump:
                dump.write(_read(archive, DUMP))
                dump.flush()
                _run(
                    plan,
                    "pg_restore",
                    *["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"],
                    *["--dbname", _libpq(plan)["PGDATABASE"], dump.name],
                )
            _restore_files(plan, archive)
            if manifest["real"] and plan.own_database:
                layout.real.touch()
            for command in (["migrate", "--no-input", "-v0"], ["verify_timeline"]):
                _manage(plan, *command)


def _restore_secrets(plan: Plan, archive: tarfile.TarFile) -> None:
    layout = plan.layout
    if layout.secrets.exists() or SECRETS not in archive.getnames():
        return  # an empty desk that was started keeps its own; its people sign in again
    layout.secrets.touch(mode=0o600)
    layout.secrets.write_bytes(_read(archive, SECRETS))


def _restore_files(plan: Plan, archive: tarfile.TarFile) -> None:
    for member in archive.getmembers():
        path = PurePosixPath(member.name)
        if not member.isfile() or path.parts[0] != FILES or ".." in path.parts:
            continue
        target = plan.layout.data.joinpath(*path.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_read(archive, member.name))


@contextmanager
def _open(source: Path) -> Iterator[tarfile.TarFile]:
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise ArchiveFailed(f"{source} cannot be read as a backup.")
    with tarfile.open(source) as archive:
        if not {MANIFEST, DUMP} <= set(archive.getnames()):
            raise ArchiveFailed(f"{source} is not a backup of a desk.")
        yield archive


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        raise ArchiveFailed(f"The backup holds no {name}.")
    return member.read()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(content))


@contextmanager
def _server(plan: Plan) -> Iterator[None]:
    """PostgreSQL answers inside: the running desk's, or ours for the time being."""
    layout = plan.layout
    if not plan.own_database:
        yield
        return
    with layout.lock.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            postgres.wait(layout, None, seconds=20)
            yield
            return
        postgres.ensure_cluster(layout)
        postgres.clear_stale(layout)
        server = postgres.start(layout)
        try:
            postgres.wait(layout, server)
            postgres.ensure_database(layout)
            yield
        finally:
            postgres.stop(layout)
            server.wait()


def _query_tables(plan: Plan) -> int:
    sql = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    return int(_run(plan, "psql", "-XAtq", "-c", sql).strip())


def _run(plan: Plan, program: str, *arguments: str) -> str:
    command: list[str | Path] = [binaries.postgres_bin() / program, *arguments]
    done = subprocess.run(
        command, env={**os.environ, **_libpq(plan)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ArchiveFailed(f"{program} failed:\n{done.stderr.strip()}")
    return done.stdout


def _libpq(plan: Plan) -> dict[str, str]:
    """The database as libpq reads it from the environment: a password in a command line shows."""
    entry = env.database(plan.environment()["DATABASE_URL"])
    found = {
        "PGHOST": entry["HOST"],
        "PGPORT": entry["PORT"],
        "PGUSER": entry["USER"],
        "PGPASSWORD": entry["PASSWORD"],
        "PGDATABASE": entry["NAME"],
        "PGSSLMODE": entry["OPTIONS"].get("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value}


def _manage(plan: Plan, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=plan.environment(),
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise ArchiveFailed(f"The data came back, but `manage.py {command[0]}` found it wanting.")
