"""Every transport is delivered as mail is, and none holds up another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.notifications.domain import delivery, leasing, settling
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.queries import outbox
from crisisdesk.notifications.rules import retries
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Parcel, Refused, Unreachable
from crisisdesk.organisation.models import User
from tests.factories.notifications import FakeCarrier, make_address, message, tell
from tests.factories.organisation import NOON
from tests.peers import Mailbox


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> FakeCarrier:
    """Slack as the tests have it."""
    made = FakeCarrier()
    monkeypatch.setitem(CARRIERS, Transport.SLACK, made)
    return made


def deliver(at=NOON) -> settling.Tally:
    """Deliver all that is due at this time."""
    return delivery.deliver_all(clock=lambda: at)


def slack_rows() -> list[Notification]:
    """The rows for Slack in order."""
    return list(Notification.objects.filter(transport="slack").order_by("pk"))


def refuse(error: Exception):
    """Answer every parcel with this."""

    def answer(parcel: Parcel) -> str:
        raise error

    return answer


def test_a_parcel_says_all_and_the_answer_is_kept(
    nadia: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    place = make_address(nadia, "slack")
    slack.answer = lambda parcel: "ok\0" + "x" * 3000
    tell([message(nadia, 12, urgent=True)])
    later = NOON + timedelta(minutes=1)
    assert deliver(later).outcomes == {"sent": 2}
    (parcel,) = slack.parcels
    (row,) = slack_rows()
    assert (parcel.key, parcel.address, parcel.person) == (f"n-{row.pk}", place, nadia)
    assert (parcel.language, parcel.direction, parcel.number) == ("ar", "rtl", 12)
    assert (parcel.kind, parcel.topic, parcel.topic_id) == ("reminder_due", "news", 7)
    assert (parcel.created_at, parcel.at, parcel.attempt) == (NOON, later, 1)
    assert (parcel.urgent, parcel.is_test) == (True, False)
    assert parcel.rendered.subject.endswith(" 12")
    assert row.state == "sent"
    log = Delivery.objects.get(notification=row)
    assert (log.outcome, log.answer[:3], len(log.answer)) == ("sent", "okx", 1999)


def test_a_key_stays_the_same_at_every_attempt(sara: User, slack: FakeCarrier) -> None:
    make_address(sara, "slack")
    tell([message(sara)])
    keys = []

    def busy(parcel: Parcel) -> str:
        keys.append((parcel.key, parcel.attempt))
        raise Refused("busy")

    slack.answer = busy
    for number in range(3):
        deliver(NOON + timedelta(minutes=number))
    (row,) = slack_rows()
    assert keys == [(f"n-{row.pk}", attempt) for attempt in (1, 2, 3)]


def test_a_transport_that_is_away_holds_up_no_other_and_costs_no_attempt(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    make_address(sara, "slack")
    slack.answer = refuse(Unreachable("no route"))
    tell([message(sara, number) for number in range(3)])
    tally = deliver()
    assert (tally.outcomes, tally.unreachable) == ({"sent": 3}, {"slack": "no route"})
    assert "slack: no route" in str(tally)
    assert {(row.state, row.attempts) for row in slack_rows()} == {("pending", 0)}
    assert len(smtp_mail.wait(3)) == 3
    slack.answer = lambda parcel: "ok"
    assert deliver().leased == 0
    assert deliver(NOON + retries.UNREACHABLE_PAUSE).outcomes == {"sent": 3}


def test_mail_that_is_away_holds_up_no_other(sara: User, slack: FakeCarrier, settings) -> None:
    settings.EMAIL_BACKEND = "crisisdesk.notifications.transports.smtp_mail.AnsweringBackend"
    settings.EMAIL_PORT = 1
    make_address(sara, "slack")
    tell([message(sara)])
    tally = deliver()
    assert (tally.outcomes, list(tally.unreachable)) == ({"sent": 1}, ["email"])


def test_a_slow_transport_gives_way_after_its_turn(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_address(sara, "slack")
    tell([message(sara, number) for number in range(3)])
    order: list[str] = []

    def note(name: str) -> str:
        order.append(name)
        return name

    slack.answer = lambda parcel: note("slack")
    smtp_mail.refuse = lambda envelope: None if note("email") else ""
    monkeypatch.setattr(delivery, "TURN", -1.0)
    assert deliver().outcomes == {"sent": 6}
    assert order == ["email", "slack"] * 3
    assert {row.attempts for row in slack_rows()} == {1}


def test_a_final_refusal_is_given_up_at_once(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    make_address(sara, "slack")
    slack.answer = refuse(Refused("403 not in this room", again=False))
    tell([message(sara)])
    assert deliver().outcomes == {"sent": 1, "failed": 1}
    (row,) = slack_rows()
    assert (row.state, row.attempts, row.next_attempt_at) == ("failed", 1, None)
    assert Delivery.objects.get(notification=row).answer == "403 not in this room"
    assert Address.objects.get().off_at is None


def test_the_other_side_may_ask_us_to_wait(sara: User, slack: FakeCarrier) -> None:
    make_address(sara, "slack")
    tell([message(sara)])
    for asked, waited in (
        (timedelta(seconds=90), timedelta(seconds=90)),
        (timedelta(seconds=1), timedelta(seconds=10)),
        (timedelta(days=3), retries.LONGEST_WAIT),
    ):
        slack.answer = refuse(Refused("429", after=asked))
        (row,) = slack_rows()
        at = row.next_attempt_at
        deliver(at)
        assert slack_rows()[0].next_attempt_at == at + waited


def test_an_address_that_is_gone_is_switched_off_and_nothing_more_goes_there(
    sara: User, nadia: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    gone, other = make_address(sara, "slack"), make_address(nadia, "slack")

    def answer(parcel: Parcel) -> str:
        if parcel.address == gone:
            raise Refused("410 channel archived", gone=True)
        return "ok"

    slack.answer = answer
    tell([message(person, number) for number in range(2) for person in (sara, nadia)])
    assert deliver().outcomes == {"sent": 6, "failed": 1, "withheld": 1}
    gone.refresh_from_db()
    assert (gone.off_at, gone.off_reason) == (NOON, "410 channel archived")
    withheld = Delivery.objects.get(outcome="withheld")
    assert (withheld.notification.address_id, withheld.answer) == (gone.pk, "address_off")
    tell([message(sara, 9)])
    assert len(slack_rows()) == 4
    assert {parcel.address for parcel in slack.parcels} == {other}


def test_what_was_told_before_an_address_was_removed_is_withheld(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    make_address(sara, "slack")
    tell([message(sara)])
    Address.objects.update(removed_at=NOON)
    assert deliver().outcomes == {"sent": 1, "withheld": 1}
    assert slack.parcels == []


@pytest.mark.parametrize("transport", ["slack", "telegram"])
def test_a_transport_that_is_not_set_up_gives_up_with_the_reason(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier, transport: str, monkeypatch
) -> None:
    slack.is_there = False
    monkeypatch.delitem(CARRIERS, Transport.TELEGRAM, raising=False)
    make_address(sara, transport)
    tell([message(sara)])
    assert deliver().outcomes == {"sent": 1, "failed": 1}
    assert Delivery.objects.get(outcome="failed").answer == "not_set_up"


def test_a_carrier_that_breaks_costs_an_attempt_of_its_own_message_only(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    make_address(sara, "slack")

    def answer(parcel: Parcel) -> str:
        if parcel.number == 1:
            raise ValueError("a bug")
        return "ok"

    slack.answer = answer
    tell([message(sara, 1), message(sara, 2)])
    assert deliver().outcomes == {"sent": 3, "retry": 1}
    assert Delivery.objects.get(outcome="retry").answer == "ValueError: a bug"


def test_rows_of_every_transport_come_back_from_a_dead_worker(
    sara: User, slack: FakeCarrier
) -> None:
    make_address(sara, "slack")
    tell([message(sara)])
    assert leasing.due_transports(at=NOON) == ["email", "slack"]
    assert leasing.due_transports(at=NOON, without=["email"]) == ["slack"]
    assert leasing.due_transports(at=NOON - timedelta(seconds=1)) == []
    for transport in (Transport.EMAIL, Transport.SLACK):
        assert len(leasing.lease(at=NOON, transport=transport)) == 1
    assert leasing.reclaim(at=NOON + leasing.LEASE + timedelta(seconds=1)) == 2


def test_the_outbox_is_counted_by_transport(
    sara: User, smtp_mail: Mailbox, slack: FakeCarrier
) -> None:
    assert outbox.figures(NOON) == [outbox.Figures("email", 0, None, 0)]
    make_address(sara, "slack")
    slack.answer = refuse(Refused("no", again=False))
    tell([message(sara)])
    deliver()
    make_address(sara, "sms")
    tell([message(sara, 2)])
    assert outbox.figures(NOON) == [
        outbox.Figures("email", 1, NOON, 0),
        outbox.Figures("slack", 1, NOON, 1),
        outbox.Figures("sms", 1, NOON, 0),
    ]
