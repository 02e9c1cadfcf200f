"""Each person reads only their own inbox, and only what they may still see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.notifications.domain import inbox
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.queries import inbox as reading
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from tests.factories.notifications import WORDS, News, message, tell
from tests.factories.organisation import NOON

LATER = NOON + timedelta(minutes=5)


def inbox_rows() -> list[Notification]:
    """The inbox rows in order."""
    return list(Notification.objects.filter(transport="inbox").order_by("pk"))


def test_page_shows_newest_first_in_the_readers_language(nadia: User, sara: User) -> None:
    tell([message(nadia, 1), message(nadia, 2), message(sara, 1)])
    page = inbox.open_page(actor=Actor(nadia))
    assert [item.rendered.subject[-1] for item in page.items] == ["2", "1"]
    assert page.items[0].rendered.headline == WORDS["ar"][0]
    assert (page.older, page.refused) == (None, ())
    assert reading.unread_count(nadia) == 2


def test_show_older_walks_every_line_once(sara: User) -> None:
    tell([message(sara, number) for number in range(7)])
    seen, before = [], None
    while True:
        page = inbox.open_page(actor=Actor(sara), before=before, limit=3)
        seen += [item.id for item in page.items]
        before = page.older
        if before is None:
            break
    assert seen == sorted((row.pk for row in inbox_rows()), reverse=True)


def test_page_and_count_take_the_same_queries_for_1_and_50(sara: User) -> None:
    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as page:
            inbox.open_page(actor=Actor(sara), limit=50)
        with CaptureQueriesContext(connection) as count:
            reading.unread_count(sara)
        return len(page), len(count)

    tell([message(sara, 0)])
    first = cost()
    tell([message(sara, number, topic_id=number) for number in range(1, 50)])
    assert cost() == first


def test_line_that_may_no_longer_be_seen_is_withheld(sara: User, news: News) -> None:
    tell([message(sara, 1), message(sara, 2, topic_id=8)])
    news.refused = {(sara.pk, 8)}
    assert reading.unread_count(sara) == 1
    page = inbox.open_page(actor=Actor(sara))
    assert [item.topic_id for item in page.items] == [7]
    assert [row.state for row in inbox_rows()] == ["sent", "withheld"]
    news.refused = set()
    assert len(inbox.open_page(actor=Actor(sara)).items) == 1


def test_line_that_cannot_be_written_does_not_hide_the_others(sara: User, news: News) -> None:
    tell([message(sara, 1), message(sara, 2, topic_id=8)])
    news.broken = {8}
    assert [item.topic_id for item in inbox.open_page(actor=Actor(sara)).items] == [7]


def test_reading_keeps_the_first_time(sara: User) -> None:
    tell([message(sara)])
    (row,) = inbox_rows()
    inbox.mark_read(row.pk, actor=Actor(sara), at=NOON)
    inbox.mark_read(row.pk, actor=Actor(sara), at=LATER)
    row.refresh_from_db()
    assert row.read_at == NOON
    assert reading.unread_count(sara) == 0


def test_line_of_somebody_else_does_not_exist(sara: User, nadia: User) -> None:
    tell([message(sara)])
    (row,) = inbox_rows()
    with pytest.raises(NotVisible):
        inbox.mark_read(row.pk, actor=Actor(nadia), at=NOON)
    mail = Notification.objects.get(transport="email")
    with pytest.raises(NotVisible):
        inbox.mark_read(mail.pk, actor=Actor(sara), at=NOON)
    assert Notification.objects.filter(read_at__isnull=False).count() == 0


def test_all_read_stops_at_what_the_person_saw(sara: User, nadia: User) -> None:
    tell([message(sara, 1), message(nadia, 1)])
    seen = inbox.open_page(actor=Actor(sara)).items[0].id
    tell([message(sara, 2)])
    assert inbox.mark_all_read(actor=Actor(sara), at=NOON, up_to=seen) == 1
    assert (reading.unread_count(sara), reading.unread_count(nadia)) == (1, 1)
    assert inbox.mark_all_read(actor=Actor(sara), at=NOON) == 1


def test_read_token_changes_nothing(sara: User) -> None:
    tell([message(sara)])
    (row,) = inbox_rows()
    actor = Actor(sara, "api", "read")
    with pytest.raises(NotAllowed):
        inbox.mark_read(row.pk, actor=actor, at=NOON)
    with pytest.raises(NotAllowed):
        inbox.mark_all_read(actor=actor, at=NOON)
    assert reading.unread_count(sara) == 1
