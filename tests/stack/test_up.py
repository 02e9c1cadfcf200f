"""`manage.py up` with real processes: started, killed in every way, started again, stopped."""

from __future__ import annotations

import json
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

from crisisdesk.stack import postgres, processes
from tests.stack.desk import Desk

NewDesk = Callable[[str], Desk]


def rows(desk: Desk) -> list[str]:
    return postgres.query(desk.layout, "SELECT what FROM kept ORDER BY what", database="desk")


def keep(desk: Desk, what: str) -> None:
    postgres.query(
        desk.layout,
        f"CREATE TABLE IF NOT EXISTS kept (what text); INSERT INTO kept VALUES ('{what}')",
        database="desk",
    )


def until(true: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def master(desk: Desk) -> int:
    return int((desk.layout.postgres / "postmaster.pid").read_text().split("\n", 1)[0])


def test_a_real_desk_from_first_start_to_ctrl_c(new_desk: NewDesk) -> None:
    desk = new_desk("first")
    desk.start("--no-demo")

    assert f"http://127.0.0.1:{desk.port}/" in desk.printed
    assert "with the code" in desk.printed
    assert "@demo.test" not in desk.printed
    assert desk.page("/") == 200
    assert stat.S_IMODE(desk.layout.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.data.stat().st_mode) == 0o700
    code = desk.printed.split("with the code ")[1].split(";")[0]
    assert code not in desk.layout.setup_code.read_text()

    second = desk.manage("up", "--no-demo")
    assert second.returncode == 1
    assert f"already running at http://127.0.0.1:{desk.port}/" in second.stdout

    # Two desks beside each other share nothing, and refuse each other's port.
    beside = new_desk("beside")
    beside.port = desk.port
    refused = beside.manage("up", "--no-demo")
    assert refused.returncode == 1
    assert f"Port {desk.port} is taken" in refused.stdout
    assert desk.page() == 200

    assert desk.stop() < 5
    assert desk.running == []
    assert desk.page() == 0
    assert "Stopped in" in desk.printed


def test_no_kill_loses_a_row_or_keeps_the_desk_from_starting(new_desk: NewDesk) -> None:
    desk = new_desk("killed")
    desk.start("--no-demo")
    keep(desk, "before the supervisor was killed")

    desk.kill_supervisor()
    desk.start()
    assert rows(desk) == ["before the supervisor was killed"]
    assert desk.page() == 200

    # Each process by itself: the supervisor starts it again.
    for name in ("web", "worker", "valkey", "postgres"):
        if name == "postgres":
            keep(desk, "before postgres was killed")
        victim = _pid_of(desk, name)
        processes.send([victim], signal.SIGKILL)
        until(lambda name=name: f"{name:<9}| started again" in desk.printed)
    until(lambda: desk.page() == 200 and postgres.answers(desk.layout))
    assert len(rows(desk)) == 2

    # The supervisor and the postmaster at once, and a pid file that names a stranger.
    killed = master(desk)
    assert desk.process is not None
    processes.send([desk.process.pid, killed], signal.SIGKILL)
    desk.process.wait()
    until(lambda: not postgres.find(desk.layout))
    pid_file = desk.layout.postgres / "postmaster.pid"
    pid_file.write_text("1\n" + "\n".join(pid_file.read_text().split("\n")[1:]))
    desk.start()
    assert len(rows(desk)) == 2
    assert desk.page() == 200
    assert desk.stop() < 5
    assert desk.running == []


def _pid_of(desk: Desk, name: str) -> int:
    if name == "postgres":
        return master(desk)
    wanted = {"web": "granian", "worker": "desk@%h", "valkey": "valkey-server"}[name]
    assert desk.process is not None
    children = [
        pid
        for pid in desk.running
        if wanted in Path(f"/proc/{pid}/cmdline").read_text()
        and f"PPid:\t{desk.process.pid}\n" in Path(f"/proc/{pid}/status").read_text()
    ]
    assert len(children) == 1, (name, children)
    return children[0]


def test_backup_comes_back_on_an_empty_machine(new_desk: NewDesk) -> None:
    desk = new_desk("source")
    desk.start("--no-demo")
    keep(desk, "saved")
    stored = desk.data / "files" / "ab" / "abcdef"
    stored.parent.mkdir(parents=True)
    stored.write_bytes(b"evidence")
    archive = desk.data.parent / "desk.tar"

    made = desk.manage("backup", str(archive))
    assert made.returncode == 0, made.stderr
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert desk.stop() < 5
    assert desk.manage("backup", str(archive)).returncode == 0, "also when the desk does not run"

    empty = new_desk("restored")
    back = empty.manage("restore", str(archive))
    assert back.returncode == 0, back.stdout + back.stderr
    assert empty.running == []
    assert (empty.data / "files" / "ab" / "abcdef").read_bytes() == b"evidence"
    secret = desk.layout.known_secret("SECRET_KEY")
    assert empty.layout.known_secret("SECRET_KEY") == secret

    empty.start("--no-demo")
    assert rows(empty) == ["saved"]
    assert empty.page() == 200
    again = empty.manage("restore", str(archive))
    assert again.returncode == 1
    assert "already holds data" in again.stderr
    assert rows(empty) == ["saved"]
    told = json.loads(empty.layout.running.read_text())
    assert told["port"] == empty.port


def test_folder_of_another_major_is_refused_with_the_way_out(new_desk: NewDesk) -> None:
    desk = new_desk("older")
    desk.layout.postgres.mkdir(parents=True)
    version = desk.layout.postgres / "PG_VERSION"
    version.write_text("15\n")

    refused = desk.manage("up")

    assert refused.returncode == 1
    assert "was made by PostgreSQL 15" in refused.stdout
    assert "POSTGRES_BIN" in refused.stdout and "restore" in refused.stdout
    assert [path.name for path in desk.layout.postgres.iterdir()] == ["PG_VERSION"]
    assert desk.running == []


def test_demo_desk_does_not_become_a_real_one(new_desk: NewDesk) -> None:
    desk = new_desk("demo")
    desk.layout.postgres.mkdir(parents=True)
    (desk.layout.postgres / "PG_VERSION").write_text("18\n")

    refused = desk.manage("up", "--no-demo")

    assert refused.returncode == 1
    assert "holds the demo" in refused.stdout
    assert not desk.layout.real.exists()
