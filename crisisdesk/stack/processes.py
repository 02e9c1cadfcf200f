"""Starting children that die with us, and telling our processes from everybody else's."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

# Set in the environment of every child of a supervisor, so that orphans can be proven ours.
MARK = "CRISISDESK_SUPERVISED"
PROC = Path("/proc")
PR_SET_PDEATHSIG = 1


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    dies_by: signal.Signals | None = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, writing to `log`.

    With `dies_by` the kernel sends it that signal when we die, on Linux. Call this from the main
    thread: the kernel watches the thread that started the child.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_die_with_parent(dies_by) if dies_by else None,  # noqa: PLW1509
        )


def _die_with_parent(dies_by: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def in_child() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(dies_by), 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return in_child


def exists(pid: int) -> bool:
    """Whether the number is taken, if only by a zombie that nobody has buried yet."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def alive(pid: int) -> bool:
    """Whether the process exists and is more than a zombie."""
    if not exists(pid):
        return False
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return not PROC.joinpath("self").exists()


def runs_in(pid: int, program: Path, folder: Path) -> bool:
    """Whether that process is this program working in this folder: proof that it is ours."""
    if (PROC / "self").exists():
        try:
            exe = os.readlink(PROC / str(pid) / "exe").removesuffix(" (deleted)")
            cwd = os.readlink(PROC / str(pid) / "cwd").removesuffix(" (deleted)")
        except OSError:
            return False
        return exe == os.path.realpath(program) and cwd == os.path.realpath(folder)
    shown = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return program.name in shown and str(folder) in shown


def all_running_in(program: Path, folder: Path) -> list[int]:
    """Every process that is this program working in this folder."""
    return [pid for pid in all_pids() if runs_in(pid, program, folder)]


def marked(data: Path) -> list[int]:
    """Every process some supervisor of this data folder started, except ourselves."""
    wanted = f"{MARK}={data}".encode()
    found = []
    for pid in all_pids():
        if pid == os.getpid():
            continue
        try:
            environment = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and alive(pid):
            found.append(pid)
    return found


def of_session(session: int, data: Path) -> list[int]:
    """The marked processes a dead child left behind in its own session."""
    found = []
    for pid in marked(data):
        try:
            stat = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat[3]) == session:
            found.append(pid)
    return found


def all_pids() -> Iterator[int]:
    """The number of every process."""
    if (PROC / "self").exists():
        for entry in PROC.iterdir():
            if entry.name.isdigit():
                yield int(entry.name)
        return
    listed = subprocess.run(["ps", "-axo", "pid="], capture_output=True, text=True, check=False)
    yield from (int(line) for line in listed.stdout.split())


def send(pids: Sequence[int], what: signal.Signals) -> None:
    """Send a signal to processes that may already be gone."""
    for pid in pids:
        try:
            os.kill(pid, what)
        except (ProcessLookupError, PermissionError):
            continue


def stop(find: Callable[[], Sequence[int]], *, seconds: float) -> None:
    """Ask these processes to go, and kill those that have not gone when the time is over."""
    send(find(), signal.SIGTERM)
    send(wait_until_gone(find, seconds=seconds), signal.SIGKILL)
    wait_until_gone(find, seconds=2)


def wait_until_gone(find: Callable[[], Sequence[int]], *, seconds: float) -> Sequence[int]:
    """Wait until `find` finds nothing; returns what is left when the time is over."""
    until = time.monotonic() + seconds
    while left := find():
        if time.monotonic() > until:
            return left
        time.sleep(0.05)
    return []
