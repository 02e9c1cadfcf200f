"""The watch passes to others while an incident is open: those who go and those who come hear of it, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crisisdesk.incidents.domain import roles, timeline
from crisisdesk.incidents.domain.messages import render
from crisisdesk.incidents.domain.sentences import sentence
from crisisdesk.incidents.domain.watch_changes import tell_changes
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.factories.rota import make_shift

pytestmark = pytest.mark.django_db
EIGHT = NOON + timedelta(hours=4)  # 20:00 in Dubai
MINUTE = timedelta(minutes=1)


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """Staff by day, the deputy by night."""
    make_shift(desk.brand, desk.staff, 8, 20)
    make_shift(desk.brand, desk.deputy, 20, 8)
    return desk


def told() -> list[int]:
    found = Notification.objects.filter(kind="watch_changed", transport="inbox")
    return sorted(found.values_list("recipient", flat=True))


def sweeps(*moments: datetime) -> list[int]:
    return [tell_changes(at=moment) for moment in moments]


def test_both_hear_of_it_once_with_the_way_to_the_hand_over(
    watched: Desk, incident: Incident
) -> None:
    assert sweeps(EIGHT - MINUTE, EIGHT, EIGHT, EIGHT + 30 * MINUTE) == [0, 1, 0, 0]
    assert told() == sorted([watched.staff.pk, watched.deputy.pk])
    event = TimelineEvent.objects.get(kind="watch_changed")
    assert (event.occurred_at, event.actor) == (EIGHT, None)
    assert sentence(event.kind, event.data) == "The watch passes from Staff to Deputy"
    note = Notification.objects.filter(kind="watch_changed")[0]
    shown = render(
        kind=note.kind, data=note.data, topic_id=note.topic_id, language="en", zone="UTC"
    )
    assert shown.path == f"/incidents/{incident.reference}/handover/"
    assert timeline.verify(incident) == []
    morning = EIGHT + timedelta(hours=12)
    assert sweeps(morning) == [1] and len(told()) == 4


def test_only_the_last_change_and_only_for_who_was_open_before_it(watched: Desk) -> None:
    make_incident(watched, at=EIGHT + MINUTE, seen="Later")
    assert sweeps(EIGHT + 5 * MINUTE) == [0]
    early = make_incident(watched, at=NOON, seen="Early")
    assert sweeps(EIGHT + timedelta(days=1, minutes=5)) == [2]
    assert early.events.filter(kind="watch_changed").count() == 1
    Incident.objects.update(status="closed")
    assert sweeps(EIGHT + timedelta(days=2)) == [0]


def test_a_restricted_room_only_between_two_who_both_see_it(
    watched: Desk, incident: Incident
) -> None:
    lead = watched.actor("lead")
    roles.restrict(incident_id=incident.pk, restricted=True, actor=lead, at=NOON)
    roles.grant_access(incident_id=incident.pk, user=watched.staff, actor=lead, at=NOON)
    assert sweeps(EIGHT) == [0] and told() == []
    roles.grant_access(incident_id=incident.pk, user=watched.deputy, actor=lead, at=NOON)
    assert sweeps(EIGHT + MINUTE) == [1]
    assert told() == sorted([watched.staff.pk, watched.deputy.pk])


def test_nobody_takes_over(desk: Desk, incident: Incident) -> None:
    make_shift(desk.brand, desk.staff, 8, 20)
    assert sweeps(EIGHT) == [1]
    event = TimelineEvent.objects.get(kind="watch_changed")
    assert sentence(event.kind, event.data) == "Nobody takes over the watch of Staff"
    assert sweeps(EIGHT + timedelta(hours=12)) == [1]
    event = TimelineEvent.objects.filter(kind="watch_changed").order_by("-number")[0]
    assert sentence(event.kind, event.data) == "On watch from now on: Staff"
