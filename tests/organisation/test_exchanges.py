"""An exchange of watches: one question, one answer, and both halves hold or neither."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from crisisdesk.core.errors import DomainError, NotAllowed
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.domain import watch_swaps as swaps
from crisisdesk.organisation.domain.messages import render
from crisisdesk.organisation.domain.rota import end_shift
from crisisdesk.organisation.domain.watch_swaps import SwapDetails
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User, WatchShift, WatchSwap
from crisisdesk.organisation.queries.rota import on_watch, swaps_of
from tests.factories.organisation import NOON, make_brand, make_member, web
from tests.factories.rota import TODAY, make_shift
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TUESDAY, FRIDAY = TODAY + 6 * DAY, TODAY + 9 * DAY  # Sara's day, Omar's day
SARAS, OMARS = NOON + 6 * DAY, NOON + 9 * DAY  # in the middle of each


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def lead(brand: Brand) -> User:
    return make_member(brand, Role.LEAD)


@pytest.fixture
def sara(brand: Brand) -> User:
    found = make_member(brand, Role.STAFF, "sara")
    make_shift(brand, found, 8, 20, weekdays=(2,))
    return found


@pytest.fixture
def omar(brand: Brand) -> User:
    found = make_member(brand, Role.STAFF, "omar")
    make_shift(brand, found, 8, 20, weekdays=(5,))
    return found


def around(middle: datetime) -> tuple[datetime, datetime]:
    return middle - 2 * HOUR, middle + 2 * HOUR


def exchange(sara: User, omar: User, **changes: Any) -> SwapDetails:
    """Omar takes Sara's Tuesday, Sara takes Omar's Friday."""
    start, end = around(SARAS)
    back, until = around(OMARS)
    given: dict[str, Any] = {
        "away_id": sara.pk, "cover_id": omar.pk, "starts_at": start, "ends_at": end,
        "return_starts_at": back, "return_ends_at": until,
    } | changes  # fmt: skip
    return SwapDetails(**given)


def ask(brand: Brand, details: SwapDetails, who: User, *, at: datetime = NOON) -> WatchSwap:
    return swaps.ask_swap(brand_id=brand.pk, details=details, actor=web(who), at=at)


def watching(brand: Brand) -> list[list[int]]:
    return [on_watch(brand.pk, at=moment) for moment in (SARAS, OMARS)]


def states() -> list[str]:
    return list(WatchSwap.objects.order_by("pk").values_list("state", flat=True))


def refused(code: str, field: str, act: Any) -> None:
    before = rows()
    with pytest.raises(DomainError) as caught:
        act()
    assert (caught.value.code, caught.value.field) == (code, field)
    assert rows() == before


@pytest.mark.parametrize("asks", ["sara", "omar"])
def test_one_question_one_answer(brand: Brand, sara: User, omar: User, asks: str) -> None:
    asker, other = (sara, omar) if asks == "sara" else (omar, sara)
    asked = ask(brand, exchange(sara, omar), asker)
    assert states() == ["asked"] * 2 and watching(brand) == [[sara.pk], [omar.pk]]
    (news,) = Notification.objects.filter(kind="swap_asked", transport="inbox")
    assert news.recipient_id == other.pk
    with pytest.raises(NotAllowed):
        swaps.answer_swap(swap_id=asked.pk, accept=True, actor=web(asker), at=NOON)
    half = asked.halves[1]
    swaps.answer_swap(swap_id=half.pk, accept=True, actor=web(other), at=NOON)
    assert states() == ["accepted"] * 2 and watching(brand) == [[omar.pk], [sara.pk]]
    assert on_watch(brand.pk, at=SARAS + 3 * HOUR) == [sara.pk]  # only what was asked
    assert Notification.objects.filter(kind="swap_accepted", transport="inbox").count() == 1
    refused(
        "swap_answered", "",
        lambda: swaps.answer_swap(swap_id=asked.pk, accept=True, actor=web(other), at=NOON),
    )  # fmt: skip


def test_declined_and_withdrawn_end_both(brand: Brand, sara: User, omar: User) -> None:
    first = ask(brand, exchange(sara, omar), sara)
    swaps.answer_swap(swap_id=first.pk, accept=False, actor=web(omar), at=NOON)
    second = ask(brand, exchange(sara, omar), sara)
    swaps.withdraw_swap(swap_id=second.pk, actor=web(sara), at=NOON)
    assert states() == ["declined"] * 2 + ["withdrawn"] * 2
    assert watching(brand) == [[sara.pk], [omar.pk]] and swaps_of(brand.pk, at=NOON) == []


def test_who_answers_for_the_rota_sets_it_and_takes_back_what_is_ahead(
    brand: Brand, lead: User, sara: User, omar: User
) -> None:
    made = ask(brand, exchange(sara, omar), lead)
    assert states() == ["accepted"] * 2 and watching(brand) == [[omar.pk], [sara.pk]]
    between = SARAS + DAY
    assert [row.pk for row in swaps_of(brand.pk, at=between)] == [made.pk]
    swaps.withdraw_swap(swap_id=made.pk, actor=web(lead), at=between)
    assert states() == ["accepted", "withdrawn"]  # what was watched stays known
    assert watching(brand) == [[omar.pk], [omar.pk]] and swaps_of(brand.pk, at=between) == []
    for moment, code in ((between + HOUR, "swap_answered"), (between + 9 * DAY, "swap_over")):
        refused(
            code, "",
            lambda at=moment: swaps.withdraw_swap(swap_id=made.pk, actor=web(lead), at=at),
        )  # fmt: skip


def test_neither_holds_where_one_no_longer_can(
    brand: Brand, lead: User, sara: User, omar: User
) -> None:
    asked = ask(brand, exchange(sara, omar), sara)
    fridays = WatchShift.objects.get(person=omar)
    end_shift(shift_id=fridays.pk, actor=web(lead), at=NOON)
    answer: dict[str, Any] = {"swap_id": asked.pk, "accept": True, "actor": web(omar)}
    refused("swap_empty", "return_starts_at", lambda: swaps.answer_swap(at=NOON, **answer))
    refused("swap_over", "", lambda: swaps.answer_swap(at=SARAS + DAY, **answer))
    assert states() == ["asked"] * 2


def test_what_cannot_be_is_refused_at_the_field_of_its_half(
    brand: Brand, sara: User, omar: User
) -> None:
    start, end = around(SARAS)
    back, until = around(OMARS)
    for code, field, changes in (
        ("return_half", "return_ends_at", {"return_ends_at": None}),
        ("return_half", "return_starts_at", {"return_starts_at": None}),
        ("return_of_nobody", "return_starts_at", {"away_id": None}),
        ("return_overlaps", "return_starts_at", {"return_starts_at": end - HOUR}),
        ("swap_times", "return_ends_at", {"return_ends_at": back}),
        ("swap_times", "ends_at", {"ends_at": start}),
        ("swap_empty", "away", {"starts_at": start - DAY, "ends_at": end - DAY}),
        ("swap_empty", "return_starts_at",
         {"return_starts_at": back + DAY, "return_ends_at": until + DAY}),
    ):  # fmt: skip
        details = exchange(sara, omar, **changes)
        refused(code, field, lambda details=details: ask(brand, details, omar))
    make_shift(brand, sara, 10, 18, weekdays=(5,), together=True)
    refused("cover_busy", "return_starts_at", lambda: ask(brand, exchange(sara, omar), sara))
    make_shift(brand, omar, 10, 18, weekdays=(2,), together=True)
    refused("cover_busy", "cover", lambda: ask(brand, exchange(sara, omar), sara))


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_mail_names_both_watches(brand: Brand, sara: User, omar: User, language: str) -> None:
    ask(brand, exchange(sara, omar), sara)
    data = Notification.objects.filter(kind="swap_asked").first().data  # type: ignore[union-attr]
    common: dict[str, Any] = {"topic_id": brand.pk, "language": language, "zone": "Asia/Dubai"}
    with translation.override(language):
        said = render(kind="swap_asked", data=data, **common)
        before = render(kind="swap_asked", data={**data, "in_return": []}, **common)
        old = {name: value for name, value in data.items() if name != "in_return"}
        assert render(kind="swap_asked", data=old, **common) == before
    assert len(said.lines) == 3 and len(before.lines) == 2
    assert omar.name_in(language) in said.lines[1] and sara.name_in(language) in said.lines[2]
    assert "14:00" in said.lines[1] and "18:00" in said.lines[2]
    assert said.headline != before.headline
