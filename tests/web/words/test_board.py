"""The tab Statements, and a statement the playbook has no words for."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import drafting
from crisisdesk.incidents.enums import Stage
from crisisdesk.incidents.models import Incident, Statement
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.words.scenes import approved, browser, posted, submitted, url, written


def test_the_tab_says_where_every_language_stands(desk: Desk, incident: Incident) -> None:
    posted(desk, approved(desk, incident))
    submitted(desk, incident, "he", text="נוסח")
    page = browser(desk, "executive").get(url("incident-statements", incident))
    shown = page.content.decode()
    assert page.status_code == 200
    for words in ("Acknowledgement", "Holding statement", "Waits for approval", "0 of 1 approval"):
        assert words in shown
    assert "https://x.com/NourHome/status/1" in shown
    assert "Add a statement" not in shown


def _asked(**more: Any) -> dict[str, Any]:
    return {
        "title": "To shop partners",
        "stage": "update",
        "audience": "partners",
        "channels": ["x"],
        "languages": ["ar", "he"],
        "key": "s-1",
    } | more


def test_adding_a_statement_leads_to_its_words(desk: Desk, incident: Incident) -> None:
    staff = browser(desk, "staff")
    assert "To shop" not in staff.get(url("statement-new", incident)).content.decode()
    count = Statement.objects.count()
    first = staff.post(url("statement-new", incident), _asked())
    second = staff.post(url("statement-new", incident), _asked())
    assert first.headers["Location"] == second.headers["Location"]
    assert Statement.objects.count() == count + 1
    assert staff.get(first.headers["Location"]).status_code == 200


def test_adding_is_refused_in_words_and_keeps_what_was_typed(
    desk: Desk, incident: Incident
) -> None:
    staff = browser(desk, "staff")
    before = written()
    for missing in ("title", "channels", "languages"):
        empty = "  " if missing == "title" else []
        answer = staff.post(url("statement-new", incident), _asked(key=missing) | {missing: empty})
        assert answer.status_code == 422
        if missing != "title":
            assert "To shop partners" in answer.content.decode()
    observer = browser(desk, "executive")
    assert observer.post(url("statement-new", incident), _asked()).status_code == 403
    assert written() == before


def test_the_tab_asks_the_same_number_of_questions_for_fifty_statements(
    desk: Desk, incident: Incident
) -> None:
    staff = browser(desk, "staff")
    path = url("incident-statements", incident)

    def asked() -> int:
        staff.get(path)
        with CaptureQueriesContext(connection) as found:
            assert staff.get(path).status_code == 200
        return len(found)

    posted(desk, approved(desk, incident))
    submitted(desk, incident, "he", text="נוסח")
    few = asked()
    for number in range(50):
        drafting.add_statement(
            incident_id=incident.pk,
            stage=Stage.UPDATE,
            title=f"Update {number}",
            channels=["x"],
            languages=["ar", "he"],
            actor=desk.actor("staff"),
            at=NOON,
        )
    assert asked() == few


def test_an_incident_without_statements_teaches_the_first_step(
    desk: Desk, incident: Incident
) -> None:
    for statement in incident.statements.all():
        statement.languages.all().delete()
        statement.delete()
    shown = browser(desk, "staff").get(url("incident-statements", incident)).content.decode()
    assert "No words yet" in shown
    assert "Add a statement" in shown
