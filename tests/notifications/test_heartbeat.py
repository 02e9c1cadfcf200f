"""A hand that stops is noticed within two minutes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from celery import Celery

from crisisdesk.core import clock
from crisisdesk.notifications import tasks
from crisisdesk.notifications.domain import heartbeat
from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.models import Heartbeat, Notification
from crisisdesk.notifications.queries import heartbeat as reading
from crisisdesk.organisation.models import User
from tests.factories.notifications import message, tell
from tests.factories.organisation import NOON


@pytest.mark.django_db
def test_desk_without_any_sign_of_life_is_late_in_every_hand() -> None:
    assert [silence.hand for silence in reading.late(NOON)] == list(Hand.values)
    words = reading.banner_words({}, NOON)
    assert words is not None
    assert words.since is None


@pytest.mark.django_db
def test_silence_of_two_minutes_is_late_and_a_stamp_ends_it() -> None:
    for hand in Hand.values:
        heartbeat.stamp(hand, at=NOON)
    assert reading.late(NOON + timedelta(seconds=120)) == []
    last = dict.fromkeys(Hand.values, NOON)
    assert reading.banner_words(last, NOON + timedelta(seconds=120)) is None
    at = NOON + timedelta(seconds=121)
    for hand in (Hand.BEAT, Hand.WORKER, Hand.DELIVERY):
        heartbeat.stamp(hand, at=at, detail="x" * 300)
    assert reading.late(at) == [reading.Silence("reminders", NOON)]
    last = dict(reading.beats().values_list("name", "at"))
    assert reading.banner_words(last, at) == reading.BannerWords(since=NOON, hands=("reminders",))
    assert reading.ages(at) == {"beat": 0, "worker": 0, "reminders": 121, "delivery": 0}
    assert Heartbeat.objects.count() == 4


def test_sweep_stamps_takes_back_and_sends(sara: User, mailoutbox: list[object]) -> None:
    tell([message(sara, 1), message(sara, 2)], at=NOON)
    Notification.objects.filter(transport="email", dedupe_key="news:7:1").update(
        state="sending", next_attempt_at=None, lease_until=NOON
    )
    tasks.sweep(unknown="argument of a newer desk")
    assert len(mailoutbox) == 2
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"worker", "delivery"}
    assert Heartbeat.objects.get(name="delivery").detail == "2 sent"


@pytest.mark.django_db(transaction=True)
def test_beat_shows_its_pulse_and_sends_every_sweep_at_start() -> None:
    sent: list[str] = []

    class Quiet(tasks.PulseScheduler):
        def apply_async(self, entry: Any, *args: Any, **kwargs: Any) -> None:
            sent.append(entry.task)

    app = Celery("quiet", set_as_current=False, broker="memory://")
    app.conf.beat_schedule = {
        "one": {"task": "notifications.sweep", "schedule": 30.0},
        "two": {"task": "core.sweep", "schedule": 3600.0},
    }
    scheduler = Quiet(app)
    before = clock.now()
    for _ in range(4):
        scheduler.tick()
    assert sorted(sent) == ["core.sweep", "notifications.sweep"]
    assert Heartbeat.objects.get(name="beat").at >= before
    assert scheduler.tick() <= 15
