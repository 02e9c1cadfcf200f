"""Handing a role over: the page, the offer, the taking, the taking back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.incidents.domain import lifecycle, notebook, roles
from crisisdesk.incidents.enums import CancelReason
from crisisdesk.incidents.models import (
    Commitment,
    Fact,
    HandOver,
    Incident,
    Question,
    RoleAssignment,
)
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.review.conftest import MINUTE, at, cost, rows, signed_in


@pytest.fixture
def writer(desk: Desk, incident: Incident) -> RoleAssignment:
    """Comms staff who writes and posts on this incident."""
    return RoleAssignment.objects.create(
        incident=incident, role="spokesperson", user=desk.staff, from_at=NOON
    )


def _offer(desk: Desk, incident: Incident) -> HandOver:
    given = {"role": "spokesperson", "receiver": str(desk.deputy.pk), "note": "Noa is in a meeting"}
    assert signed_in(desk.staff).post(at(incident, "handover/"), given).status_code == 302
    return HandOver.objects.get()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_page_is_filled_in_before_anybody_types(
    desk: Desk, incident: Incident, writer: RoleAssignment, language: str
) -> None:
    notebook.state_fact(
        incident_id=incident.pk,
        text="It is not ours",
        is_known=True,
        actor=desk.actor("staff"),
        at=NOON,
    )
    notebook.state_fact(
        incident_id=incident.pk,
        text="Who runs it",
        is_known=False,
        actor=desk.actor("staff"),
        at=NOON,
    )
    Commitment.objects.create(
        incident=incident, text="By five", language="en", due_at=NOON + 5 * MINUTE, made_at=NOON
    )
    desk.staff.language = language
    desk.staff.save()
    answer = signed_in(desk.staff).get(at(incident, "handover/"))
    body = answer.content.decode()
    assert answer.status_code == 200
    for words in ("It is not ours", "Who runs it", "By five", incident.plan["trap"][language]):
        assert words in body
    for words in incident.plan["avoid"]["ar"][:1]:
        assert words["words"].split("،")[0] in body


def test_the_giver_stays_on_duty_until_the_receiver_has_it(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    offer = _offer(desk, incident)
    path = at(incident, f"handover/{offer.pk}/")
    assert RoleAssignment.objects.get(role="spokesperson", to_at=None).user == desk.staff
    body = signed_in(desk.deputy).get(path).content.decode()
    assert "I have it" in body
    assert "Staff stays on duty until it is taken." in body
    assert "Noa is in a meeting" in body
    assert "Take it back" not in body
    assert signed_in(desk.deputy).post(path, {"do": "take"}).status_code == 302
    assert RoleAssignment.objects.get(role="spokesperson", to_at=None).user == desk.deputy
    after = signed_in(desk.staff).get(path).content.decode()
    assert "Deputy has it since" in after
    assert "I have it" not in after


def test_only_the_receiver_takes_it_and_only_the_giver_or_the_lead_takes_it_back(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    offer = _offer(desk, incident)
    path = at(incident, f"handover/{offer.pk}/")
    before = rows(incident)
    wrong = signed_in(desk.approver).post(path, {"do": "take"})
    assert (wrong.status_code, "meant for somebody else" in wrong.content.decode()) == (422, True)
    assert signed_in(desk.approver).post(path, {"do": "withdraw"}).status_code == 403
    assert signed_in(desk.executive).post(path, {"do": "take"}).status_code == 422
    assert signed_in(desk.stranger).post(path, {"do": "take"}).status_code == 404
    assert rows(incident) == before
    assert "Take it back" in signed_in(desk.lead).get(path).content.decode()
    signed_in(desk.staff).post(path, {"do": "withdraw"})
    offer.refresh_from_db()
    assert offer.withdrawn_at == NOON
    late = signed_in(desk.deputy).post(path, {"do": "take"})
    assert (late.status_code, "was taken back" in late.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"role": "lead", "receiver": "staff"}, "may not lead"),
        ({"role": "lead", "receiver": "lead"}, "somebody else to hand over to"),
        ({"role": "lead", "receiver": "stranger"}, "no such person"),
        ({"role": "lead", "receiver": ""}, "no such person"),
    ],
)
def test_a_refused_offer_keeps_what_was_typed_and_writes_nothing(
    desk: Desk, incident: Incident, given: dict[str, str], words: str
) -> None:
    person = getattr(desk, given["receiver"], None)
    typed = given | {"receiver": str(person.pk) if person else "", "note": "Keep these words"}
    before = rows(incident)
    answer = signed_in(desk.lead).post(at(incident, "handover/"), typed)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body
    assert "Keep these words" in body
    assert rows(incident) == before


def test_somebody_elses_role_is_not_given_away(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    before = rows(incident)
    given = {"role": "lead", "receiver": str(desk.deputy.pk)}
    answer = signed_in(desk.staff).post(at(incident, "handover/"), given)
    assert (answer.status_code, "not in your hands" in answer.content.decode()) == (422, True)
    assert rows(incident) == before
    offered = signed_in(desk.staff).get(at(incident, "handover/")).content.decode()
    assert 'value="spokesperson"' in offered
    assert 'value="lead"' not in offered


def test_a_role_is_offered_once_even_when_pressed_twice(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    given = {"role": "spokesperson", "receiver": str(desk.deputy.pk), "key": "once"}
    client = signed_in(desk.staff)
    assert [client.post(at(incident, "handover/"), given).status_code for _ in "ab"] == [302, 302]
    assert HandOver.objects.count() == 1
    other = client.post(at(incident, "handover/"), given | {"key": "twice"})
    assert (other.status_code, "handed over already" in other.content.decode()) == (422, True)
    assert HandOver.objects.count() == 1
    assert "You hold no role here" in client.get(at(incident, "handover/")).content.decode()


def test_who_may_not_hand_over_finds_no_such_page(desk: Desk, incident: Incident) -> None:
    for name in ("stranger", "executive", "observer"):
        answer = signed_in(getattr(desk, name)).get(at(incident, "handover/"))
        assert answer.status_code == 404, name
    lifecycle.cancel_incident(
        incident_id=incident.pk,
        reason=CancelReason.FALSE_ALARM,
        line="A joke",
        actor=desk.actor("lead"),
        at=NOON,
    )
    assert signed_in(desk.lead).get(at(incident, "handover/")).status_code == 404


def test_the_page_stays_as_it_was_offered(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    offer = _offer(desk, incident)
    notebook.state_fact(
        incident_id=incident.pk,
        text="Said after",
        is_known=True,
        actor=desk.actor("staff"),
        at=NOON,
    )
    body = signed_in(desk.deputy).get(at(incident, f"handover/{offer.pk}/")).content.decode()
    assert "Said after" not in body
    assert "1 event since this page was made." in body


def test_the_page_costs_the_same_with_one_and_with_fifty(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    def add(count: int) -> None:
        for number in range(count):
            moment = NOON + timedelta(minutes=number)
            Fact.objects.create(
                incident=incident, text="F", language="en", is_known=True, stated_at=NOON
            )
            Question.objects.create(
                incident=incident, text="Q", language="en", asker="customer", asked_at=NOON
            )
            Commitment.objects.create(
                incident=incident, text="C", language="en", due_at=moment, made_at=NOON
            )

    client = signed_in(desk.lead)
    add(1)
    offer = _offer(desk, incident)
    pages = ("handover/", f"handover/{offer.pk}/")
    few = [cost(client, at(incident, page)) for page in pages]
    add(49)
    assert [cost(client, at(incident, page)) for page in pages] == few
    assert max(few) <= 40


def test_nobody_is_offered_a_role_in_a_room_they_cannot_see(
    desk: Desk, incident: Incident, writer: RoleAssignment
) -> None:
    lead = desk.actor("lead")
    roles.restrict(incident_id=incident.pk, restricted=True, actor=lead, at=NOON)
    before = rows(incident)
    given = {"role": "spokesperson", "receiver": str(desk.deputy.pk), "note": "Read the thread"}
    answer = signed_in(desk.staff).post(at(incident, "handover/"), given)
    body = answer.content.decode()
    assert (answer.status_code, "Read the thread" in body) == (422, True)
    assert f"{desk.deputy.full_name} cannot see it" in body
    assert rows(incident) == before
    roles.grant_access(incident_id=incident.pk, user=desk.deputy, actor=lead, at=NOON)
    assert signed_in(desk.staff).post(at(incident, "handover/"), given).status_code == 302
    offer = HandOver.objects.get()
    taken = signed_in(desk.deputy).post(at(incident, f"handover/{offer.pk}/"), {"do": "accept"})
    assert taken.status_code == 302
