"""News that waits: for the end of quiet hours, in a digest, or not at all because a colleague was told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from crisisdesk.notifications.domain.delivery import deliver_all
from crisisdesk.notifications.domain.leasing import lease, reclaim
from crisisdesk.notifications.domain.quiet_hours import set_quiet_hours
from crisisdesk.notifications.models import Delivery, Notification, QuietHours, StandIn
from crisisdesk.notifications.queries.outbox import figures
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from tests.factories.notifications import News, make_address, message, tell
from tests.factories.organisation import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
# NOON is 16:00 in Dubai, a Wednesday.
MORNING = NOON + timedelta(hours=15)


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def states(**which: Any) -> Counter[str]:
    """How many mails stand where."""
    rows = Notification.objects.filter(transport="email", **which).exclude(topic="digest")
    return Counter(rows.values_list("state", flat=True))


@pytest.fixture
def quiet(sara: User) -> None:
    """Sara's night begins at 15:00 on Wednesdays and ends at 07:00."""
    QuietHours.objects.create(user=sara, weekday=3, begins=15 * 60, ends=7 * 60)


def test_news_waits_for_the_end_of_quiet_hours_and_the_log_says_so(sara: User, quiet: None) -> None:
    tell([message(sara)])
    assert Notification.objects.get(transport="inbox").state == "sent"
    assert not deliver_all(clock=at(NOON)).leased
    row = Notification.objects.get(transport="email")
    assert (row.state, row.next_attempt_at, row.held, row.attempts) == (
        "pending", MORNING, "quiet", 0,
    )  # fmt: skip
    said = Delivery.objects.get()
    assert (said.outcome, said.answer) == ("held", f"quiet:{MORNING.isoformat()}")
    assert (figures(NOON)[0].waiting, figures(NOON)[0].oldest) == (0, None)
    assert deliver_all(clock=at(MORNING)).outcomes == {"sent": 1}
    row.refresh_from_db()
    assert (row.state, row.held, row.attempts) == ("sent", "", 1)


def test_only_what_is_grave_breaks_through(sara: User, nadia: User, quiet: None) -> None:
    tell([message(sara, 1, urgent=True), message(sara, 2, grave=True), message(nadia, 3)])
    assert deliver_all(clock=at(NOON)).outcomes == {"sent": 2}
    assert states(recipient=sara, urgent=True) == {"pending": 1}
    assert states(recipient=sara, grave=True) == {"sent": 1}


def test_urgent_news_of_a_night_comes_as_three_and_a_digest(sara: User, quiet: None) -> None:
    tell([message(sara, number, urgent=True) for number in range(8)])
    assert not deliver_all(clock=at(NOON)).leased
    assert deliver_all(clock=at(MORNING)).outcomes == {"sent": 3}
    assert states() == {"sent": 3, "bundled": 5}
    assert deliver_all(clock=at(MORNING + MINUTE)).outcomes == {"sent": 1}
    assert states() == {"sent": 8}
    tell([message(sara, number, urgent=True) for number in range(8, 13)])  # by day each by itself
    assert deliver_all(clock=at(MORNING + 2 * MINUTE)).outcomes == {"sent": 5}


def test_urgent_news_comes_first_after_a_night_and_workers_count_together(
    sara: User, quiet: None
) -> None:
    tell([message(sara, number) for number in range(3)])
    tell([message(sara, number, urgent=True) for number in range(3, 9)])
    assert not deliver_all(clock=at(NOON)).leased
    assert [row.urgent for row in lease(at=MORNING, size=4)] == [True] * 3
    assert lease(at=MORNING, size=4) == []  # another worker; three are on their way already
    assert states() == {"sending": 3, "bundled": 6}


def test_grave_news_in_a_digest_breaks_through_with_it(sara: User, quiet: None) -> None:
    tell([message(sara, number, grave=True) for number in range(5)])
    assert deliver_all(clock=at(NOON)).outcomes == {"sent": 3}
    assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"sent": 1}
    assert states() == {"sent": 5}


def test_grave_news_never_joins_a_digest_that_waits_for_the_morning(sara: User) -> None:
    tell([message(sara, number) for number in range(5)])
    deliver_all(clock=at(NOON))
    QuietHours.objects.create(user=sara, weekday=3, begins=16 * 60, ends=7 * 60)
    assert not deliver_all(clock=at(NOON + MINUTE)).leased
    assert Notification.objects.get(topic="digest").held == "quiet"
    later = NOON + 2 * MINUTE
    tell([message(sara, number, grave=True) for number in range(10, 15)], at=later)
    assert deliver_all(clock=at(later)).outcomes == {"sent": 3}
    assert deliver_all(clock=at(later + MINUTE)).outcomes == {"sent": 1}
    assert states(grave=True) == {"sent": 5}
    assert states(grave=False) == {"sent": 3, "bundled": 2}
    assert deliver_all(clock=at(MORNING)).outcomes == {"sent": 1}
    assert deliver_all(clock=at(MORNING + MINUTE)).outcomes == {}


def test_a_digest_made_before_the_quiet_is_as_grave_as_what_joins_it(sara: User) -> None:
    tell([message(sara, number) for number in range(5)])
    deliver_all(clock=at(NOON))
    QuietHours.objects.create(user=sara, weekday=3, begins=16 * 60, ends=7 * 60)
    tell([message(sara, 9, grave=True)], at=NOON + MINUTE / 2)
    deliver_all(clock=at(NOON + MINUTE / 2))
    assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"sent": 1}
    assert states() == {"sent": 6}


def test_news_behind_what_waits_is_reached_in_one_run(sara: User, nadia: User, quiet: None) -> None:
    tell([*(message(sara, number) for number in range(5)), message(nadia, 9)])
    assert [row.recipient_id for row in lease(at=NOON, size=2)] == [nadia.pk]
    assert states(recipient=sara) == {"pending": 5}


def test_changed_quiet_hours_let_go_at_once(sara: User, quiet: None) -> None:
    tell([message(sara)])
    deliver_all(clock=at(NOON))
    set_quiet_hours([Span(1, 0, 60)], actor=Actor(sara), at=NOON + MINUTE)
    assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"sent": 1}


def test_a_program_is_neither_disturbed_nor_told_in_digests(sara: User, quiet: None) -> None:
    make_address(sara, "webhook", "https://example.org/")
    tell([message(sara, number) for number in range(6)])
    assert len(lease(at=NOON, transport="webhook")) == 6


def test_more_than_three_within_a_minute_are_three_and_a_digest(sara: User, news: News) -> None:
    tell([message(sara, number) for number in range(8)])
    assert deliver_all(clock=at(NOON)).outcomes == {"sent": 3}
    assert states() == {"sent": 3, "bundled": 5}
    tell([message(sara, 8)], at=NOON + MINUTE / 2)
    tell([message(sara, 9, urgent=True)], at=NOON + MINUTE / 2)
    assert deliver_all(clock=at(NOON + MINUTE / 2)).outcomes == {"sent": 1}
    news.refused.add((sara.pk, 8))
    Notification.objects.filter(dedupe_key="news:7:7").update(topic_id=8)
    assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"sent": 1, "withheld": 1}
    assert states() == {"sent": 9, "withheld": 1}
    digest = Notification.objects.get(topic="digest")
    assert (digest.state, digest.bundled.count()) == ("sent", 6)
    assert set(digest.bundled.filter(state="sent").values_list("sent_at")) == {(NOON + MINUTE,)}
    held = Delivery.objects.filter(outcome="held")
    assert set(held.values_list("answer", flat=True)) == {f"digest:{digest.pk}"}
    assert len(mail.outbox) == 5
    letter = mail.outbox[-1]
    assert letter.subject == "5 more pieces of news"
    assert [number for number in range(10) if f"statement due {number}" in str(letter.body)] == [
        3, 4, 5, 6, 8,
    ]  # fmt: skip
    tell([message(sara, 10)], at=NOON + 3 * MINUTE)
    assert deliver_all(clock=at(NOON + 3 * MINUTE)).outcomes == {"sent": 1}


def test_each_way_and_each_person_has_a_minute_of_their_own(sara: User, nadia: User) -> None:
    make_address(sara, "slack", "U1")
    make_address(sara, "slack", "U2")
    tell([message(person, number) for person in (sara, nadia) for number in range(3)])
    assert len(lease(at=NOON)) == 6
    assert len(lease(at=NOON, transport="slack")) == 6
    assert not Notification.objects.filter(topic="digest").exists()


def test_a_digest_that_is_refused_is_tried_again_as_it_was(
    sara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell([message(sara, number) for number in range(5)])
    deliver_all(clock=at(NOON))

    def away(*args: Any, **kwargs: Any) -> None:
        raise OSError("gone")

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"retry": 1}
    assert states() == {"sent": 3, "bundled": 2}
    tell([message(sara, number) for number in range(5, 9)], at=NOON + MINUTE)
    later = NOON + MINUTE + timedelta(seconds=10)
    deliver_all(clock=at(later))
    first = Notification.objects.filter(topic="digest").earliest("pk")
    assert (first.state, first.bundled.count()) == ("sent", 2)
    deliver_all(clock=at(later + 2 * MINUTE))
    assert states() == {"sent": 9}


def test_a_digest_given_up_gives_up_what_is_in_it(sara: User) -> None:
    tell([message(sara, number) for number in range(5)])
    deliver_all(clock=at(NOON))
    (digest,) = lease(at=NOON + MINUTE)
    Notification.objects.filter(pk=digest.pk).update(attempts=99)
    reclaim(at=NOON + 5 * MINUTE)
    assert states() == {"sent": 3, "failed": 2}


def test_what_cannot_be_written_goes_out_by_itself(sara: User, news: News) -> None:
    tell([*(message(sara, number) for number in range(4)), message(sara, 9, topic_id=8)])
    deliver_all(clock=at(NOON))
    news.broken.add(8)
    assert deliver_all(clock=at(NOON + MINUTE)).outcomes == {"sent": 1, "retry": 1}
    assert states() == {"sent": 4, "pending": 1}
    news.broken.clear()
    deliver_all(clock=at(NOON + 2 * MINUTE))
    assert states() == {"sent": 5}


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_send_three_and_one_digest(sara: User, nadia: User) -> None:
    tell([message(person, number) for person in (sara, nadia) for number in range(20)])

    def work(turn: int) -> int:
        try:
            return len(lease(at=NOON, size=5))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        taken = sum(threads.map(work, range(24)))
    assert taken == 6
    assert states() == {"sending": 6, "bundled": 34}
    assert Notification.objects.filter(topic="digest").count() == 2


def silent(person: User, other: User, **fields: Any) -> None:
    """`person` is away and silent; `other` is told."""
    values = {"from_at": NOON, "until_at": NOON + timedelta(days=1), "created_at": NOON} | fields
    StandIn.objects.create(person=person, stand_in=other, silent=True, **values)


def test_whoever_is_silent_is_told_in_the_inbox_and_the_stand_in_by_mail(
    sara: User, nadia: User
) -> None:
    silent(sara, nadia)
    tell([message(sara, 1, urgent=True), message(sara, 2, kind="published")])
    assert deliver_all(clock=at(NOON)).outcomes == {"sent": 1, "withheld": 2}
    said = Delivery.objects.filter(outcome="withheld", notification__recipient=sara)
    assert {row.answer for row in said} == {f"stand_in:{nadia.pk}"}
    assert states(recipient=nadia) == {"sent": 1}
    assert Notification.objects.filter(recipient=sara, transport="inbox").count() == 2


def test_silence_never_loses_what_the_stand_in_does_not_know(
    sara: User, nadia: User, news: News
) -> None:
    tell([message(sara, 1, urgent=True)])
    silent(sara, nadia)
    news.refused.add((nadia.pk, 8))
    tell([message(sara, 2, urgent=True, topic_id=8)])
    assert deliver_all(clock=at(NOON)).outcomes == {"sent": 2, "withheld": 1}
    assert states(recipient=sara) == {"sent": 2}
    assert states(recipient=nadia) == {"withheld": 1}
