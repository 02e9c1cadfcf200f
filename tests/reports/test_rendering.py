"""Ask, draw, download: once for each state of the timeline, only for those who may see the
incident.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app

from crisisdesk.core.domain.files import read_file
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.incidents.domain import notebook, roles
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.reports import tasks
from crisisdesk.reports.domain import pdf, rendering
from crisisdesk.reports.enums import ReportKind, ReportState
from crisisdesk.reports.models import RenderedReport
from crisisdesk.reports.queries.visibility import visible_to
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def ask(incident: Incident, actor: Actor, **fields: Any) -> RenderedReport:
    values: dict[str, Any] = {
        "incident_id": incident.pk,
        "language": "ar",
        "actor": actor,
        "at": NOON + MINUTE,
    } | fields
    return rendering.request_report(**values)


def test_asked_drawn_and_kept(desk: Desk, incident: Incident) -> None:
    asked = ask(incident, desk.actor("executive"))
    assert (asked.state, asked.kind, asked.edition) == (
        ReportState.REQUESTED,
        ReportKind.ONE_PAGE,
        1,
    )
    tasks.render()
    done = RenderedReport.objects.get(pk=asked.pk)
    incident.refresh_from_db()
    assert done.state == ReportState.DONE
    assert done.pages == 1
    assert (done.built_from_number, done.built_from_hash) == (
        incident.last_number,
        incident.last_hash,
    )
    assert done.file is not None
    assert read_file(done.file).startswith(b"%PDF-")
    assert len(done.sha256) == 64
    assert done.size == len(read_file(done.file))
    assert done.file_name == f"{incident.reference}-one-page-ar-edition-1.pdf"


def test_asking_writes_no_event(desk: Desk, incident: Incident) -> None:
    before = TimelineEvent.objects.filter(incident=incident).count()
    ask(incident, desk.actor("executive"))
    assert TimelineEvent.objects.filter(incident=incident).count() == before


def test_the_same_report_is_made_once(desk: Desk, incident: Incident) -> None:
    first = ask(incident, desk.actor("lead"))
    assert ask(incident, desk.actor("executive"), at=NOON + 2 * MINUTE).pk == first.pk
    other = ask(incident, desk.actor("lead"), language="he")
    full = ask(incident, desk.actor("lead"), kind=ReportKind.FULL)
    assert len({first.pk, other.pk, full.pk}) == 3
    assert {first.edition, other.edition, full.edition} == {1}


def test_a_new_state_of_the_timeline_is_a_new_edition(desk: Desk, incident: Incident) -> None:
    ask(incident, desk.actor("lead"))
    notebook.add_note(
        incident_id=incident.pk, text="More is known", actor=desk.actor("lead"), at=NOON + MINUTE
    )
    assert ask(incident, desk.actor("lead")).edition == 2


def test_the_worker_is_woken_on_its_own_queue_after_commit(
    desk: Desk,
    incident: Incident,
    django_capture_on_commit_callbacks: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("crisisdesk.core.jobs._publish", lambda name, kwargs: rung.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        ask(incident, desk.actor("lead"))
        assert rung == []
    assert rung == ["reports.render"]
    assert current_app.conf.task_routes["reports.render"] == {"queue": "reports"}


def test_a_stranger_finds_nothing(desk: Desk, incident: Incident) -> None:
    with pytest.raises(NotVisible):
        ask(incident, desk.actor("stranger"))
    assert not RenderedReport.objects.exists()
    ask(incident, desk.actor("lead"))
    assert not visible_to(desk.stranger).exists()
    assert visible_to(desk.executive).count() == 1


def test_a_restricted_incident_hides_its_reports(desk: Desk, incident: Incident) -> None:
    ask(incident, desk.actor("lead"))
    roles.restrict(incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=NOON)
    assert not visible_to(desk.executive).exists()
    assert not visible_to(desk.admin).exists()
    assert visible_to(desk.lead).count() == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"kind": "poster"}, "report_kind_unknown"), ({"language": "fr"}, "language_unknown")],
)
def test_an_unknown_kind_or_language_is_refused(
    desk: Desk, incident: Incident, fields: dict[str, str], code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        ask(incident, desk.actor("lead"), **fields)
    assert not RenderedReport.objects.exists()


def test_a_read_only_token_may_not_ask(desk: Desk, incident: Incident) -> None:
    with pytest.raises(NotAllowed):
        ask(incident, Actor(desk.lead, "api", "read"))
    assert not RenderedReport.objects.exists()


def test_a_failure_is_kept_as_a_code_and_may_be_asked_again(
    desk: Desk, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unavailable(*_args: object, **_more: object) -> None:
        raise pdf.PdfUnavailable("pdf_unavailable")

    asked = ask(incident, desk.actor("lead"))
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "typeset", unavailable)
        tasks.render()
    asked.refresh_from_db()
    assert (asked.state, asked.error_code, asked.file) == (
        ReportState.FAILED,
        "pdf_unavailable",
        None,
    )
    again = ask(incident, desk.actor("executive"), at=NOON + 2 * MINUTE)
    assert (again.pk, again.state, again.error_code) == (asked.pk, ReportState.REQUESTED, "")
    tasks.render()
    again.refresh_from_db()
    assert again.state == ReportState.DONE


def test_an_unforeseen_failure_does_not_stop_the_worker(
    desk: Desk,
    incident: Incident,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = ask(incident, desk.actor("lead"))
    with monkeypatch.context() as patched:
        patched.setattr(rendering, "draw", lambda *_args: 1 / 0)
        tasks.render()
    asked.refresh_from_db()
    assert (asked.state, asked.error_code) == (ReportState.FAILED, "report_failed")
    assert "could not be drawn" in caplog.text


def test_what_a_dead_worker_held_is_drawn_again(desk: Desk, incident: Incident) -> None:
    asked = ask(incident, desk.actor("lead"))
    RenderedReport.objects.filter(pk=asked.pk).update(state=ReportState.RENDERING, started_at=NOON)
    assert rendering.sweep(at=NOON + MINUTE) == 0
    assert rendering.sweep(at=NOON + rendering.PATIENCE + MINUTE) == 1
    asked.refresh_from_db()
    assert asked.state == ReportState.REQUESTED


def test_nothing_waiting_is_nothing_done(db: None) -> None:
    assert rendering.render_next(at=NOON) is None
