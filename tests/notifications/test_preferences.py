"""Which news comes by which way, and when a person is not disturbed."""

from __future__ import annotations

import pytest

from crisisdesk.core.errors import DomainError
from crisisdesk.notifications.domain.preferences import choose_news
from crisisdesk.notifications.domain.quiet_hours import set_quiet_hours
from crisisdesk.notifications.models import Preference, QuietHours
from crisisdesk.notifications.queries.preferences import choices_of, ways_of
from crisisdesk.notifications.rules.news import DUTY, NEWS_OF, News, is_duty, news_of
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source, TokenScope
from crisisdesk.organisation.models import User
from tests.factories.organisation import NOON

pytestmark = pytest.mark.django_db


def test_every_kind_belongs_to_one_word_and_the_rest_to_the_desk() -> None:
    assert set(NEWS_OF.values()) == set(News) - {News.DESK}
    assert news_of("of a later release") == News.DESK
    assert is_duty("published", urgent=True)
    assert not is_duty("published", urgent=False)
    assert is_duty("item_assigned", urgent=False)


def test_everything_comes_by_every_way_until_one_chooses(sara: User) -> None:
    ways = ways_of(sara)
    assert choices_of(sara, News, ways) == {kind.value: ways for kind in News}
    Preference.objects.create(user=sara, kind="*", transport="email", enabled=False)
    assert not any(choices_of(sara, News, ways).values())
    chosen = choose_news({"approvals": ["email"]}, actor=Actor(sara), at=NOON)
    assert chosen == choices_of(sara, News, ways)
    assert [kind for kind, given in chosen.items() if given] == ["approvals"]
    assert not Preference.objects.filter(kind="*").exists()


def test_nobody_turns_off_all_that_waits_for_them(sara: User, nadia: User) -> None:
    for wanted, code, field in (
        ({kind.value: [] for kind in DUTY}, "everything_silenced", "deadlines"),
        ({"gossip": ["email"]}, "news_unknown", "gossip"),
        ({"course": ["pigeon"]}, "way_unknown", "course"),
    ):
        with pytest.raises(DomainError) as caught:
            choose_news(wanted, actor=Actor(sara), at=NOON)
        assert (caught.value.code, caught.value.field) == (code, field)
    with pytest.raises(DomainError, match="read_only_token"):
        choose_news({}, actor=Actor(sara, Source.API, TokenScope.READ), at=NOON)
    assert not Preference.objects.exists()
    choose_news({kind.value: [] for kind in set(News) - DUTY}, actor=Actor(sara), at=NOON)
    assert not Preference.objects.filter(user=nadia).exists()


def test_quiet_hours_are_as_given_and_never_the_whole_week(sara: User) -> None:
    actor = Actor(sara)
    night = Span(1, 1320, 420)
    set_quiet_hours([Span(2, 0, 60), night], actor=actor, at=NOON)
    assert set_quiet_hours([night], actor=actor, at=NOON) == [night]
    for spans, code in (
        ([Span(0, 0, 60)], "weekday_unknown"),
        ([night, night], "weekday_twice"),
        ([Span(1, 0, 1440)], "time_unknown"),
        ([Span(day, 480, 480) for day in range(1, 8)], "week_all_quiet"),
    ):
        with pytest.raises(DomainError) as caught:
            set_quiet_hours(spans, actor=actor, at=NOON)
        assert caught.value.code == code
    assert list(QuietHours.objects.values_list("weekday", "begins", "ends")) == [(1, 1320, 420)]
