"""What the machine itself must bring: the libraries of PDF, and a browser for the tests."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import time
from collections.abc import Callable

from crisisdesk.stack.console import Console

# What WeasyPrint opens at run time, under the names of Linux and of macOS.
PDF_LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib"),
    "PangoFT2": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.dylib"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.dylib"),
    "HarfBuzz subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.dylib"),
}
APT = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "libfontconfig1")
BREW = ("pango",)
BREW_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def ensure_pdf_libraries(console: Console) -> bool:
    """Install what PDFs need where that is allowed, else say how; True when PDFs work now."""
    if not missing_pdf_libraries():
        return True
    command = pdf_command()
    doing, done = "Installing Pango for PDF reports", "PDF reports ready"
    if not _install(console, command, doing, done, works=lambda: not missing_pdf_libraries()):
        said = " ".join(command) or "install Pango, HarfBuzz and Fontconfig"
        console.say(f"  ! PDF reports are off: Pango is not on this machine. To have them: {said}")
    return not missing_pdf_libraries()


def find_browser() -> str | None:
    """A Chromium for the tests: the one in CHROMIUM, or the first known name."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser(console: Console) -> bool:
    """Install Chromium where that is allowed, else say how; True when there is one now."""
    if find_browser():
        return True
    command = _package_command(apt=("chromium",), brew=("--cask", "chromium"), dnf=("chromium",))
    doing, done = "Installing Chromium", "Chromium ready"
    if not _install(console, command, doing, done, works=lambda: find_browser() is not None):
        said = " ".join(command) or "install Chromium"
        console.say(f"  ✗ The tests need Chromium: {said} (or name one in CHROMIUM)")
    return find_browser() is not None


def missing_pdf_libraries() -> list[str]:
    """The libraries of WeasyPrint that this machine does not have; empty means PDFs work."""
    return [name for name, files in PDF_LIBRARIES.items() if not _opens(files)]


def pdf_command() -> list[str]:
    """The one command that installs them here; empty when we do not know it."""
    return _package_command(apt=APT, brew=BREW, dnf=("pango", "harfbuzz", "fontconfig"))


def _package_command(
    *, apt: tuple[str, ...], brew: tuple[str, ...], dnf: tuple[str, ...]
) -> list[str]:
    if platform.system() == "Darwin":
        return ["brew", "install", *brew]
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if shutil.which("apt-get"):
        return [*as_root, "apt-get", "install", "-y", "--no-install-recommends", *apt]
    if shutil.which("dnf"):
        return [*as_root, "dnf", "install", "-y", *dnf]
    return []


def _install(
    console: Console, command: list[str], doing: str, done: str, *, works: Callable[[], bool]
) -> bool:
    if not _may_run(command):
        return False
    started = time.monotonic()
    console.progress(doing, started)
    if "apt-get" in command:  # a fresh machine has no list of packages yet
        _quietly([*command[: command.index("apt-get") + 1], "update"])
    worked = _quietly(command) and works()  # a package may be there and its files not
    console.finish("✓" if worked else "✗", done if worked else doing, started)
    return worked


def _may_run(command: list[str]) -> bool:
    """Whether the command can run without asking anybody for a password."""
    if not command or shutil.which(command[0]) is None:
        return False
    return command[0] != "sudo" or _quietly(["sudo", "-n", "true"])


def _quietly(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
    )
    return done.returncode == 0


def _opens(files: tuple[str, ...]) -> bool:
    for file in files:
        for name in (file, *(f"{folder}/{file}" for folder in BREW_FOLDERS)):
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
    return False
