"""News enters the outbox once per event, person and transport, with what it tells of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from crisisdesk.core import jobs
from crisisdesk.notifications.domain.outbox import enqueue_many
from crisisdesk.notifications.models import Notification, Preference, StandIn
from crisisdesk.organisation.models import User
from tests.factories.notifications import make_address, message, tell
from tests.factories.organisation import NOON, make_user


def rows() -> list[tuple[int, str, str]]:
    """Who is told by what, and where it stands."""
    found = Notification.objects.order_by("recipient_id", "transport")
    return [(row.recipient_id, row.transport, row.state) for row in found]


def test_message_makes_an_inbox_row_and_a_waiting_mail(sara: User) -> None:
    assert tell([message(sara, urgent=True)]) == 2
    mail, inbox = Notification.objects.order_by("transport")
    assert (mail.transport, mail.state, mail.next_attempt_at) == ("email", "pending", NOON)
    assert (mail.sent_at, mail.read_at, mail.attempts, mail.urgent) == (None, None, 0, True)
    assert (inbox.transport, inbox.state, inbox.sent_at) == ("inbox", "sent", NOON)
    assert (inbox.next_attempt_at, inbox.read_at) == (None, None)
    assert mail.data == inbox.data == {"number": 1}


def test_same_event_told_again_adds_nothing(sara: User, nadia: User) -> None:
    tell([message(sara), message(sara)])
    assert tell([message(sara), message(nadia)]) == 2
    assert rows() == [
        (sara.pk, "email", "pending"),
        (sara.pk, "inbox", "sent"),
        (nadia.pk, "email", "pending"),
        (nadia.pk, "inbox", "sent"),
    ]


@pytest.mark.django_db(transaction=True)
def test_eight_threads_telling_the_same_people_write_each_row_once() -> None:
    people = [make_user(f"p{number}") for number in range(6)]

    def one(turn: int) -> int:
        told = people if turn % 2 else people[::-1]
        try:
            return tell([message(person, number) for person in told for number in range(5)])
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        written = sum(threads.map(one, range(8)))
    assert written == Notification.objects.count() == 6 * 5 * 2


def test_drill_never_gets_a_mail(sara: User) -> None:
    tell([message(sara, is_drill=True, urgent=True)])
    assert rows() == [(sara.pk, "inbox", "sent")]


def test_mail_that_is_not_wanted_is_left_out_unless_urgent(sara: User, nadia: User) -> None:
    Preference.objects.create(user=sara, kind="*", transport="email", enabled=False)
    tell([message(sara, 1), message(nadia, 1), message(sara, 2, urgent=True)])
    mails = Notification.objects.filter(transport="email").order_by("dedupe_key", "recipient_id")
    assert [(row.recipient_id, row.dedupe_key) for row in mails] == [
        (nadia.pk, "news:7:1"),
        (sara.pk, "news:7:2"),
    ]
    assert Notification.objects.filter(transport="inbox").count() == 3


def test_choice_for_one_kind_of_news_beats_the_general_one(sara: User) -> None:
    Preference.objects.create(user=sara, kind="*", transport="email", enabled=False)
    Preference.objects.create(user=sara, kind="approvals", transport="email", enabled=True)
    tell([message(sara, 1), message(sara, 2, kind="statement_approved")])
    mails = Notification.objects.filter(transport="email")
    assert [row.kind for row in mails] == ["statement_approved"]


def stands_in(person: User, other: User, **fields: Any) -> StandIn:
    """`other` stands in for `person`, for two hours."""
    values = {"from_at": NOON, "until_at": NOON + timedelta(hours=2), "created_at": NOON} | fields
    return StandIn.objects.create(person=person, stand_in=other, **values)


def test_stand_in_gets_what_waits_for_the_person_in_one_statement(
    sara: User, nadia: User, dana: User
) -> None:
    stands_in(sara, nadia)
    told = [
        message(sara, 1),
        message(sara, 2, kind="published"),
        message(sara, 3, kind="published", urgent=True),
        message(dana, 4),
    ]
    with CaptureQueriesContext(connection) as caught:
        tell(told)
    assert len([query for query in caught if "INSERT" in query["sql"]]) == 1
    rows = Notification.objects.filter(recipient=nadia).order_by("dedupe_key", "transport")
    assert [(row.dedupe_key, row.transport, row.why) for row in rows] == [
        (f"news:7:{number}", way, f"stand_in:{sara.pk}")
        for number in (1, 3)
        for way in ("email", "inbox")
    ]
    assert Notification.objects.filter(recipient=sara, transport="inbox").count() == 3


def test_stand_in_counts_only_while_it_holds(sara: User, nadia: User, dana: User) -> None:
    hour = timedelta(hours=1)
    stands_in(sara, nadia, from_at=NOON + hour)
    stands_in(sara, nadia, from_at=NOON - hour, until_at=NOON)
    stands_in(sara, nadia, ended_at=NOON)
    stands_in(sara, dana)
    User.objects.filter(pk=dana.pk).update(is_active=False)
    tell([message(sara)])
    assert not Notification.objects.exclude(recipient=sara).exists()


def test_whoever_is_told_for_their_own_sake_is_not_told_as_a_stand_in(
    sara: User, nadia: User
) -> None:
    stands_in(sara, nadia)
    tell([message(sara), message(nadia, why="lead")])
    assert {row.why for row in Notification.objects.filter(recipient=nadia)} == {"lead"}
    tell([message(sara, 2, is_drill=True)])
    drill = Notification.objects.filter(recipient=nadia, dedupe_key="news:7:2")
    assert [row.transport for row in drill] == ["inbox"]


def test_every_verified_address_is_told_and_no_other(sara: User, nadia: User) -> None:
    first, second = make_address(sara, "slack", "U1"), make_address(sara, "sms", "+97317000000")
    make_address(sara, "slack", "U2", verified_at=None)
    make_address(sara, "slack", "U3", off_at=NOON)
    make_address(sara, "slack", "U4", removed_at=NOON)
    make_address(nadia, "slack", "U5")
    assert tell([message(sara), message(sara)]) == 4
    told = Notification.objects.values_list("transport", "address_id", "state", "next_attempt_at")
    assert set(told) == {
        ("inbox", None, "sent", None),
        ("email", None, "pending", NOON),
        ("slack", first.pk, "pending", NOON),
        ("sms", second.pk, "pending", NOON),
    }
    assert tell([message(sara)]) == 0


def test_two_addresses_of_one_transport_are_both_told(sara: User) -> None:
    made = {make_address(sara, "webhook", f"https://x.test/{number}").pk for number in range(2)}
    tell([message(sara)])
    rows = Notification.objects.filter(transport="webhook")
    assert {row.address_id for row in rows} == made


def test_drill_goes_to_no_address(sara: User) -> None:
    make_address(sara, "slack", "U1")
    tell([message(sara, is_drill=True, urgent=True, transports=("slack",))])
    assert rows() == [(sara.pk, "inbox", "sent")]


def test_an_escalation_step_uses_its_transports_whatever_the_person_chose(sara: User) -> None:
    for transport in ("slack", "sms"):
        make_address(sara, transport, "U1")
        Preference.objects.create(user=sara, transport=transport, enabled=False)
    tell([message(sara, 1, urgent=True)])
    assert rows() == [(sara.pk, "email", "pending"), (sara.pk, "inbox", "sent")]
    tell([message(sara, 2, transports=("sms", "push"), why="step:2")])
    told = Notification.objects.filter(dedupe_key="news:7:2").order_by("transport")
    assert [(row.transport, row.why) for row in told] == [
        ("email", "step:2"),
        ("inbox", "step:2"),
        ("sms", "step:2"),
    ]


def test_queries_do_not_grow_with_people(db: None) -> None:
    people = [make_user(f"p{number}") for number in range(12)]
    with CaptureQueriesContext(connection) as one:
        tell([message(people[0])])
    with CaptureQueriesContext(connection) as many:
        tell([message(person, 2) for person in people])
    assert len(many) == len(one)


@pytest.mark.django_db(transaction=True)
def test_rolled_back_change_tells_nobody_and_rings_nothing() -> None:
    sara = make_user()
    with patch.object(jobs, "_publish") as ring:
        with pytest.raises(RuntimeError), transaction.atomic():
            enqueue_many([message(sara)], at=NOON)
            raise RuntimeError
        assert rows() == []
        ring.assert_not_called()


@pytest.mark.django_db(transaction=True)
def test_one_transaction_wakes_the_worker_once_without_ids() -> None:
    sara = make_user()
    with patch.object(jobs, "_publish") as ring:
        with transaction.atomic():
            for number in range(3):
                enqueue_many([message(sara, number)], at=NOON)
            ring.assert_not_called()
        ring.assert_called_once_with("notifications.deliver", {})
        ring.reset_mock()
        tell([message(sara, 0)])
        ring.assert_not_called()


@pytest.mark.django_db(transaction=True)
def test_news_outside_a_transaction_is_refused() -> None:
    sara = make_user()
    with pytest.raises(transaction.TransactionManagementError):
        enqueue_many([message(sara)], at=NOON)
    assert rows() == []


def test_message_without_an_event_is_refused(sara: User) -> None:
    with pytest.raises(ValueError, match="dedupe_key"):
        tell([message(sara, dedupe_key="")])
    assert rows() == []
