"""What waits is sent once, tried again when refused, withheld when it may no longer be seen."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest
from aiosmtpd.smtp import Envelope
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from crisisdesk.core import clock
from crisisdesk.notifications.domain import delivery, holding, leasing, settling
from crisisdesk.notifications.domain.holding import Hold
from crisisdesk.notifications.enums import Outcome, State
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.rules import retries
from crisisdesk.notifications.transports import email
from crisisdesk.notifications.transports.carrying import Parcel
from crisisdesk.organisation.models import User
from tests.factories.notifications import News, message, tell
from tests.factories.organisation import NOON, make_user
from tests.peers import Mailbox

LATER = NOON + timedelta(hours=1)


def deliver(at: datetime = NOON) -> settling.Tally:
    """Deliver all that is due at this time."""
    return delivery.deliver_all(clock=lambda: at)


def mail_rows() -> list[Notification]:
    """The e-mail rows in order."""
    return list(Notification.objects.filter(transport="email").order_by("pk"))


def outcomes() -> list[str]:
    """How the attempts ended, in order."""
    return list(Delivery.objects.order_by("pk").values_list("outcome", flat=True))


def test_mail_is_sent_once_and_logged(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara)])
    assert deliver().outcomes == {"sent": 1}
    assert deliver().leased == 0
    (row,) = mail_rows()
    assert (row.state, row.sent_at, row.lease_until, row.attempts) == ("sent", NOON, None, 1)
    (letter,) = smtp_mail.wait(1)
    (log,) = Delivery.objects.all()
    assert (log.outcome, log.at, log.message_id) == ("sent", NOON, letter["Message-ID"])


def test_what_is_not_due_waits(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara)], at=LATER)
    assert deliver(NOON).leased == 0
    assert smtp_mail.messages == []


def test_urgent_news_goes_first(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara, 1), message(sara, 2)])
    tell([message(sara, 3, urgent=True)], at=NOON)
    deliver()
    letters = smtp_mail.wait(3)
    assert str(letters[0]["Subject"]).endswith(" 3")
    assert letters[0]["Importance"] == "high"
    assert letters[1]["Importance"] is None


@pytest.mark.django_db(transaction=True)
def test_eight_threads_deliver_each_row_once(smtp_mail: Mailbox) -> None:
    people = [make_user(f"p{number}") for number in range(8)]
    tell([message(person, number, urgent=True) for person in people for number in range(15)])

    def one(_: int) -> int:
        sent = 0
        try:
            while batch := delivery.deliver_batch(clock=clock.now, size=7):
                if not batch.leased:
                    return sent
                sent += batch.outcomes["sent"]
        finally:
            connection.close()
        return sent

    with ThreadPoolExecutor(8) as threads:
        sent = sum(threads.map(one, range(8)))
    letters = smtp_mail.wait(120)
    assert sent == len(letters) == len({letter["Message-ID"] for letter in letters}) == 120
    assert outcomes() == ["sent"] * 120


def test_refused_mail_is_tried_at_once_again_then_more_seldom_and_then_failed(
    sara: User, smtp_mail: Mailbox
) -> None:
    answer = "451 4.3.0 try later"
    smtp_mail.refuse = lambda envelope: answer
    tell([message(sara)])
    at = NOON
    pauses = []
    for _ in range(retries.MOST_ATTEMPTS - 1):
        assert deliver(at).outcomes == {"retry": 1}
        (row,) = mail_rows()
        assert (row.state, row.sent_at, row.lease_until) == ("pending", None, None)
        assert row.next_attempt_at is not None
        assert deliver(row.next_attempt_at - timedelta(seconds=1)).leased == 0
        pauses.append(row.next_attempt_at - at)
        at = row.next_attempt_at
    assert deliver(at).outcomes == {"failed": 1}
    (row,) = mail_rows()
    assert (row.state, row.next_attempt_at, row.attempts) == ("failed", None, retries.MOST_ATTEMPTS)
    assert deliver(at + timedelta(days=1)).leased == 0
    assert pauses == sorted(pauses)
    assert outcomes() == ["retry"] * (retries.MOST_ATTEMPTS - 1) + ["failed"]
    assert set(Delivery.objects.values_list("answer", flat=True)) == {answer}
    assert smtp_mail.messages == []


def test_a_final_refusal_is_given_up_at_once_with_the_servers_answer(
    sara: User, nadia: User, smtp_mail: Mailbox
) -> None:
    """5xx for one person's mail; the other one's is taken on the same connection."""

    def refuse(envelope: Envelope) -> str | None:
        return "550 5.1.1 no such person" if sara.email in envelope.rcpt_tos else None

    smtp_mail.refuse = refuse
    tell([message(sara), message(nadia)])
    assert deliver().outcomes == {"failed": 1, "sent": 1}
    (row,) = Notification.objects.filter(state="failed")
    assert (row.recipient_id, row.attempts, row.next_attempt_at) == (sara.pk, 1, None)
    assert Delivery.objects.get(outcome="failed").answer == "550 5.1.1 no such person"
    assert Delivery.objects.get(outcome="sent").answer == "250 OK"
    assert deliver(LATER).leased == 0


@pytest.mark.parametrize(
    ("verb", "answer", "outcome"),
    [
        ("RCPT", "550 5.1.1 no such person", "failed"),
        ("RCPT", "450 4.2.1 busy", "retry"),
        ("MAIL", "550 5.7.1 not from you", "retry"),
    ],
)
def test_whose_fault_a_refusal_is(
    sara: User, smtp_mail: Mailbox, verb: str, answer: str, outcome: str
) -> None:
    """What the server has against our sender is tried again: no message is to blame for it."""

    async def refuse(*_args: Any) -> str:
        return answer

    setattr(smtp_mail, f"handle_{verb}", refuse)
    tell([message(sara)])
    assert deliver().outcomes == {outcome: 1}
    assert Delivery.objects.get().answer == answer


def test_refused_mail_does_not_stop_those_behind_it(
    sara: User, nadia: User, smtp_mail: Mailbox
) -> None:
    def refuse(envelope: Envelope) -> str | None:
        return "451 not now" if sara.email in envelope.rcpt_tos else None

    smtp_mail.refuse = refuse
    tell([message(sara), message(nadia)])
    assert deliver().outcomes == {"retry": 1, "sent": 1}
    smtp_mail.refuse = lambda envelope: None
    assert deliver(LATER).outcomes == {"sent": 1}
    assert len(smtp_mail.to(sara.email)) == len(smtp_mail.to(nadia.email)) == 1


def test_closed_connection_costs_one_attempt_and_is_opened_again(
    sara: User, nadia: User, smtp_mail: Mailbox
) -> None:
    def hang_up(envelope: Envelope) -> str | None:
        return "421 closing" if sara.email in envelope.rcpt_tos else None

    smtp_mail.refuse = hang_up
    tell([message(sara), message(nadia)])
    assert deliver().outcomes == {"retry": 1, "sent": 1}
    assert Delivery.objects.get(outcome="retry").answer == "421 closing"


def test_server_that_is_away_costs_no_attempt(
    sara: User, nadia: User, smtp_mail: Mailbox, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    tell([message(sara), message(nadia)])
    at = NOON
    for _ in range(10):
        tally = deliver(at)
        assert list(tally.unreachable) == ["email"]
        assert {(row.state, row.attempts) for row in mail_rows()} == {("pending", 0)}
        at += retries.UNREACHABLE_PAUSE
    assert Delivery.objects.count() == 0
    settings.EMAIL_PORT = port
    assert deliver(at).outcomes == {"sent": 2}


def test_row_that_cannot_be_written_is_logged_and_the_rest_is_sent(
    sara: User, smtp_mail: Mailbox, news: News
) -> None:
    news.broken = {8}
    tell([message(sara, 1, topic_id=8), message(sara, 2), message(sara, 3, topic="unknown")])
    assert deliver().outcomes == {"retry": 2, "sent": 1}
    answers = Delivery.objects.filter(outcome="retry").values_list("answer", flat=True)
    assert {answer.split(":")[0] for answer in answers} == {"KeyError", "UnknownTopic"}


@pytest.mark.parametrize("one_by_one", [False, True])
def test_mail_that_may_no_longer_be_seen_is_withheld(
    sara: User, nadia: User, smtp_mail: Mailbox, news: News, one_by_one: bool
) -> None:
    news.register(one_by_one=one_by_one)
    tell([message(sara), message(nadia)])
    news.refused = {(sara.pk, 7)}
    assert deliver().outcomes == {"withheld": 1, "sent": 1}
    states = {row.recipient_id: (row.state, row.sent_at) for row in mail_rows()}
    assert states == {sara.pk: ("withheld", None), nadia.pk: ("sent", NOON)}
    news.refused = set()
    assert deliver(LATER).leased == 0
    assert smtp_mail.to(sara.email) == []


def test_person_who_left_is_told_nothing(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara)])
    User.objects.filter(pk=sara.pk).update(is_active=False)
    assert deliver().outcomes == {"withheld": 1}
    assert smtp_mail.messages == []


def test_drill_is_not_mailed_even_if_a_row_says_so(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara)])
    Notification.objects.update(is_drill=True)
    assert deliver().outcomes == {"withheld": 1}
    assert smtp_mail.messages == []


def test_rows_of_a_dead_worker_come_back_when_their_lease_ends(
    sara: User, smtp_mail: Mailbox
) -> None:
    tell([message(sara, number) for number in range(3)])
    assert len(leasing.lease(at=NOON)) == 3
    assert deliver().leased == 0
    assert leasing.reclaim(at=NOON + holding.LEASE) == 0
    over = NOON + holding.LEASE + timedelta(seconds=1)
    assert leasing.reclaim(at=over) == 3
    assert outcomes() == ["lost"] * 3
    assert deliver(over).outcomes == {"sent": 3}


def test_row_that_kills_every_worker_is_given_up(sara: User) -> None:
    tell([message(sara)])
    at = NOON
    for _ in range(retries.MOST_ATTEMPTS):
        assert len(leasing.lease(at=at)) == 1
        at += holding.LEASE + timedelta(seconds=1)
        assert leasing.reclaim(at=at) == 1
    (row,) = mail_rows()
    assert (row.state, row.lease_until) == ("failed", None)
    assert leasing.lease(at=at) == []


def test_slow_worker_holds_its_rows_and_sends_each_once(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara, number, urgent=True) for number in range(4)])
    hours = iter(NOON + timedelta(seconds=5) * number for number in range(1000))
    rivals: list[int] = []
    send = email.Mailer.send

    def slowly(mailer: email.Mailer, parcel: Parcel) -> str:
        at = next(hours)
        rivals.append(leasing.reclaim(at=at) + len(leasing.lease(at=at)))
        return send(mailer, parcel)

    with patch.object(email.Mailer, "send", slowly):
        tally = delivery.deliver_all(clock=lambda: next(hours))
    assert tally.outcomes == {"sent": 4}
    assert rivals == [0, 0, 0, 0]
    assert len(smtp_mail.messages) == 4


def test_worker_that_lost_its_rows_stops_sending_them(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara, number) for number in range(3)])
    mine = leasing.lease(at=NOON)
    late = NOON + holding.LEASE + timedelta(seconds=1)
    leasing.reclaim(at=late)
    assert len(leasing.lease(at=late)) == 3
    assert list(Hold(mine, clock=lambda: late).in_turn()) == []


@pytest.mark.django_db(transaction=True)
def test_rows_stay_ours_while_the_server_takes_its_time_over_one(
    smtp_mail: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "PULSE", timedelta(seconds=0.1))
    monkeypatch.setattr(holding, "LEASE", timedelta(seconds=0.5))
    monkeypatch.setattr(holding, "SPARE", timedelta(seconds=0.4))
    monkeypatch.setattr(leasing, "LEASE", timedelta(seconds=0.5))
    smtp_mail.refuse = lambda envelope: time.sleep(1.5)  # type: ignore[func-returns-value]
    tell([message(make_user("sara"))])
    stolen: list[int] = []

    def rival() -> None:
        for _ in range(10):
            time.sleep(0.12)
            stolen.append(leasing.reclaim(at=clock.now()))
        connection.close()

    thief = Thread(target=rival)
    thief.start()
    assert delivery.deliver_all(clock=clock.now).outcomes == {"sent": 1}
    thief.join()
    assert sum(stolen) == 0
    assert outcomes() == ["sent"]


def test_a_result_that_cannot_be_written_yet_is_kept_until_it_can(
    sara: User, smtp_mail: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell([message(sara)])
    (row,) = leasing.lease(at=NOON)
    asked: list[str] = []

    class Away:
        in_atomic_block = False

        def cursor(self) -> Any:
            asked.append("cursor")
            if len(asked) == 1:
                raise OperationalError("the database system is shutting down")
            return connection.cursor()

        def close(self) -> None:
            """Keep the test's own connection."""

    monkeypatch.setattr(settling, "connection", Away())
    settling._settle(row, State.SENT, Outcome.SENT, at=NOON)
    assert len(asked) == 2
    assert [row.state for row in mail_rows()] == ["sent"]


def test_a_lease_that_ran_out_while_the_database_was_away_is_left_a_moment(sara: User) -> None:
    tell([message(sara, 1), message(sara, 2)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        began = cursor.fetchone()[0]
    rows = leasing.lease(at=NOON)
    Notification.objects.filter(pk=rows[0].pk).update(lease_until=began - timedelta(seconds=5))
    Notification.objects.filter(pk=rows[1].pk).update(lease_until=began - timedelta(minutes=5))
    assert leasing.reclaim(at=began + timedelta(seconds=1)) == 1
    assert leasing.reclaim(at=began + timedelta(seconds=11)) == 1


def test_mail_sent_after_the_lease_was_lost_is_not_sent_again(
    sara: User, smtp_mail: Mailbox
) -> None:
    tell([message(sara)])
    late = NOON + holding.LEASE + timedelta(seconds=1)
    send = email.Mailer.send

    def very_slowly(mailer: email.Mailer, parcel: Parcel) -> str:
        answer = send(mailer, parcel)
        leasing.reclaim(at=late)
        return answer

    with patch.object(email.Mailer, "send", very_slowly):
        delivery.deliver_batch(clock=lambda: NOON)
    assert deliver(late).leased == 0
    assert [row.state for row in mail_rows()] == ["sent"]


def test_queries_of_a_batch_grow_by_one_a_mail(sara: User, smtp_mail: Mailbox, news: News) -> None:
    def cost(count: int, first: int) -> int:
        tell(
            [message(sara, first + number, topic_id=number, urgent=True) for number in range(count)]
        )
        with CaptureQueriesContext(connection) as queries:
            delivery.deliver_batch(clock=lambda: NOON)
        return len(queries) - count

    assert cost(1, 0) == cost(30, 100)
    assert len(news.asked) == 2
