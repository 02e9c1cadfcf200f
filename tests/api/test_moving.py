"""A plan that moves, through the API: questions, items with their reasons, and where we speak."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.models import Incident, StatementLanguage, TimelineEvent
from tests.api.caller import Caller
from tests.factories.incidents import Desk
from tests.factories.moving import MOVING
from tests.factories.moving_room import make_moving, moving_content, question_of
from tests.factories.organisation import NOON, make_user


@pytest.fixture
def moving(desk: Desk, at_noon: object) -> Incident:
    return make_moving(desk)


def path(incident: Incident, rest: str = "") -> str:
    return f"incidents/{incident.reference}/{rest}"


def keys(caller: Caller, incident: Incident, **query: object) -> set[str]:
    rows = caller.get(path(incident, "items/"), **query)["results"]
    return {row["key"] for row in rows}


def test_opening_takes_answers(desk: Desk, lead: Caller, at_noon: object) -> None:
    moving_content()
    body = {
        "seen": "S", "playbook": MOVING, "brand": "nour", "channels": ["x", "facebook"],
        "answers": {"data_involved": "yes", "people_harmed": "unknown"},
    }  # fmt: skip
    opened = lead.does("post", "incidents/", body)
    asked = lead.get(f"incidents/{opened['reference']}/screening/")["results"]
    assert [(row["key"], row["answer"]) for row in asked] == [
        ("people_harmed", "unknown"),
        ("data_involved", "yes"),
    ]
    assert asked[1]["answered_by"]["id"] == desk.lead.pk
    refused = lead.call("post", "incidents/", {**body, "answers": {"fire": "yes"}})
    assert (refused.status_code, refused.json()["code"]) == (422, "question_unknown")


def test_items_say_why_they_are_there(moving: Incident, staff: Caller) -> None:
    assert not {"item-8", "item-13"} & keys(staff, moving)
    rows = {row["key"]: row for row in staff.get(path(moving, "items/"), hidden="1")["results"]}
    assert len(rows) == 20
    assert (rows["item-0"]["shown"], rows["item-0"]["reason"]) == (True, "")
    assert rows["item-6"]["reason"] == "Shown because people may be harmed."
    assert rows["item-5"]["reason"] == "Shown because the severity is SEV2."
    assert rows["item-8"]["shown"] is False
    assert rows["item-8"]["reason"] == (
        "Hidden because of the answer: Is personal data involved? Not known yet."
    )
    assert [row["key"] for row in rows["item-3"]["waits_for"]] == ["item-4"]
    assert rows["item-11"]["repeat"]["until"] == "contained"
    assert rows["item-11"]["times_done"] == 0 and rows["item-0"]["repeat"] is None


def test_an_answer_brings_items(moving: Incident, staff: Caller) -> None:
    asked = path(moving, f"screening/{question_of(moving, 'data_involved').pk}/")
    assert staff.does("put", asked, {"answer": "yes"})["answered_by"]["name"] == "Staff"
    assert "item-8" in keys(staff, moving)
    late = staff.call("put", asked, {"answer": "no", "expected": "unknown"})
    assert (late.status_code, late.json()["code"]) == (409, "answer_changed")
    assert late.json()["current"]["answer"] == "yes"
    assert staff.call("put", asked, {"answer": "perhaps"}).status_code == 400


def test_a_stranger_finds_no_question(moving: Incident, desk: Desk) -> None:
    stranger = Caller(make_user("nobody"))
    asked = path(moving, f"screening/{question_of(moving, 'data_involved').pk}/")
    assert stranger.call("put", asked, {"answer": "yes"}).status_code == 404
    assert stranger.call("get", path(moving, "screening/")).status_code == 404
    assert question_of(moving, "data_involved").answer is None


def test_one_press_of_an_item_that_comes_back_counts_once(moving: Incident, staff: Caller) -> None:
    item = next(
        row for row in staff.get(path(moving, "items/"))["results"] if row["key"] == "item-11"
    )
    press = path(moving, f"items/{item['id']}/tick/")
    done = staff.does("post", press, {"times_done": 0})
    assert (done["state"], done["times_done"], done["deadline"]["state"]) == ("todo", 1, "running")
    again = staff.call("post", press, {"times_done": 0})
    assert (again.status_code, again.json()["code"]) == (409, "item_changed")
    undone = staff.does("post", path(moving, f"items/{item['id']}/undo/"), {"times_done": 1})
    assert undone["times_done"] == 0


def test_channels_and_languages_move_the_plan(moving: Incident, lead: Caller) -> None:
    assert "item-12" in keys(lead, moving)  # Arabic, on X or Facebook
    version = lead.get(path(moving))["version"]
    body = {"channels": ["facebook"], "languages": ["he", "en"], "version": version}
    changed = lead.does("put", path(moving, "reach/"), body)
    assert (changed["channels"], changed["languages"]) == (["facebook"], ["he", "en"])
    assert not {"item-7", "item-12"} & keys(lead, moving)
    english = StatementLanguage.objects.get(
        statement__incident=moving, statement__key="holding", language="en"
    )
    assert english.template.startswith("We know about") and english.plan == "needed"
    arabic = StatementLanguage.objects.get(
        statement__incident=moving, statement__key="holding", language="ar"
    )
    assert arabic.plan == "not_needed"
    told = [
        event.kind
        for event in TimelineEvent.objects.filter(incident=moving).order_by("-number")[:2]
    ]
    assert told == ["deadlines_replanned", "reach_changed"]
    back = {"channels": ["facebook", "x"], "languages": ["ar", "he"], "version": version + 1}
    lead.does("put", path(moving, "reach/"), back)
    assert {"item-7", "item-12"} <= keys(lead, moving)
    arabic.refresh_from_db()
    assert arabic.plan == "needed"


def test_the_list_costs_the_same_for_every_plan(
    moving: Incident, desk: Desk, staff: Caller, django_assert_max_num_queries: object
) -> None:
    assert NOON
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        staff.get(path(moving, "items/"))
