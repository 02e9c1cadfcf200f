"""Deadlines of all incidents: what is running, by when, whose, on one axis; narrowed, grouped, in parts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import Deadline, Incident
from crisisdesk.incidents.queries.due import DueFilters, due, sum_of
from crisisdesk.organisation.enums import Role
from crisisdesk.web.views.desk import due_axis
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON, join, make_brand

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PAGE = "/deadlines/"
RUNNING = DueFilters(states=("running",))


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open incident; twenty minutes later some of its clocks are late."""
    return make_incident(desk)


def body(user: User, query: str = "") -> str:
    """Return the page as this person sees it."""
    client = Client()
    client.force_login(user)
    page = client.get(PAGE + query)
    assert page.status_code == 200
    return page.content.decode()


def test_late_ones_come_first_with_who_has_them_and_now_on_one_axis(
    desk: Desk, incident: Incident, time_machine: Any
) -> None:
    time_machine.move_to(NOON + 20 * MINUTE, tick=False)
    whole = sum_of(desk.lead, RUNNING, at=NOON + 20 * MINUTE)
    assert 0 < whole.late < whole.count
    shown = body(desk.lead)
    late, _, ahead = shown.partition("To come")
    assert late.count('<li class="due-row is-late') == whole.late
    assert "due-row is-late" not in ahead
    assert "late and nobody has" in shown
    assert f"{whole.count} deadlines are running" in shown
    assert shown.count('class="due-now"') == whole.count
    assert f"{incident.reference}/deadlines/" in shown
    assert "style=" not in shown


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_drawing_is_mirrored_where_people_read_from_the_right(
    desk: Desk, incident: Incident, language: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    assert ("scale(-1 1)" in body(desk.lead)) == (language != "en")


def test_the_list_is_narrowed_by_time_person_severity_kind_and_brand(
    desk: Desk, incident: Incident, time_machine: Any
) -> None:
    other = make_brand("other", languages=["he"])
    join(desk.lead, other, Role.LEAD)
    make_incident(desk, severity="sev4", seen="Quiet one")
    time_machine.move_to(NOON + 20 * MINUTE, tick=False)
    assert "Quiet one" in body(desk.lead)
    assert "Quiet one" not in body(desk.lead, "?severity=sev2")
    assert "To come" not in body(desk.lead, "?within=late")
    holding = Deadline.objects.filter(incident=incident, kind="holding")[0]
    kind = body(desk.lead, "?kind=holding")
    assert holding.label["en"] in kind
    assert "Note to our own people</a>" not in kind
    assert "No deadline fits" in body(desk.lead, "?brand=other")
    week = body(desk.lead, "?within=week").count('<li class="due-row')
    assert body(desk.lead, "?within=day").count('<li class="due-row') <= week
    assert "No deadline fits" in body(desk.executive, "?mine=1")
    assert body(desk.lead, "?mine=1").count('<li class="due-row') == len(
        due(desk.lead, DueFilters(states=("running",), mine=True), limit=200).rows
    )


def test_whoever_shares_a_role_finds_its_deadlines_among_their_own(
    desk: Desk, incident: Incident
) -> None:
    row = Deadline.objects.filter(incident=incident, state="running", owner=None)[0]
    Deadline.objects.filter(pk=row.pk).update(role="approver")
    mine = DueFilters(states=("running",), mine=True, kinds=(row.kind,))
    roles.assign_role(
        incident_id=incident.pk, role="approver", user=desk.staff, actor=desk.actor("lead"), at=NOON
    )
    held = next(one for one in due(desk.lead, RUNNING, limit=200).rows if one.id == row.pk)
    assert desk.staff.pk in [holder.id for holder in held.holders]
    for holder in held.holders:
        person = next(who for who in vars(desk).values() if getattr(who, "pk", 0) == holder.id)
        assert row.pk in [one.id for one in due(person, mine).rows]
    assert row.pk not in [one.id for one in due(desk.executive, mine).rows]


def test_rows_stand_together_by_incident_or_person(desk: Desk, incident: Incident) -> None:
    make_incident(desk, seen="Second one")
    by_incident = body(desk.lead, "?group=incident")
    assert by_incident.count('class="due-of"') == 2
    by_person = body(desk.lead, "?group=person")
    names = {row.holders for row in due(desk.lead, RUNNING, limit=50).rows}
    assert by_person.count('class="due-of"') == len(names)
    assert "Nobody has it" in by_person


def test_parts_of_the_list_follow_each_other_and_a_lost_place_is_said(
    desk: Desk, incident: Incident
) -> None:
    for number in range(6):
        make_incident(desk, seen=f"Case {number}")
    every = due(desk.lead, RUNNING, limit=200).rows
    assert len(every) > 50
    first = Client()
    first.force_login(desk.lead)
    page = first.get(PAGE)
    cursor = page.context["next_cursor"]
    second = first.get(PAGE, {"after": cursor})
    told = page.content.decode() + second.content.decode()
    assert [f'id="due-{row.id}"' in told for row in every[:100]] == [True] * min(len(every), 100)
    assert "Back to the beginning" in second.content.decode()
    assert "this is its beginning" in body(desk.lead, "?after=nonsense")


def test_a_stranger_and_a_restricted_incident(desk: Desk, incident: Incident) -> None:
    assert incident.title not in body(desk.stranger)
    assert "There is nothing here for you yet" in body(desk.stranger)
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert incident.title not in body(desk.observer)
    assert "No clock is running" in body(desk.observer)
    assert Client().get(PAGE).status_code == 302


def test_one_row_and_fifty_cost_the_same(desk: Desk, incident: Incident) -> None:
    client = Client()
    client.force_login(desk.lead)

    def cost(query: str) -> int:
        client.get(PAGE + query)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(PAGE + query).status_code == 200
        return len(caught)

    running = Deadline.objects.filter(incident=incident, state="running")
    first = running.filter(role="lead").earliest("pk")  # somebody has it, who is one more query
    Deadline.objects.filter(incident=incident).exclude(pk=first.pk).update(state="cancelled")
    queries = ("", "?group=person", "?mine=1")
    one = [cost(query) for query in queries]
    for number in range(6):
        make_incident(desk, seen=f"Case {number}")
    assert body(desk.lead).count('<li class="due-row') >= 50
    assert [cost(query) for query in queries] == one == [6, 6, 6]


# --- the axis -------------------------------------------------------------------------------------


def test_the_axis_is_no_longer_than_what_it_holds() -> None:
    empty = due_axis.axis(None, None, at=NOON)
    assert (empty.late, empty.ahead) == (1, 3)
    near = due_axis.axis(NOON - 70 * MINUTE, NOON + 5 * HOUR, at=NOON)
    assert (near.late, near.ahead) == (3, 4)
    far = due_axis.axis(NOON - 40 * DAY, NOON + 90 * DAY, at=NOON)
    assert (far.late, far.ahead) == (7, 7)
    assert near.ticks == [-14400, -3600, -900, 0, 900, 3600, 14400, 43200]


def test_a_bar_runs_from_its_start_to_its_due_time_and_past_it() -> None:
    on = due_axis.axis(NOON - 60 * MINUTE, NOON + 24 * HOUR, at=NOON)
    ahead = due_axis.bar(on, started_at=NOON - 15 * MINUTE, due_at=NOON + 15 * MINUTE)
    assert (ahead.start, ahead.due) == (on.now_x - 100, on.now_x + 100)
    assert (ahead.allowed, ahead.used, ahead.over) == (200, 100, 0)
    late = due_axis.bar(on, started_at=NOON - 60 * MINUTE, due_at=NOON - 15 * MINUTE)
    assert (late.over_from, late.over) == (on.now_x - 100, 100)
    assert late.used == late.allowed == 100
    beyond = due_axis.bar(on, started_at=NOON, due_at=NOON + 30 * DAY)
    assert beyond.due is None
    assert beyond.start + beyond.allowed == on.width
