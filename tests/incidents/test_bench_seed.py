"""The seed for measuring makes desks whose histories hold."""

from __future__ import annotations

from django.core.management import call_command

from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.models import Incident, Reminder
from tests.factories.incidents import Desk


def test_seeded_incidents_have_whole_chains_and_unique_references(desk: Desk) -> None:
    call_command("bench_seed", incidents=40, events=3, deadlines=2)
    rows = Incident.objects.all()
    assert rows.count() == 40
    assert [timeline.verify(row) for row in rows] == [[]] * 40
    assert {row.last_number for row in rows} == {3}
    assert Reminder.objects.count() == 2 * sum(row.is_open for row in rows)
