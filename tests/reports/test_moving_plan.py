"""The report of a plan that moved: what was never needed does not count, and a moved clock says from when to when."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.domain import lifecycle
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import Incident
from crisisdesk.reports.domain import document
from crisisdesk.reports.domain.report import Report
from tests.factories.incidents import Desk
from tests.factories.moving_room import answer, item_of, later, make_moving, tick


def build(incident: Incident, language: str = "en") -> Report:
    fresh = Incident.objects.select_related("brand").get(pk=incident.pk)
    return document.build(fresh, language, edition=1, at=later(300))


def told(report: Report, start: str) -> list[str]:
    """The timeline's lines that hold these words, as they are read."""
    lines = [" ".join(part.words for part in row.what.parts) for row in report.timeline]
    return [line for line in lines if start in line]


def counts(report: Report) -> tuple[int, int, int]:
    """All items of the checklist, the done ones, and those done in time."""
    whole = report.checklist[-1]
    return int(whole.items), int(whole.done), int(whole.on_time)


def test_a_hidden_item_is_no_item_and_counts_once_it_is_needed(desk: Desk) -> None:
    incident = make_moving(desk)
    before = counts(build(incident))[0]
    assert item_of(incident, 8).is_hidden
    answer(incident, desk, "data_involved", "yes", at=later(10))
    tick(incident, desk, 8, at=later(20))
    assert counts(build(incident)) == (before + 1, 1, 1)
    answer(incident, desk, "data_involved", "no", at=later(30))
    # Somebody did it: it stays on the list, and in the report.
    assert counts(build(incident)) == (before + 1, 1, 1)


def test_an_item_that_came_back_is_one_item_judged_by_its_last_time(desk: Desk) -> None:
    incident = make_moving(desk)
    before = counts(build(incident))[0]
    tick(incident, desk, 11, at=later(10))
    tick(incident, desk, 11, at=later(25))
    assert counts(build(incident)) == (before, 0, 0)  # it comes back once more
    lead = desk.actor("lead")
    lifecycle.change_status(incident_id=incident.pk, to=Status.CONTAINED, actor=lead, at=later(30))
    report = build(incident)
    assert counts(report)[1:] == (1, 1)
    assert not any("item-11" in str(note) for row in report.checklist for note in row.notes)


def test_a_re_planning_says_from_when_to_when(desk: Desk) -> None:
    incident = make_moving(desk, answers={"data_involved": True})
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev3", reason="R", actor=desk.actor("lead"), at=later(5)
    )
    (line,) = told(build(incident), "deadlines moved")
    zone = "17:00 → 18:00"  # 60 and 120 minutes after noon in UTC, as Dubai reads them
    assert f"item-8, {incident.playbook_revision.playbook.slug}: {zone}" in line
    assert "dropped, was due" in line and "No longer needed: " in line
    answer(incident, desk, "data_involved", "no", at=later(8))
    answer(incident, desk, "data_involved", "yes", at=later(9))
    lines = told(build(incident), "Added: ")
    assert lines and "starts, due 18:00" in lines[-1]


@pytest.mark.parametrize(
    ("language", "moved"), [("ar", "من 17:00 إلى 18:00"), ("he", "קודם: 17:00")]
)
def test_it_says_so_in_the_reports_language(desk: Desk, language: str, moved: str) -> None:
    incident = make_moving(desk, answers={"data_involved": True})
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev3", reason="R", actor=desk.actor("lead"), at=later(5)
    )
    assert told(build(incident, language), moved)
