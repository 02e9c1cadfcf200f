"""Making .venv: run by .ci/setup with whatever Python the machine has, so standard library only."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from crisisdesk.stack.console import Console

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"
REQUIREMENTS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}


class InstallFailed(Exception):
    """A step failed; the text holds what the program said."""


def install(kind: str, console: Console) -> None:
    """Make the environment hold what `kind` needs, and compile the translations."""
    console.say("Setting up Crisis Desk")
    if not _works():
        shutil.rmtree(VENV, ignore_errors=True)
        _step(
            console,
            [[sys.executable, "-m", "venv", str(VENV)]],
            "Making the Python environment",
            f"Python {platform.python_version()} environment made",
        )
    requirements = REQUIREMENTS[kind]
    count = _pins(ROOT / requirements)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-q"]
    fast = [str(VENV / "bin" / "uv"), "pip", "install", "-q", "--python", str(PYTHON)]
    if not (VENV / "bin" / "uv").exists():
        _step(console, [[*pip, UV]], "Getting the installer", "Installer ready", may_fail=True)
    _step(
        console,
        # pip knows settings that uv does not (a company's index in pip.conf): it has the last word.
        [[*fast, "-r", requirements], [*pip, "-r", requirements]],
        f"Installing {count} packages",
        f"{count} packages installed",
    )
    if any((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        compiler = [str(VENV / "bin" / "pybabel"), "-q", "compile", "-d", "locale", "-D", "django"]
        _step(console, [compiler], "Compiling translations", "Translations compiled")


def _works() -> bool:
    if not PYTHON.exists():
        return False
    asked = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return asked.returncode == 0


def _pins(requirements: Path) -> int:
    """How many packages the file names, through the files that it includes."""
    count = 0
    for line in requirements.read_text().splitlines():
        if line.startswith("-r "):
            count += _pins(requirements.parent / line[3:].strip())
        elif "==" in line:
            count += 1
    return count


def _step(
    console: Console,
    ways: Sequence[Sequence[str]],
    doing: str,
    done: str,
    *,
    may_fail: bool = False,
) -> None:
    """Try one way after the other until one works, showing the time."""
    started = time.monotonic()
    said = ""
    for command in ways:
        if not Path(command[0]).exists():
            continue
        code, said = _run(console, command, doing, started)
        if code == 0:
            console.finish("✓", done, started)
            return
    if not may_fail:
        console.finish("✗", doing, started)
        raise InstallFailed(said)


def _run(console: Console, command: Sequence[str], doing: str, started: float) -> tuple[int, str]:
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            console.progress(doing, started)
            time.sleep(0.1)
        output.seek(0)
        return process.returncode, output.read().strip()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """What pip is told by the environment, told to uv as well."""
    same = {
        "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
        "PIP_EXTRA_INDEX_URL": "UV_INDEX",
        "PIP_FIND_LINKS": "UV_FIND_LINKS",
        "PIP_CERT": "SSL_CERT_FILE",
    }
    told = {name: given[pips] for pips, name in same.items() if given.get(pips)}
    # Between two file systems uv copies, and would say so each time.
    return {**told, "UV_LINK_MODE": "copy", **given}


if __name__ == "__main__":
    terminal = Console()
    try:
        install(sys.argv[1], terminal)
    except InstallFailed as reason:
        terminal.say(f"\n{reason}")
        sys.exit(1)
