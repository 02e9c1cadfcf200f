"""The parts of the stack that need no whole desk."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import pytest
from celery import Celery

from crisisdesk.management.commands.prepare import requeue_unacknowledged
from crisisdesk.stack import archive, checks, freshness, postgres, processes, setup_code, system
from crisisdesk.stack.console import Console, LogTail, rotate
from crisisdesk.stack.layout import SOCKET_PATH_LIMIT, Layout
from crisisdesk.stack.plan import Plan
from tests.brokers import Broker


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    layout = Layout.at(tmp_path / "data")
    assert layout.known_secret("SECRET_KEY") == ""
    assert layout.known_urls() == ("", "")
    assert not layout.data.exists(), "looking makes nothing"

    first = layout.secret("SECRET_KEY")

    assert len(first) > 40
    assert Layout.at(tmp_path / "data").secret("SECRET_KEY") == first
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o600
    assert layout.known_urls()[0].startswith("postgresql://desk:")


def test_sockets_of_a_deep_folder_lie_in_a_short_private_one(tmp_path: Path) -> None:
    layout = Layout.at(tmp_path / ("deep" * 30))
    run = layout.run
    try:
        assert len(os.fsencode(run)) < SOCKET_PATH_LIMIT
        assert layout.run == run, "the same one every time"
        assert stat.S_IMODE(run.stat().st_mode) == 0o700
        run.chmod(0o777)
        assert layout.run != run, "a folder that others may write is not trusted"
    finally:
        for folder in (run, layout.run):
            if folder.exists():
                folder.rmdir()


def test_setup_code_works_once_however_it_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "setup-code"
    assert not setup_code.matches(path, "")
    old = setup_code.make(path)
    code = setup_code.make(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert setup_code.matches(path, f" {code.lower().replace('-', ' ')} ")
    assert not setup_code.matches(path, old)
    assert not setup_code.matches(path, "")
    setup_code.use_up(path)
    assert not setup_code.matches(path, code)


def test_tasks_a_killed_worker_held_are_queued_again(broker: Broker) -> None:
    from crisisdesk.celery import app

    for number in range(3):
        app.send_task("kept.for.later", kwargs={"number": number}, queue="kept")
    _take_and_die(app)
    assert _waiting(app) == 1

    assert requeue_unacknowledged() == 2
    assert _waiting(app) == 3
    assert requeue_unacknowledged() == 0
    assert _waiting(app) == 3


def _take_and_die(app: Celery) -> None:
    connection = app.connection_for_read()
    channel = connection.default_channel
    channel.basic_qos(0, 2, False)
    for _ in range(2):
        assert channel.basic_get("kept", no_ack=False) is not None
    # Without the courtesy of a clean end, which would hand the tasks back.
    channel.qos._delivered.clear()
    channel.do_restore = False
    connection.release()


def _waiting(app: Celery) -> int:
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen("kept"))


def test_log_is_followed_line_by_line_and_cut_when_it_grows(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_text("before\n")
    tail = LogTail({"web": log})
    with log.open("a") as file:
        file.write("one\n\ntwo\nhal")
        file.flush()
        assert list(tail.new_lines()) == [("web", "one"), ("web", "two")]
        file.write("f\n")
        file.flush()
        assert list(tail.new_lines()) == [("web", "half")]

    rotate(log, above=10)
    assert log.stat().st_size == 0
    assert (tmp_path / "web.log.1").read_text().endswith("half\n")
    log.write_text("new\n")
    assert list(tail.new_lines()) == [("web", "new")]


def test_step_that_fails_says_so(tmp_path: Path) -> None:
    out = io.StringIO()
    console = Console(out)
    with console.step("Starting", "Started"):
        pass
    with pytest.raises(OSError), console.step("Writing", "Written"):
        raise OSError
    said = out.getvalue().splitlines()
    assert said[0].startswith("  ✓ Started (")
    assert said[1].startswith("  ✗ Writing (")


def test_doctor_names_what_is_missing_and_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = Layout.at(tmp_path)
    assert list(checks.machine(layout)) == []

    monkeypatch.setattr(system, "PDF_LIBRARIES", {"Pango": ("libnothing-at-all.so.9",)})
    monkeypatch.setattr(checks, "FONT_SCRIPTS", {"Thai": "PlexSansThai-"})
    monkeypatch.setattr(checks, "WARNS_BELOW", 2**62)
    found = list(checks.machine(layout))

    assert ["MB left" in found[0].what, "Pango" in found[1].what, "Thai" in found[2].what] == [
        True,
        True,
        True,
    ]
    assert "pango" in found[1].mend.lower()
    assert not any(finding.stops for finding in found), "the desk runs with PDF off"


def test_process_of_another_is_never_taken_for_ours(tmp_path: Path) -> None:
    layout = Layout.at(tmp_path)
    layout.postgres.mkdir()
    (layout.postgres / "postmaster.pid").write_text(f"{os.getpid()}\n")

    assert postgres.find(layout) == []
    assert postgres.clear_stale(layout) == "cleared the pid file of an earlier run"
    assert processes.alive(os.getpid())
    assert os.getpid() not in processes.marked(layout.data)


def test_file_that_is_no_backup_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "holiday.jpg"
    file.write_bytes(b"\xff\xd8 a picture")

    with pytest.raises(archive.ArchiveFailed, match="cannot be read as a backup"):
        archive.restore(Plan.from_environment(), file)
    with pytest.raises(archive.ArchiveFailed, match="nothing to back up"):
        archive.backup(Plan.from_environment(), tmp_path / "desk.tar")
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_preparing_is_left_out_only_for_the_same_code_and_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(freshness, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("Django==5.2.19\n")
    shelf = tmp_path / "fixtures" / "playbooks" / "one.yaml"
    shelf.parent.mkdir(parents=True)
    shelf.write_text("title: One\n")
    plan = Plan.from_environment()
    plan.layout.make()
    assert not freshness.is_prepared(plan)

    freshness.note_prepared(plan)
    assert freshness.is_prepared(plan)
    shelf.write_text("title: Two\n")
    assert not freshness.is_prepared(plan)

    freshness.note_prepared(plan)
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/desk")
    assert not freshness.is_prepared(Plan.from_environment())


def test_demo_is_off_where_the_database_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/desk")
    plan = Plan.from_environment()
    assert not plan.demo
    assert plan.environment()["DEMO"] == "0"
    assert plan.environment()["DATABASE_URL"] == "postgresql://elsewhere/desk"


def test_a_package_without_its_files_is_not_called_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []

    def run(command: list[str]) -> bool:
        ran.append(command)
        return True

    monkeypatch.setattr(system, "missing_pdf_libraries", lambda: ["Pango"])
    monkeypatch.setattr(system, "pdf_command", lambda: ["env", "install-pango"])
    monkeypatch.setattr(system, "_quietly", run)
    out = io.StringIO()
    assert not system.ensure_pdf_libraries(Console(out))
    assert ran == [["env", "install-pango"]]
    assert "✗ Installing Pango" in out.getvalue() and "env install-pango" in out.getvalue()
    assert "ready" not in out.getvalue()


def test_a_desk_of_an_older_version_gets_what_it_lacks_and_keeps_what_it_has(
    tmp_path: Path,
) -> None:
    layout = Layout.at(tmp_path)
    layout.secrets.write_text("SECRET_KEY=old\nPOSTGRES_PASSWORD=word\n")
    layout.secrets.chmod(0o600)

    made = layout.secret("VAPID_PRIVATE_KEY")

    assert len(made) == 43 and layout.secret("VAPID_PRIVATE_KEY") == made
    assert (layout.secret("SECRET_KEY"), layout.secret("POSTGRES_PASSWORD")) == ("old", "word")
    assert layout.secrets.read_text().count("\n") == 3
    assert stat.S_IMODE(layout.secrets.stat().st_mode) == 0o600
    with pytest.raises(KeyError):
        layout.secret("ANOTHER")
