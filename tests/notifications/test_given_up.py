"""What was given up is read with the other side's answer, and sent again by who looks after the desk."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.outgoing import list_given_up, send_again
from crisisdesk.organisation.enums import Role, TokenScope
from crisisdesk.organisation.models import User
from tests.factories.notifications import News, make_address, message, tell
from tests.factories.organisation import NOON, make_brand, make_member
from tests.peers import Mailbox

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def lead(db: None) -> User:
    """Leads a brand, and is told of the same."""
    person = make_member(make_brand(), Role.LEAD)
    tell([message(person, 99)])
    Notification.objects.filter(recipient=person, transport="email").update(state="sent")
    return person


def fail(person: User, mailbox: Mailbox, numbers: range = range(1)) -> None:
    """Let these messages be refused for good; urgent ones, which are never joined into one mail."""
    mailbox.refuse = lambda envelope: "550 5.1.1 no such person"
    tell([message(person, number, urgent=True) for number in numbers])
    delivery.deliver_all(clock=lambda: NOON)
    mailbox.refuse = lambda envelope: None


def test_it_says_to_whom_by_what_and_why(sara: User, lead: User, smtp_mail: Mailbox) -> None:
    fail(sara, smtp_mail)
    (one,) = list_given_up(lead).rows
    assert (one.row.recipient, one.row.transport, one.attempts) == (sara, "email", 1)
    assert one.headline == "CD-2026-0042 · SEV2 · Holding statement due 0"
    assert (one.answer, one.at) == ("550 5.1.1 no such person", NOON)


def test_sent_again_it_is_tried_from_the_start_under_its_own_key(
    sara: User, lead: User, smtp_mail: Mailbox
) -> None:
    fail(sara, smtp_mail)
    row = Notification.objects.get(recipient=sara, transport="email")
    before = Delivery.objects.get(notification=row).message_id
    assert send_again([row.pk], actor=Actor(lead), at=LATER) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.next_attempt_at) == ("pending", 0, LATER)
    assert delivery.deliver_all(clock=lambda: LATER).outcomes == {"sent": 1}
    assert smtp_mail.to(sara.email)[0]["Message-ID"] == before
    assert list(row.deliveries.values_list("outcome", flat=True)) == ["failed", "sent"]
    with pytest.raises(NotVisible):
        send_again([row.pk], actor=Actor(lead), at=LATER)


def test_what_it_may_not_see_nobody_sends_again(
    sara: User, lead: User, smtp_mail: Mailbox, news: News
) -> None:
    fail(sara, smtp_mail)
    row = Notification.objects.get(recipient=sara, transport="email")
    staff = make_member(make_brand("other"), Role.STAFF)
    for person in (sara, staff):
        with pytest.raises(NotVisible):
            list_given_up(person)
        with pytest.raises(NotVisible):
            send_again([row.pk], actor=Actor(person), at=LATER)
    with pytest.raises(NotAllowed, match="read_only_token"):
        send_again([row.pk], actor=Actor(lead, scope=TokenScope.READ), at=LATER)
    news.refused = {(lead.pk, 7)}
    assert list_given_up(lead).rows == ()
    with pytest.raises(NotVisible):
        send_again([row.pk], actor=Actor(lead), at=LATER)
    assert Notification.objects.get(pk=row.pk).state == "failed"


def test_nothing_is_sent_again_to_an_address_that_is_gone(sara: User, lead: User) -> None:
    place = make_address(sara, "sms", "+97317000000")
    tell([message(sara)])
    Notification.objects.filter(address=place).update(state="failed")
    row = Notification.objects.get(address=place)
    place.off_at = NOON
    place.save()
    with pytest.raises(Invalid, match="address_gone"):
        send_again([row.pk], actor=Actor(lead), at=LATER)
    assert Notification.objects.get(pk=row.pk).state == "failed"


def test_one_that_cannot_be_written_hides_no_other(
    sara: User, lead: User, smtp_mail: Mailbox, news: News
) -> None:
    fail(sara, smtp_mail, range(2))
    news.broken = {7}
    assert [one.headline for one in list_given_up(lead).rows] == ["", ""]


def test_the_list_goes_on_and_costs_the_same_with_one_and_with_fifty(
    sara: User, lead: User, smtp_mail: Mailbox
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            list_given_up(lead)
        return len(caught)

    fail(sara, smtp_mail)
    one = cost()
    fail(sara, smtp_mail, range(1, 50))
    assert one == cost()
    first = list_given_up(lead)
    rest = list_given_up(lead, before=first.older)
    assert (len(first.rows), len(rest.rows), rest.older) == (30, 20, None)
