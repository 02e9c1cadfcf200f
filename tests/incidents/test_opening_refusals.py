"""What opening and adding words do not accept, and that nothing is written then."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.core.errors import Invalid, NotAllowed
from crisisdesk.incidents.domain import drafting, roles
from crisisdesk.incidents.enums import Stage
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON, join


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("channels", ("x", "telegraph"), "channel_unknown"),
        ("origin_channel", "telegraph", "channel_unknown"),
        ("origin_url", "not a link", "link_invalid"),
    ],
)
def test_an_opening_names_only_what_exists(desk: Desk, field: str, value: Any, code: str) -> None:
    with pytest.raises(Invalid, match=code) as caught:
        make_incident(desk, **{field: value})
    assert caught.value.field == field
    assert not Incident.objects.exists()


def test_a_statement_goes_to_channels_that_exist(desk: Desk, incident: Incident) -> None:
    before = incident.statements.count()
    with pytest.raises(Invalid, match="channel_unknown"):
        drafting.add_statement(
            incident_id=incident.pk,
            stage=Stage.UPDATE,
            title="T",
            channels=["telegraph"],
            languages=["ar"],
            actor=desk.actor("staff"),
            at=NOON,
        )
    assert incident.statements.count() == before


def test_a_read_token_takes_no_handover_back(desk: Desk, incident: Incident) -> None:
    join(desk.staff, desk.brand, Role.LEAD)
    offer = roles.offer_handover(
        incident_id=incident.pk,
        role="lead",
        receiver=desk.staff,
        page={},
        note="",
        actor=desk.actor("lead"),
        at=NOON,
    )
    events = TimelineEvent.objects.count()
    with pytest.raises(NotAllowed, match="read_only_token"):
        roles.withdraw_handover(
            handover_id=offer.pk, actor=Actor(desk.lead, "api", "read"), at=NOON
        )
    offer.refresh_from_db()
    assert (offer.withdrawn_at, TimelineEvent.objects.count()) == (None, events)
