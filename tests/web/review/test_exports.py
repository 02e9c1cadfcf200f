"""PDFs: asked for, drawn, looked up, downloaded; and the page of finished incidents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.core.domain.files import store_bytes
from crisisdesk.incidents.models import Incident
from crisisdesk.reports.domain import pdf, rendering
from crisisdesk.reports.models import RenderedReport
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.web.review.conftest import WORDS, at, cost, resolve, rows, signed_in

EXPORT, LIST = "report/export/", "report/exports/"


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_pdf_is_asked_for_drawn_and_downloaded(
    desk: Desk, incident: Incident, language: str
) -> None:
    client = signed_in(desk.executive)
    assert (
        client.post(at(incident, EXPORT), {"kind": "one_page", "language": language}).status_code
        == 302
    )
    row = RenderedReport.objects.get()
    assert client.get(f"/reports/{row.pk}/").status_code == 404
    waiting = client.get(at(incident, LIST)).content.decode()
    assert "waits to be drawn" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert "Look again" in waiting
    rendering.render_next(at=NOON)
    row.refresh_from_db()
    ready = client.get(at(incident, LIST)).content.decode()
    assert row.sha256 in ready
    assert f"built from event {row.built_from_number}" in ready
    assert "every 2s" not in ready
    got = client.get(f"/reports/{row.pk}/")
    assert got.content.startswith(b"%PDF")
    assert got["Content-Disposition"] == f'attachment; filename="{row.file_name}"'
    assert incident.reference in row.file_name
    assert f"-{language}-" in row.file_name
    assert signed_in(desk.stranger).get(f"/reports/{row.pk}/").status_code == 404


def test_what_is_there_already_is_said_to_be(desk: Desk, incident: Incident) -> None:
    client, asked = signed_in(desk.lead), {"kind": "one_page", "language": "en"}
    client.post(at(incident, EXPORT), asked)
    rendering.render_next(at=NOON)
    again = client.post(at(incident, EXPORT), asked, follow=True)
    assert "Nothing has happened since this PDF was drawn" in again.content.decode()
    assert RenderedReport.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kind": "novel", "language": "en"}, "choose one"),
        ({"kind": "one_page", "language": "fr"}, "English, Arabic, Hebrew"),
        ({}, "choose one"),
    ],
)
def test_a_wrong_wish_is_refused_in_words(
    desk: Desk, incident: Incident, asked: dict[str, str], words: str
) -> None:
    before = rows(incident)
    answer = signed_in(desk.lead).post(at(incident, EXPORT), asked)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert signed_in(desk.stranger).post(at(incident, EXPORT), asked).status_code == 404
    assert signed_in(desk.stranger).get(at(incident, LIST)).status_code == 404
    assert rows(incident) == before


def test_what_could_not_be_drawn_says_why_and_is_tried_again(
    desk: Desk, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_given: Any, **_more: Any) -> None:
        raise pdf.PdfUnavailable("pdf_unavailable")

    client, asked = signed_in(desk.lead), {"kind": "full", "language": "he"}
    client.post(at(incident, EXPORT), asked)
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "typeset", missing)
        rendering.render_next(at=NOON)
    body = client.get(at(incident, LIST)).content.decode()
    assert "manage.py doctor" in body
    assert "Try it again" in body
    row = RenderedReport.objects.get()
    assert client.get(f"/reports/{row.pk}/").status_code == 404
    client.post(at(incident, EXPORT), asked)
    rendering.render_next(at=NOON)
    row.refresh_from_db()
    assert row.state == "done"


def test_a_pdf_that_nobody_draws_says_so(desk: Desk, incident: Incident, time_machine: Any) -> None:
    client = signed_in(desk.lead)
    client.post(at(incident, EXPORT), {"kind": "one_page", "language": "en"})
    time_machine.move_to(NOON + timedelta(minutes=2), tick=False)
    assert "longer than usual" in client.get(at(incident, LIST)).content.decode()


def _drawn(desk: Desk, incident: Incident, count: int) -> None:
    file = store_bytes(b"%PDF-1.7 nothing", content_type="application/pdf", at=NOON)
    RenderedReport.objects.bulk_create(
        RenderedReport(
            incident=incident,
            kind="one_page",
            language="en",
            edition=number + 1,
            state="done",
            requested_by=desk.lead,
            requested_at=NOON,
            done_at=NOON,
            file=file,
            pages=1,
            built_from_number=number + 1,
        )
        for number in range(count)
    )


def test_finished_incidents_with_verdict_figures_and_pdfs(desk: Desk, incident: Incident) -> None:
    resolve(desk, incident)
    signed_in(desk.staff).post(at(incident, "report/save/"), WORDS)
    _drawn(desk, incident, 2)
    still_open = make_incident(desk, seen="Only opened")
    client = signed_in(desk.executive)
    body = client.get("/reports/").content.decode()
    newest = RenderedReport.objects.get(edition=2)
    assert "Nine minutes." in body
    assert "First public word after" in body
    assert f"/reports/{newest.pk}/" in body
    assert body.count(" download>") == 1
    assert still_open.reference not in body
    assert incident.reference not in signed_in(desk.stranger).get("/reports/").content.decode()


def test_an_empty_page_teaches_and_a_full_one_shows_older(desk: Desk) -> None:
    client = signed_in(desk.executive)
    assert "No incident is over yet" in client.get("/reports/").content.decode()
    made = [make_incident(desk, seen=f"Matter {number}") for number in range(12)]
    Incident.objects.update(status="resolved", resolved_at=NOON)
    first = client.get("/reports/").content.decode()
    assert made[-1].reference in first
    assert made[1].reference not in first
    older = client.get(f"/reports/?before={made[2].pk}").content.decode()
    assert made[1].reference in older
    assert made[2].reference not in older
    assert "Show older" not in older
    assert client.get("/reports/?before=nonsense").status_code == 200


def test_lists_cost_the_same_with_one_and_with_fifty(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.executive)
    resolve(desk, incident)
    _drawn(desk, incident, 1)
    found = {path: cost(client, path) for path in ("/reports/", at(incident, LIST))}
    RenderedReport.objects.all().delete()
    _drawn(desk, incident, 50)
    for number in range(49):
        make_incident(desk, seen=f"Matter {number}")
    Incident.objects.update(status="resolved", resolved_at=NOON)
    for path, few in found.items():
        assert cost(client, path) == few, path
    assert max(found.values()) <= 20
