"""Quiet hours over one's own watch: where, when first, and to whom it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from crisisdesk.notifications.models import QuietHours
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from crisisdesk.organisation.queries.quiet_watches import own_quiet_watches, quiet_watches_of
from crisisdesk.organisation.queries.rota import AHEAD, rota_of
from tests.factories.organisation import NOON, make_brand, make_member
from tests.factories.rota import make_shift
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NIGHT = [Span(day, 22 * 60, 7 * 60) for day in range(1, 8)]
WHOLE_WEEK = [Span(day, 0, 0) for day in range(1, 8)]


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def sara(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "sara")


def be_quiet(person: User) -> None:
    QuietHours.objects.bulk_create(
        QuietHours(user=person, weekday=span.weekday, begins=span.begins, ends=span.ends)
        for span in NIGHT
    )


def test_the_first_time_is_named_and_cut_to_what_lies_over_both(brand: Brand, sara: User) -> None:
    make_shift(brand, sara, 20, 6)
    (found,) = own_quiet_watches(sara, NIGHT, at=NOON)
    night = NOON + 6 * HOUR  # 22:00 in Dubai
    assert (found.brand, found.starts_at, found.ends_at) == (brand, night, night + 8 * HOUR)
    (later,) = own_quiet_watches(sara, NIGHT, at=night + HOUR)
    assert later.starts_at == night + HOUR
    sara.zone = "UTC"
    (abroad,) = own_quiet_watches(sara, NIGHT, at=NOON)
    assert abroad.starts_at == night + 4 * HOUR


def test_a_day_s_watch_lies_under_none(brand: Brand, sara: User) -> None:
    make_shift(brand, sara, 8, 20)
    assert own_quiet_watches(sara, NIGHT, at=NOON) == []
    assert own_quiet_watches(sara, [Span(3, 20 * 60, 8 * 60)], at=NOON) == []  # they touch
    assert own_quiet_watches(sara, WHOLE_WEEK, at=NOON) == []  # counts as none
    assert own_quiet_watches(sara, [], at=NOON) == []


def test_for_fifty_people_it_is_one_query(
    brand: Brand, sara: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [sara, *(make_member(brand, Role.STAFF, f"p{number}") for number in range(20))]
    for person in people:
        make_shift(brand, person, 20, 8, together=True)
        be_quiet(person)
    read = rota_of(brand.pk, start=NOON, end=NOON + AHEAD)
    assert read is not None
    with django_assert_num_queries(1):
        assert len(quiet_watches_of(read, people, at=NOON)) == 21
    with django_assert_num_queries(1):
        assert len(own_quiet_watches(sara, NIGHT, at=NOON)) == 1


def test_the_pages_say_it_to_oneself_and_to_who_answers_for_the_rota(
    brand: Brand, sara: User
) -> None:
    lead, omar = make_member(brand, Role.LEAD), make_member(brand, Role.STAFF, "omar")
    make_shift(brand, sara, 20, 8)
    be_quiet(sara)
    rota, quiet = f"/settings/rota/{brand.key}/", "/settings/notifications/"
    with time_machine.travel(NOON, tick=False):
        pages = {
            person.email: [browser(person).get(path).content.decode() for path in (rota, quiet)]
            for person in (sara, lead, omar)
        }
    own, leading, other = pages.values()
    assert "Your quiet hours lie over your watch, first on" in own[0]
    assert "They lie over your watch for" in own[1] and "Wednesday 18 November" in own[1]
    assert "The quiet hours of <bdi>Sara</bdi> lie over their watch" in leading[0]
    for page in (leading[1], *other):
        assert "lie over" not in page
