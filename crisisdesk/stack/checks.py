"""What this machine lacks for a desk, in words, and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.stack import binaries, system
from crisisdesk.stack.layout import Layout
from crisisdesk.stack.plan import ROOT, Plan, port_is_free

OLDEST_PYTHON = (3, 11)
STOPS_BELOW = 200 * 1024 * 1024
WARNS_BELOW = 1024 * 1024 * 1024
FONT_SCRIPTS = {"Latin": "PlexSans-", "Arabic": "PlexSansArabic-", "Hebrew": "PlexSansHebrew-"}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. A `stops` finding keeps the desk from starting."""

    what: str
    mend: str
    stops: bool = False


def machine(layout: Layout) -> Iterator[Finding]:
    """What is wrong with this machine, whether or not a desk runs on it."""
    yield from _python()
    yield from _disk(layout)
    yield from _programs()
    yield from _pdf()
    yield from _fonts()


def before_start(plan: Plan) -> Iterator[Finding]:
    """What is wrong for starting this desk now."""
    yield from machine(plan.layout)
    if not plan.layout.running.exists() and not port_is_free(plan.port):
        yield Finding(
            f"Port {plan.port} is taken by another program.",
            f"Choose another one: PORT={plan.port + 1} make run",
            # Said by the supervisor, which first stops what is left of an earlier run.
        )


def _python() -> Iterator[Finding]:
    if sys.version_info < OLDEST_PYTHON:
        yield Finding(
            f"This is Python {platform.python_version()}; the desk needs 3.11 or newer.",
            "Install a newer Python, remove .venv, and run: make setup",
            stops=True,
        )


def _disk(layout: Layout) -> Iterator[Finding]:
    folder = layout.data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < WARNS_BELOW:
        yield Finding(
            f"The disk of {layout.data} has {free // 1024**2} MB left.",
            "Free some space, or name a folder on another disk in DATA_DIR.",
            stops=free < STOPS_BELOW,
        )


def _programs() -> Iterator[Finding]:
    needed: list[Callable[[], object]] = []
    if not os.environ.get("DATABASE_URL"):
        needed += [binaries.postgres_major, binaries.not_as_root]
    if not os.environ.get("BROKER_URL"):
        needed += [binaries.valkey_server]
    for find in needed:
        try:
            find()
        except binaries.MissingProgram as missing:
            yield Finding(str(missing), "The desk cannot start without it.", stops=True)


def _pdf() -> Iterator[Finding]:
    if missing := system.missing_pdf_libraries():
        command = " ".join(system.pdf_command()) or "install Pango, HarfBuzz and Fontconfig"
        yield Finding(
            f"No PDF reports: {', '.join(missing)} not found on this machine.",
            f"Run: {command}",
        )


def _fonts() -> Iterator[Finding]:
    names = {path.name for path in _font_files()}
    for script, start in FONT_SCRIPTS.items():
        if not any(start in name for name in names):
            yield Finding(
                f"The fonts for {script} are missing from the repository.",
                "Get them back with: git checkout -- crisisdesk",
            )


def _font_files() -> Iterator[Path]:
    for ending in ("ttf", "otf", "woff2"):
        yield from (ROOT / "crisisdesk").rglob(f"*.{ending}")
