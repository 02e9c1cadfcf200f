"""The demo plays through the real commands and tells what the README and the pictures say it tells."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.models import AnnouncementPlan, Commitment, Deadline, Incident
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.management.commands.demo import load
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.channels import load_channels
from playbooks.domain.loading import load_shelf
from tests.factories.organisation import NOON


def test_the_demo_reads_as_if_it_had_just_happened(db: None) -> None:
    load_channels()
    load_shelf(settings.BASE_DIR / "fixtures", actor=SYSTEM, at=NOON)
    load(NOON)
    finished, alarm, live = Incident.objects.order_by("pk")
    assert (finished.status, alarm.status, live.status) == ("closed", "cancelled", "active")
    late = Deadline.objects.get(incident=live, key="pause-instagram-posts")
    assert (NOON - late.due_at).total_seconds() == 19 * 60
    assert late.state == "running"
    holding = Deadline.objects.get(incident=live, kind="holding")
    assert (holding.due_at - NOON).total_seconds() == 26 * 60
    told = Deadline.objects.get(incident=finished, kind="holding")
    assert (told.met_at - told.due_at).total_seconds() == 22 * 60
    kept = [
        row.kept_at is not None and row.kept_at <= row.due_at
        for row in Commitment.objects.filter(incident=finished)
    ]
    assert (kept.count(True), len(kept)) == (3, 4)
    assert [timeline.verify(each) for each in (finished, alarm, live)] == [[], [], []]
    plan = AnnouncementPlan.objects.get()
    assert timedelta(days=2) < plan.announce_at - NOON < timedelta(days=4)
    ready = readiness(board_of(plan), at=NOON)
    assert 0 < ready.percent < 100
    assert {gap.owner.full_name for gap in ready.gaps} >= {"Huda Al Mansoori", "Omar Haddad"}
    assert {row.language for row in plan.texts.all()} == {"en", "ar", "he"}
    assert plan.reminders.filter(state="pending", due_at__gt=NOON).exists()
