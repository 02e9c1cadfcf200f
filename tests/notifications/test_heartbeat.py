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
    for hand in (Hand.BEAT, Hand.WORKER, Hand.DELIVERY, Hand.AUDITOR):
        heartbeat.stamp(hand, at=at, detail="x" * 300)
    assert reading.late(at) == [reading.Silence("reminders", NOON)]
    last = dict(reading.beats().values_list("name", "at"))
    silent = (reading.Silence("reminders", NOON),)
    assert reading.banner_words(last, at) == reading.BannerWords(since=NOON, hands=silent)
    assert [pulse.is_late for pulse in reading.hands(at)] == [False, False, True, False, False]
    assert Heartbeat.objects.count() == 5


@pytest.mark.django_db
def test_a_silent_auditor_alone_does_not_say_that_reminders_stand() -> None:
    for hand in Hand.values:
        heartbeat.stamp(hand, at=NOON)
    at = NOON + timedelta(minutes=6)
    for hand in (Hand.BEAT, Hand.WORKER, Hand.DELIVERY, Hand.REMINDERS):
        heartbeat.stamp(hand, at=at)
    words = reading.banner_words(dict(reading.beats().values_list("name", "at")), at)
    assert words is not None
    assert (words.reminders_stand, words.since) == (False, None)
    assert words.hands == (reading.Silence("auditor", NOON),)


@pytest.mark.django_db
def test_every_worker_has_a_pulse_until_it_is_told_to_go_or_a_day_is_over() -> None:
    for name in ("desk@one", "desk@two", "desk@three"):
        heartbeat.stamp(reading.WORKERS + name, at=NOON)
    heartbeat.stamp(reading.WORKERS + "desk@two", at=NOON + timedelta(minutes=3))
    heartbeat.worker_left("desk@three")
    shown = reading.workers(NOON + timedelta(minutes=3))
    assert [(pulse.name, pulse.is_late) for pulse in shown] == [
        ("desk@one", True),
        ("desk@two", False),
    ]
    heartbeat.forget_workers(at=NOON + timedelta(days=1, minutes=1))
    assert [pulse.name for pulse in reading.workers(NOON)] == ["desk@two"]
    assert reading.late(NOON)[0].hand == "beat"  # a worker's own pulse is none of the hands


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
