"""What the person at the terminal reads: steps with their time, then one log of all processes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

KEEP_BYTES = 20_000_000


class Console:
    """Plain lines; on a terminal a step shows while it runs."""

    def __init__(self, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.terminal = self.out.isatty()

    def say(self, text: str = "") -> None:
        """Print one line at once."""
        print(text, file=self.out, flush=True)  # noqa: T201 - this is the terminal

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[None]:
        """Show what is being done, then that it is done and how long it took."""
        started = time.monotonic()
        self.progress(doing, started)
        try:
            yield
        except BaseException:
            self.finish("✗", doing, started)
            raise
        self.finish("✓", done, started)

    def progress(self, doing: str, started: float) -> None:
        """Show, on a terminal only, what is being done and for how long."""
        if self.terminal:
            line = f"  … {doing} ({time.monotonic() - started:.0f} s)"
            print(f"\033[2K{line}", end="\r", file=self.out, flush=True)  # noqa: T201

    def finish(self, mark: str, text: str, started: float) -> None:
        """Put the result of a step in the place of its progress."""
        # An older step may be longer than the line that replaces it.
        clear = "\033[2K\r" if self.terminal else ""
        self.say(f"{clear}  {mark} {text} ({time.monotonic() - started:.1f} s)")


class LogTail:
    """New lines of several log files, and care that no file grows for ever."""

    def __init__(self, files: dict[str, Path]) -> None:
        self.files = files
        self.read_to = {name: _size(path) for name, path in files.items()}

    def new_lines(self) -> Iterator[tuple[str, str]]:
        """Yield (process, line) for whole lines written since the last call."""
        for name, path in self.files.items():
            size = _size(path)
            if size < self.read_to[name]:
                self.read_to[name] = 0
            if size == self.read_to[name]:
                continue
            with path.open("rb") as file:
                file.seek(self.read_to[name])
                fresh = file.read(256_000)
            whole = fresh[: fresh.rfind(b"\n") + 1] or (fresh if len(fresh) == 256_000 else b"")
            self.read_to[name] += len(whole)
            for line in whole.decode(errors="replace").splitlines():
                if line.strip():
                    yield name, line
            if self.read_to[name] > KEEP_BYTES:
                rotate(path)
                self.read_to[name] = _size(path)


def rotate(path: Path, *, above: int = KEEP_BYTES) -> None:
    """Keep one older file beside a log that has grown large.

    The content is copied and cut, because the process that writes keeps its file open.
    """
    if _size(path) <= above:
        return
    path.with_suffix(".log.1").write_bytes(path.read_bytes())
    with path.open("r+b") as file:
        file.truncate(0)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
