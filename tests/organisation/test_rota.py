"""The rota: who watches, swaps, refusals, and gaps that are told before they happen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible, Stale
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.domain import rota as commands
from crisisdesk.organisation.domain import watch_swaps as swaps
from crisisdesk.organisation.domain.people import deactivate_user
from crisisdesk.organisation.domain.rota import RotaDetails
from crisisdesk.organisation.domain.watch_gaps import sweep_gaps
from crisisdesk.organisation.domain.watch_swaps import SwapDetails
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    Membership,
    Rota,
    User,
    WatchGap,
    WatchShift,
    WatchSwap,
)
from crisisdesk.organisation.queries.rota import on_watch, watch_now
from tests.factories.organisation import NOON, make_brand, make_member, make_user, web
from tests.factories.rota import TODAY, keep_sunset, make_shift
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def lead(brand: Brand) -> User:
    return make_member(brand, Role.LEAD)


@pytest.fixture
def sara(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "sara")


@pytest.fixture
def omar(brand: Brand) -> User:
    return make_member(brand, Role.STAFF, "omar")


def swap(
    away: User | None, cover: User, start: datetime, end: datetime, **more: Any
) -> SwapDetails:
    return SwapDetails(away.pk if away else None, cover.pk, start, end, **more)


def test_who_watches_when(brand: Brand, sara: User, omar: User) -> None:
    assert on_watch(brand.pk, at=NOON) == []
    assert on_watch(0, at=NOON) == []
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    assert on_watch(brand.pk, at=NOON) == [sara.pk]  # 16:00 in Dubai
    assert on_watch(brand.pk, at=NOON + 4 * HOUR) == [omar.pk]
    assert on_watch(brand.pk, at=NOON + 16 * HOUR) == [sara.pk]
    assert on_watch(make_brand("other").pk, at=NOON) == []


def test_whoever_left_is_a_gap_at_once(brand: Brand, lead: User, sara: User, omar: User) -> None:
    make_shift(brand, sara, 0, 0)
    admin = make_member(brand, Role.ADMIN)
    (now,) = watch_now(lead, at=NOON)
    assert (now.people, now.gaps) == ([sara], [])
    deactivate_user(user_id=sara.pk, actor=web(admin), at=NOON)
    (now,) = watch_now(lead, at=NOON)
    assert (now.people, now.gaps) == ([], [(NOON, NOON + timedelta(weeks=4))])
    assert on_watch(brand.pk, at=NOON) == []
    (staff,) = watch_now(omar, at=NOON)
    assert (staff.gaps, staff.leads) == ([], False)
    make_shift(brand, omar, 0, 0)
    Membership.objects.filter(user=omar).delete()
    assert on_watch(brand.pk, at=NOON) == []


def refused(error: type[DomainError], code: str, act: Any, **changes: Any) -> None:
    before = rows()
    with pytest.raises(error) as caught:
        act(**changes)
    assert caught.value.code == code
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"weekdays": ()}, "weekdays_missing"),
        ({"weekdays": (0,)}, "weekday_unknown"),
        ({"valid_from": TODAY - DAY}, "shift_in_past"),
        ({"valid_until": TODAY - DAY}, "dates_reversed"),
        ({"every": 0}, "every_wrong"),
        ({"every": 9}, "every_wrong"),
        ({"starts": None}, "sunset_unknown"),
        ({}, "slot_taken"),
        ({"starts": time(19), "ends": time(9)}, "slot_taken"),
    ],
)
def test_a_shift_that_cannot_be(
    brand: Brand, sara: User, omar: User, changes: dict[str, Any], code: str
) -> None:
    make_shift(brand, sara, 8, 20)
    refused(DomainError, code, lambda: make_shift(brand, omar, **changes))


def test_two_people_in_one_slot_only_on_purpose(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    refused(DomainError, "slot_twice", lambda: make_shift(brand, sara, 9, 10, together=True))
    make_shift(brand, omar, 8, 20, together=True)
    assert set(on_watch(brand.pk, at=NOON)) == {sara.pk, omar.pk}
    stranger = make_user("stranger")
    refused(DomainError, "watch_without_role", lambda: make_shift(brand, stranger, 20, 8))


def test_every_second_week_leaves_the_other_free(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20, every=2)
    make_shift(brand, omar, 8, 20, every=2, valid_from=TODAY + 7 * DAY)
    assert on_watch(brand.pk, at=NOON) == [sara.pk]
    assert on_watch(brand.pk, at=NOON + 7 * DAY) == [omar.pk]


def test_by_sunset_where_the_brand_keeps_it(brand: Brand, sara: User, omar: User) -> None:
    keep_sunset(brand)
    make_shift(brand, sara, 8, None, weekdays=(5,))
    make_shift(brand, omar, 0, 23, weekdays=(6,))
    friday = datetime.fromisoformat("2026-11-20T14:39:00+00:00")  # the sun sets at 16:40 in Haifa
    assert on_watch(brand.pk, at=friday - timedelta(minutes=5)) == [sara.pk]
    assert on_watch(brand.pk, at=friday + timedelta(minutes=5)) == []


def test_a_shift_ends_and_what_was_watched_stays(brand: Brand, lead: User, sara: User) -> None:
    shift = make_shift(brand, sara, 8, 20)
    later = NOON + 3 * DAY
    ended = commands.end_shift(shift_id=shift.pk, actor=web(lead), at=later)
    assert ended is not None and ended.valid_until == date(2026, 11, 20)
    assert on_watch(brand.pk, at=later) == []
    assert on_watch(brand.pk, at=NOON + DAY) == [sara.pk]
    refused(
        DomainError, "shift_ended",
        lambda: commands.end_shift(shift_id=shift.pk, actor=web(lead), at=later),
    )  # fmt: skip
    unborn = make_shift(brand, sara, 8, 20, valid_from=TODAY + 9 * DAY)
    assert commands.end_shift(shift_id=unborn.pk, actor=web(lead), at=later) is None
    assert WatchShift.objects.count() == 1


def test_who_may_change_the_rota(brand: Brand, sara: User, lead: User) -> None:
    shift = make_shift(brand, sara, 8, 20)
    stranger = make_member(make_brand("other"), Role.LEAD, "other-lead")

    def acts(actor: User) -> list[Any]:
        common: dict[str, Any] = {"actor": web(actor), "at": NOON}
        details = commands.ShiftDetails(sara.pk, (1,), time(20), time(21), TODAY)
        return [
            lambda: commands.set_rota(
                brand_id=brand.pk, details=RotaDetails(), version=1, **common
            ),
            lambda: commands.add_shift(brand_id=brand.pk, details=details, **common),
            lambda: commands.end_shift(shift_id=shift.pk, **common),
        ]

    for role in (Role.OBSERVER, Role.EXECUTIVE, Role.STAFF, Role.APPROVER):
        for act in acts(make_member(brand, role, f"as-{role}")):
            refused(NotAllowed, "not_allowed", act)
    for act in acts(stranger):
        refused(NotVisible, "not_found", act)
    for role in (Role.LEAD, Role.ADMIN):
        acts(make_member(brand, role, f"as-{role}"))[0]()
        Rota.objects.update(version=1)


def test_a_stale_save_of_when_to_watch(brand: Brand, lead: User, sara: User) -> None:
    make_shift(brand, sara, 8, 20)
    given: dict[str, Any] = {"brand_id": brand.pk, "actor": web(lead), "at": NOON}
    nights = RotaDetails(weekdays=(1, 2), starts=time(20), ends=time(8))
    assert commands.set_rota(details=nights, version=1, **given).version == 2
    refused(Stale, "stale", lambda: commands.set_rota(details=nights, version=1, **given))
    refused(
        DomainError, "weekdays_missing",
        lambda: commands.set_rota(details=RotaDetails(weekdays=()), version=2, **given),
    )  # fmt: skip


# --- swaps ---


def told(kind: str) -> list[int]:
    found = Notification.objects.filter(kind=kind, transport="inbox").order_by("pk")
    return list(found.values_list("recipient", flat=True))


def test_one_asks_the_other_accepts(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    asked = swaps.ask_swap(
        brand_id=brand.pk, details=swap(sara, omar, NOON + HOUR, NOON + 30 * HOUR),
        actor=web(sara), at=NOON,
    )  # fmt: skip
    assert (asked.state, told("swap_asked")) == ("asked", [omar.pk])
    assert on_watch(brand.pk, at=NOON + 2 * HOUR) == [sara.pk]
    answer: dict[str, Any] = {"swap_id": asked.pk, "at": NOON}
    refused(
        NotAllowed, "not_allowed",
        lambda: swaps.answer_swap(accept=True, actor=web(sara), **answer),
    )  # fmt: skip
    swaps.answer_swap(accept=True, actor=web(omar), **answer)
    assert told("swap_accepted") == [sara.pk]
    assert on_watch(brand.pk, at=NOON + 2 * HOUR) == [omar.pk]
    assert on_watch(brand.pk, at=NOON + 5 * HOUR) == []  # nobody watched there before either
    assert on_watch(brand.pk, at=NOON + 25 * HOUR) == [omar.pk]
    assert on_watch(brand.pk, at=NOON + 31 * HOUR) == []
    refused(
        DomainError, "swap_answered",
        lambda: swaps.answer_swap(accept=False, actor=web(omar), **answer),
    )  # fmt: skip


def test_an_offer_to_take_waits_for_whose_watch_it_is(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    offered = swaps.ask_swap(
        brand_id=brand.pk, details=swap(sara, omar, NOON, NOON + HOUR), actor=web(omar), at=NOON
    )
    refused(
        NotAllowed, "not_allowed",
        lambda: swaps.answer_swap(swap_id=offered.pk, accept=True, actor=web(omar), at=NOON),
    )  # fmt: skip
    swaps.answer_swap(swap_id=offered.pk, accept=False, actor=web(sara), at=NOON)
    assert (on_watch(brand.pk, at=NOON), told("swap_declined")) == ([sara.pk], [omar.pk])


def test_a_lead_sets_and_takes_back(brand: Brand, lead: User, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    made = swaps.ask_swap(
        brand_id=brand.pk, details=swap(sara, omar, NOON - HOUR, NOON + 3 * HOUR),
        actor=web(lead), at=NOON,
    )  # fmt: skip
    assert made.state == "accepted" and sorted(told("swap_set")) == sorted([sara.pk, omar.pk])
    later = NOON + HOUR
    refused(
        NotAllowed, "not_allowed",
        lambda: swaps.withdraw_swap(swap_id=made.pk, actor=web(omar), at=later),
    )  # fmt: skip
    swaps.withdraw_swap(swap_id=made.pk, actor=web(lead), at=later)
    assert on_watch(brand.pk, at=NOON) == [omar.pk]  # what was watched stays known
    assert on_watch(brand.pk, at=later) == [sara.pk]


def test_a_gap_is_filled_by_who_takes_it(brand: Brand, sara: User, omar: User) -> None:
    make_shift(brand, sara, 8, 20)
    swaps.ask_swap(
        brand_id=brand.pk, details=swap(None, omar, NOON + 4 * HOUR, NOON + 16 * HOUR),
        actor=web(omar), at=NOON,
    )  # fmt: skip
    assert on_watch(brand.pk, at=NOON + 5 * HOUR) == [omar.pk]


def test_swaps_that_cannot_be(brand: Brand, lead: User, sara: User, omar: User) -> None:
    given: dict[str, Any] = {"brand_id": brand.pk, "actor": web(lead), "at": NOON}

    def ask(details: SwapDetails) -> WatchSwap:
        return swaps.ask_swap(details=details, **given)

    refused(DomainError, "rota_missing", lambda: ask(swap(sara, omar, NOON, NOON + HOUR)))
    make_shift(brand, sara, 8, 20)
    make_shift(brand, omar, 20, 8)
    for code, details in (
        ("swap_same", swap(sara, sara, NOON, NOON + HOUR)),
        ("swap_times", swap(sara, omar, NOON, NOON)),
        ("swap_times", swap(sara, omar, NOON - 2 * HOUR, NOON - HOUR)),
        ("swap_times", swap(sara, omar, NOON, NOON + 32 * DAY)),
        ("swap_empty", swap(sara, lead, NOON + 5 * HOUR, NOON + 6 * HOUR)),
        ("watch_without_role", swap(sara, make_user("nobody"), NOON, NOON + HOUR)),
        ("slot_taken", swap(None, lead, NOON, NOON + HOUR)),
    ):
        refused(DomainError, code, lambda details=details: ask(details))
    make_shift(brand, omar, 10, 12, together=True)
    morning = NOON + 18 * HOUR  # ten in Dubai
    refused(DomainError, "cover_busy", lambda: ask(swap(sara, omar, morning, morning + HOUR)))
    ask(swap(None, lead, NOON, NOON + HOUR, together=True))
    assert set(on_watch(brand.pk, at=NOON)) == {sara.pk, lead.pk}
    third = make_member(brand, Role.STAFF, "third")
    refused(
        NotAllowed, "not_allowed",
        lambda: swaps.ask_swap(
            brand_id=brand.pk, details=swap(sara, omar, NOON, NOON + HOUR), actor=web(third), at=NOON
        ),
    )  # fmt: skip


# --- gaps ---


def gap_mails(who: User) -> list[Notification]:
    found = Notification.objects.filter(recipient=who, kind="watch_gap", transport="inbox")
    return list(found.order_by("pk"))


def test_a_gap_is_told_seven_days_and_one_day_before_and_never_twice(
    brand: Brand, lead: User, sara: User
) -> None:
    make_shift(brand, sara, 0, 0, valid_until=TODAY + 14 * DAY)
    start = NOON.replace(hour=20) + 14 * DAY  # midnight in Dubai after the last day
    gap = WatchGap.objects.get()
    assert (gap.starts_at, gap.due_at) == (start, start - 7 * DAY)
    assert sweep_gaps(at=start - 7 * DAY - HOUR) == 0
    assert [sweep_gaps(at=start - 7 * DAY + n * HOUR) for n in range(3)] == [1, 0, 0]
    assert sweep_gaps(at=start - DAY) == 1
    assert [sweep_gaps(at=start + n * DAY) for n in range(3)] == [0, 0, 0]
    assert len(gap_mails(lead)) == 2 and not gap_mails(sara)
    assert WatchGap.objects.count() == 1


def test_a_gap_that_comes_late_is_told_after_a_breath(brand: Brand, lead: User, sara: User) -> None:
    make_shift(brand, sara, 0, 0)
    sweep_gaps(at=NOON)
    assert not WatchGap.objects.exists()
    User.objects.filter(pk=sara.pk).update(is_active=False)
    assert sweep_gaps(at=NOON) == 0
    gap = WatchGap.objects.get()
    assert gap.starts_at == NOON
    later = NOON + timedelta(minutes=1)
    assert [sweep_gaps(at=gap.due_at or NOON), sweep_gaps(at=later + HOUR)] == [1, 0]
    assert WatchGap.objects.get().starts_at == NOON  # it keeps its beginning
    (mail,) = gap_mails(lead)
    assert mail.data["gaps"][0][0] == NOON.isoformat()


def test_a_gap_that_was_filled_is_not_told(
    brand: Brand, lead: User, sara: User, omar: User
) -> None:
    make_shift(brand, sara, 8, 20)
    assert WatchGap.objects.filter(filled_at=None).count() == 28
    make_shift(brand, omar, 20, 8)
    assert not WatchGap.objects.filter(filled_at=None).exists()
    assert [sweep_gaps(at=NOON + n * DAY) for n in range(9)] == [0] * 9
    assert not gap_mails(lead)


def test_gaps_of_one_moment_come_in_one_message(brand: Brand, lead: User, sara: User) -> None:
    make_shift(brand, sara, 8, 20)
    told_now = sweep_gaps(at=NOON + timedelta(minutes=10))
    (mail,) = gap_mails(lead)
    assert told_now == mail.data["count"] == 7 and len(mail.data["gaps"]) == 7
    assert not WatchGap.objects.filter(due_at__lte=NOON + HOUR).exists()


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once(brand: Brand, lead: User, sara: User) -> None:
    make_shift(brand, sara, 8, 20)
    gate = Barrier(2)

    def sweep(_each: int) -> int:
        gate.wait()
        try:
            return sweep_gaps(at=NOON + HOUR)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(sweep, range(2)))
    assert sum(found) == 7 and len(gap_mails(lead)) == 1
