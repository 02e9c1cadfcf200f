"""What a list costs does not grow with what is in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import notebook, timeline
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident
from playbooks.domain.review_dates import date_missing
from tests.api.caller import ROOT, Caller
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.factories.rota import make_shift


def queries(caller: Caller, path: str) -> int:
    """How many statements one answer takes."""
    with CaptureQueriesContext(connection) as caught:
        response = caller.client.get(ROOT + path)
    assert response.status_code == 200
    assert not any("COUNT(" in query["sql"] for query in caught.captured_queries)
    return len(caught)


def notes(desk: Desk, incident: Incident, count: int) -> None:
    """Write notes through the timeline itself."""
    words = timeline.Text("A note", "en")
    drafts = [timeline.Draft(EventKind.NOTE_ADDED, texts={"text": words}) for _ in range(count)]
    with transaction.atomic():
        locked = Incident.objects.select_for_update().get(pk=incident.pk)
        timeline.record_many(locked, drafts, actor=desk.actor("staff"), at=NOON)


def test_the_list_takes_four_statements(desk: Desk, lead: Caller, incident: Incident) -> None:
    one = [queries(lead, path) for path in ("incidents/", "deadlines/", "incidents/?q=nour")]
    for minute in range(49):
        make_incident(desk, at=NOON + timedelta(minutes=minute))
    assert len(lead.get("incidents/")["results"]) == 50
    fifty = [queries(lead, path) for path in ("incidents/", "deadlines/", "incidents/?q=nour")]
    assert one == fifty == [4, 3, 4]


def test_review_dates_take_three_statements(desk: Desk, lead: Caller) -> None:
    date_missing(at=NOON)
    paths = (
        "review-dates/?limit=1",
        "review-dates/?limit=100",
        "review-dates/?limit=100&mine=true",
    )
    # The token, the dates; whose roles, where they decide.
    assert [queries(lead, path) for path in paths] == [2, 2, 3]
    assert len(lead.get("review-dates/", limit=100)["results"]) == 100


def test_the_rota_asks_the_same_with_one_shift_and_fifty(desk: Desk, lead: Caller) -> None:
    make_shift(desk.brand, desk.staff, 16, 17)
    paths = ("brands/nour/rota/", "brands/nour/on-watch/", "brands/nour/working-days/")
    one = [queries(lead, path) for path in paths]
    for day in range(1, 8):
        for hour in range(0, 14, 2):
            make_shift(desk.brand, desk.approver, hour, hour + 1, weekdays=(day,))
    assert [queries(lead, path) for path in paths] == one


def test_the_timeline_takes_three_whatever_its_length(
    desk: Desk, lead: Caller, incident: Incident, room: str
) -> None:
    path = f"{room}timeline/"
    one = [queries(lead, path), queries(lead, room)]
    notes(desk, incident, 49)
    fifty = [queries(lead, path), queries(lead, room)]
    notes(desk, incident, 950)
    thousand = [queries(lead, path), queries(lead, room)]
    assert one == fifty == thousand == [3, 6]
    make_shift(desk.brand, desk.staff, 8, 20)
    assert queries(lead, room) == 7  # with who is on watch
    watch = lead.get(room)["watch"]
    assert [who["id"] for who in watch["people"]] == [desk.staff.pk]
    assert watch["until"] == watch["gap_at"] != watch["coming_at"]
    assert queries(lead, f"{path}?after=0&limit=1000") == 3
    assert len(lead.get(path)["results"]) == 50


def test_the_timeline_is_read_to_its_end_both_ways(
    desk: Desk, lead: Caller, incident: Incident, room: str
) -> None:
    notes(desk, incident, 6)
    for name, start, order in (("after", 0, range(1, 8)), ("before", 99, range(7, 0, -1))):
        seen, place = [], start
        while place is not None:
            part = lead.get(f"{room}timeline/", limit=3, **{name: place})
            seen += [event["number"] for event in part["results"]]
            place = part["next"]
        assert seen == list(order)


def fact(desk: Desk, incident: Incident) -> None:
    """One more fact."""
    notebook.state_fact(
        incident_id=incident.pk, text="F", is_known=True, actor=desk.actor("staff"), at=NOON
    )


def question(desk: Desk, incident: Incident) -> None:
    """One more question."""
    notebook.ask_question(
        incident_id=incident.pk, text="Q", asker="press", actor=desk.actor("staff"), at=NOON
    )


def decision(desk: Desk, incident: Incident) -> None:
    """One more decision."""
    notebook.make_decision(
        incident_id=incident.pk,
        question="Q",
        choice="C",
        reason="R",
        actor=desk.actor("staff"),
        at=NOON,
    )


@pytest.mark.parametrize(
    ("name", "make"), [("facts", fact), ("questions", question), ("decisions", decision)]
)
def test_the_notebook_costs_the_same_with_one_row_and_fifty(
    desk: Desk, lead: Caller, incident: Incident, room: str, name: str,
    make: Callable[[Desk, Incident], None],
) -> None:  # fmt: skip
    make(desk, incident)
    one = queries(lead, f"{room}{name}/")
    for _ in range(50):
        make(desk, incident)
    part = lead.get(f"{room}{name}/")
    assert len(part["results"]) == 50
    assert queries(lead, f"{room}{name}/") == one == 4
    last = lead.get(f"{room}{name}/", cursor=part["next"])
    assert len(last["results"]) == 1 and last["next"] is None


@pytest.mark.parametrize(("name", "most"), [("items", 5), ("statements", 12), ("deadlines", 4)])
def test_what_the_plan_brings_is_read_at_once(
    lead: Caller, incident: Incident, room: str, name: str, most: int
) -> None:
    assert len(lead.get(f"{room}{name}/")["results"]) > 4
    assert queries(lead, f"{room}{name}/") <= most


def test_writing_an_event_takes_six_statements(lead: Caller, room: str) -> None:
    lead.does("post", f"{room}notes/", {"text": "N"})
    with CaptureQueriesContext(connection) as caught:
        lead.does("post", f"{room}notes/", {"text": "N"})
    # Every one that reaches the database: the token, the transaction's begin (here a savepoint), the
    # lock, who may what, the event with its words and its news, the commit (here a release).
    assert len(caught) == 6
