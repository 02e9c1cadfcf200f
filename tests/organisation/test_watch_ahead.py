"""What a room says of its brand's watch: now, until when, who next, and a gap within the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from crisisdesk.organisation.queries.watch_ahead import WatchAhead, watch_ahead
from tests.factories.organisation import NOON, make_brand, make_member
from tests.factories.rota import TODAY, make_shift

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING, MORNING = NOON + 4 * HOUR, NOON + 16 * HOUR  # 20:00 and 08:00 in Dubai


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def sara(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "sara")


@pytest.fixture
def omar(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "omar")


def test_one_follows_the_other(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    assert watch_ahead(sara, brand.pk, at=NOON) == WatchAhead(
        [sara], EVENING, [omar], EVENING, None
    )


def test_a_gap_within_the_day_and_who_comes_after_it(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    assert watch_ahead(omar, brand.pk, at=NOON) == WatchAhead(
        [sara], EVENING, [sara], MORNING, EVENING
    )
    assert watch_ahead(omar, brand.pk, at=EVENING) == WatchAhead(
        [], None, [sara], MORNING, EVENING, is_gap=True
    )


def test_a_gap_later_than_a_day_is_not_said_yet(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 0, 0, valid_until=TODAY + DAY)
    midnight = NOON + 32 * HOUR
    assert watch_ahead(omar, brand.pk, at=NOON) == WatchAhead([sara], midnight, [], None, None)
    near = watch_ahead(omar, brand.pk, at=midnight - 23 * HOUR)
    assert near is not None and near.gap_at == midnight


def test_around_the_clock_has_no_end_and_who_joins_is_named(
    brand: Brand, sara: User, omar: User
) -> None:
    make_shift(brand, sara, 0, 0)
    midnight = NOON - 16 * HOUR  # the four weeks end where a shift does
    for at in (NOON, midnight + DAY):
        assert watch_ahead(omar, brand.pk, at=at) == WatchAhead([sara], None, [], None, None)
    make_shift(brand, omar, 20, 22, together=True)
    assert watch_ahead(omar, brand.pk, at=NOON) == WatchAhead([sara], None, [omar], EVENING, None)


def test_only_for_the_brand_s_own_people_and_in_two_queries(
    brand: Brand, sara: User, omar: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert watch_ahead(sara, brand.pk, at=NOON) is None
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    stranger = make_member(make_brand("other"), Role.ADMIN, "stranger")
    assert watch_ahead(stranger, brand.pk, at=NOON) is None
    for number in range(30):
        who = make_member(brand, Role.STAFF, f"p{number}")
        make_shift(brand, who, number % 24, (number + 1) % 24, together=True)
    with django_assert_num_queries(2):
        found = watch_ahead(sara, brand.pk, at=NOON)
    assert found is not None and found.until == NOON + HOUR
