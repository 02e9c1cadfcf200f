"""The demo plays through the real commands and tells what the README and the pictures say it tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml
from django.conf import settings

from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    Commitment,
    Deadline,
    Incident,
    Reminder,
    TimelineEvent,
)
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.incidents.queries.receipts import alarms_of, who_knew
from crisisdesk.management.commands.demo import load
from crisisdesk.management.demo.people import make_organisation
from crisisdesk.notifications.models import Address, Notification, QuietHours, StandIn
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.channels import load_channels
from crisisdesk.organisation.models import User, WatchGap, WatchSwap
from playbooks.domain.loading import load_shelf
from tests.factories.organisation import NOON


@pytest.fixture
def loaded(db: None) -> None:
    """The shelf, and the demo as of noon."""
    load_channels()
    load_shelf(settings.BASE_DIR / "fixtures", actor=SYSTEM, at=NOON)
    load(NOON)


def test_the_demo_reads_as_if_it_had_just_happened(loaded: None) -> None:
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


def test_a_promise_that_nobody_keeps_has_rung_up_every_step(loaded: None) -> None:
    promise = Deadline.objects.get(incident__status="active", kind="commitment")
    assert (promise.state, (NOON - promise.due_at).total_seconds()) == ("running", 14 * 60)
    rung = TimelineEvent.objects.filter(kind="escalated", data__deadline=promise.pk)
    assert [event.data["who"] for event in rung.order_by("number")] == [
        "lead",
        "deputy",
        "executive",
    ]
    lead = User.objects.get(email="lead@demo.test")
    knew = who_knew(promise.incident, alarms_of(promise), reader=lead)
    told = {line.person.email.partition("@")[0] for alarm in knew for line in alarm.receipts}
    assert told == {"lead", "deputy", "approver", "executive"}
    assert Reminder.objects.filter(deadline=promise, state="pending").exists()


def test_the_rota_has_one_gap_ahead_and_one_swap_asked(loaded: None) -> None:
    gap, swap = WatchGap.objects.get(filled_at=None), WatchSwap.objects.get()
    assert NOON + timedelta(days=1) < gap.starts_at < NOON + timedelta(days=9)
    assert gap.ends_at - gap.starts_at == timedelta(hours=8)
    assert (swap.state, swap.starts_at > NOON) == ("asked", True)


@pytest.mark.parametrize("days", range(7))
def test_on_whichever_day_it_is_loaded_there_is_one_gap(db: None, days: int) -> None:
    load_channels()
    at = NOON + timedelta(days=days, hours=9)
    told = yaml.safe_load((settings.BASE_DIR / "fixtures/demo/desk.yaml").read_text("utf-8"))
    make_organisation(told, at=at)
    assert WatchGap.objects.filter(filled_at=None).count() == 1


def test_people_have_chosen_when_and_where_they_are_told(loaded: None) -> None:
    agreed, hook = StandIn.objects.get(), Address.objects.get()
    assert NOON < agreed.from_at < agreed.until_at
    assert QuietHours.objects.filter(user=agreed.person).count() == 7
    assert (hook.transport, hook.verified_at) == ("webhook", None)
    assert not Notification.objects.filter(transport="webhook").exists()
