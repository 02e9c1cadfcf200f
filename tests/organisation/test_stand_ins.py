"""Somebody is told in a person's place: named, told, ended, never in a chain, never by a stranger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.notifications import registry
from crisisdesk.notifications.models import Notification, StandIn
from crisisdesk.organisation.domain.memberships import remove_membership
from crisisdesk.organisation.domain.people import deactivate_user
from crisisdesk.organisation.domain.stand_ins import end_stand_in, name_stand_in
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from crisisdesk.organisation.queries.stand_ins import stand_ins_of
from tests.factories.organisation import NOON, make_brand, make_member, make_user, web

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def people(brand: Brand) -> tuple[User, User, User]:
    """Three colleagues."""
    a, b, c = (make_member(brand, Role.LEAD, name) for name in ("sara", "noa", "omar"))
    return a, b, c


def name(person: User, other: User, start: datetime = NOON, days: int = 2, **more: Any) -> StandIn:
    """`other` stands in for `person`."""
    return name_stand_in(
        stand_in_id=other.pk,
        from_at=start,
        until_at=start + days * DAY,
        actor=web(person),
        at=NOON,
        **more,
    )


def refused(code: str, field: str, *args: Any, **more: Any) -> None:
    """Naming is refused in these words, and nothing is written."""
    before = StandIn.objects.count(), Notification.objects.count()
    with pytest.raises(DomainError) as caught:
        name(*args, **more)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert (StandIn.objects.count(), Notification.objects.count()) == before


def test_the_stand_in_is_told_for_whom_and_until_when(people: tuple[User, User, User]) -> None:
    sara, noa, _ = people
    row = name(sara, noa, silent=True)
    line = Notification.objects.get(transport="inbox")
    assert (line.recipient, line.topic, line.topic_id) == (noa, "stand_in", row.pk)
    assert registry.allowed("stand_in", {(noa.pk, row.pk)}, {noa.pk: noa}) == {(noa.pk, row.pk)}
    for language, words in (("en", "You stand in for"), ("ar", "تنوب عن"), ("he", "מילוי מקום")):
        with override(language):
            shown = registry.topic("stand_in").render(
                kind=line.kind, data=line.data, topic_id=row.pk, language=language, zone=noa.zone
            )
        assert (words in shown.headline, "Sara" in shown.headline) == (True, True)
        assert len(shown.lines) == 3
    assert stand_ins_of([sara.pk, noa.pk], at=NOON) == {sara.pk: row}
    assert stand_ins_of([sara.pk], at=NOON + 2 * DAY) == {}


def test_no_chain_no_loop_nobody_twice(people: tuple[User, User, User]) -> None:
    sara, noa, omar = people
    refused("stand_in_self", "stand_in", sara, sara)
    name(sara, noa)
    refused("stand_in_overlaps", "from_at", sara, omar, NOON + DAY)
    refused("stand_in_chain", "from_at", noa, omar)
    refused("stand_in_chain", "from_at", noa, sara)
    refused("stand_in_away", "stand_in", omar, sara)
    name(sara, omar, NOON + 2 * DAY)
    name(noa, sara, NOON + 5 * DAY)


def test_the_time_makes_sense(people: tuple[User, User, User]) -> None:
    sara, noa, _ = people
    refused("until_in_past", "until_at", sara, noa, NOON - 3 * DAY)
    refused("until_before_from", "until_at", sara, noa, NOON + DAY, 0)
    refused("stand_in_too_long", "until_at", sara, noa, NOON, 91)
    assert name(sara, noa, NOON - DAY, 3).from_at == NOON


def test_only_an_active_colleague_stands_in(brand: Brand, people: tuple[User, User, User]) -> None:
    sara, noa, _ = people
    User.objects.filter(pk=noa.pk).update(is_active=False)
    for other in (noa, make_user("stranger"), make_member(make_brand("other"), Role.LEAD, "far")):
        refused("no_such_person", "stand_in", sara, other)


def test_either_side_ends_it_and_the_other_hears(people: tuple[User, User, User]) -> None:
    sara, noa, omar = people
    row = name(sara, noa)
    Notification.objects.all().delete()
    with pytest.raises(NotVisible):
        end_stand_in(agreement_id=row.pk, actor=web(omar), at=NOON)
    end_stand_in(agreement_id=row.pk, actor=web(noa), at=NOON + DAY)
    end_stand_in(agreement_id=row.pk, actor=web(sara), at=NOON + DAY)
    row.refresh_from_db()
    assert (row.ended_at, row.ended_by) == (NOON + DAY, noa)
    told = Notification.objects.get(transport="inbox")
    assert (told.recipient, told.kind, told.urgent) == (sara, "stand_in_ended", True)
    assert stand_ins_of([sara.pk], at=NOON + DAY) == {}


def test_it_ends_with_what_it_rests_on(brand: Brand, people: tuple[User, User, User]) -> None:
    sara, noa, omar = people
    admin = make_member(brand, Role.ADMIN)
    first, second = name(sara, noa), name(omar, noa)
    deactivate_user(user_id=noa.pk, actor=web(admin), at=NOON)
    ended = StandIn.objects.exclude(ended_at=None)
    assert set(ended) == {first, second}
    urgent = Notification.objects.filter(kind="stand_in_ended", transport="inbox", urgent=True)
    assert set(urgent.values_list("recipient", flat=True)) == {sara.pk, omar.pk}
    kept = name(sara, omar, NOON + 3 * DAY)
    remove_membership(user_id=omar.pk, brand_id=brand.pk, role=Role.LEAD, actor=web(admin), at=NOON)
    kept.refresh_from_db()
    assert kept.ended_by == admin
