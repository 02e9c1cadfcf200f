"""What a room says of the watch, and of steps that reach nobody, where few may see it."""

from __future__ import annotations

from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import EscalationStep, Incident
from crisisdesk.incidents.queries.dead_steps import dead_steps
from crisisdesk.incidents.queries.watching import watch_of
from crisisdesk.organisation.models import Membership
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.factories.rota import make_shift


def calls(incident: Incident, who: str, **more: object) -> None:
    """The plan has this one step."""
    EscalationStep.objects.filter(incident=incident).delete()
    EscalationStep.objects.create(incident=incident, position=1, who=who, after_percent=125, **more)


def dead(incident: Incident) -> list[str]:
    """Which steps reach nobody, read anew."""
    return [row.who for row in dead_steps(Incident.objects.get(pk=incident.pk), at=NOON)]


def test_a_restricted_room_names_no_watch_that_may_not_see_it(desk: Desk) -> None:
    make_shift(desk.brand, desk.staff, 8, 20)
    open_one = make_incident(desk)
    restricted = make_incident(desk, seen="Another matter", is_restricted=True)
    found = watch_of(open_one, desk.lead, at=NOON)
    assert found is not None and found.people == [desk.staff]
    assert watch_of(restricted, desk.lead, at=NOON) is None
    roles.grant_access(
        incident_id=restricted.pk, user=desk.staff, actor=desk.actor("lead"), at=NOON
    )
    seen = watch_of(Incident.objects.get(pk=restricted.pk), desk.lead, at=NOON)
    assert seen is not None and seen.people == [desk.staff]


def test_a_step_to_a_watch_that_may_not_see_a_restricted_room_is_dead(desk: Desk) -> None:
    make_shift(desk.brand, desk.staff, 8, 20)
    for restricted in (False, True):
        incident = make_incident(desk, seen=f"Matter {restricted}", is_restricted=restricted)
        calls(incident, "on_watch")
        assert dead(incident) == (["on_watch"] if restricted else [])


def test_whoever_has_a_deadline_is_no_dead_step_of_the_plan(desk: Desk) -> None:
    incident = make_incident(desk, is_restricted=True)
    calls(incident, "owner")
    Membership.objects.filter(user=desk.lead).delete()
    assert dead(incident) == []


def test_a_named_person_who_left_the_brand_is_reached_where_they_were_let_in(desk: Desk) -> None:
    incident, other = make_incident(desk), make_incident(desk, seen="Another matter")
    for each in (incident, other):
        calls(each, "person", person=desk.staff)
    roles.grant_access(incident_id=other.pk, user=desk.staff, actor=desk.actor("lead"), at=NOON)
    Membership.objects.filter(user=desk.staff).delete()
    assert (dead(incident), dead(other)) == (["person"], [])
