"""Shifts, covers and gaps on the axis of time, with named dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from crisisdesk.core import watch
from crisisdesk.core.watch import Change, Cover, Needed, Shift, Slot
from crisisdesk.core.working_calendar import WorkCalendar

HAIFA = WorkCalendar(
    "Asia/Jerusalem", weekend=(5, 6), country="IL", latitude=32.794, longitude=34.99, by_sunset=True
)
DUBAI = WorkCalendar("Asia/Dubai")
EVERY = frozenset(range(1, 8))
SARA, OMAR, DANA = 1, 2, 3
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


def shift(person: int, starts: int | None, ends: int | None, **changes: object) -> Shift:
    """Return a shift of every day from the first of 2026."""
    hours = (time(hour) if hour is not None else None for hour in (starts, ends))
    return replace(
        Shift(person, person, EVERY, *hours, valid_from=date(2026, 1, 1)),
        **changes,  # type: ignore[arg-type]
    )


def test_a_shift_goes_over_midnight_and_around_the_clock() -> None:
    (night,) = watch.slots_of(
        [shift(SARA, 22, 6)], DUBAI, utc(2026, 11, 18, 20), utc(2026, 11, 18, 21)
    )
    assert (night.start, night.end) == (utc(2026, 11, 18, 18), utc(2026, 11, 19, 2))
    (whole,) = watch.slots_of(
        [shift(SARA, 8, 8)], DUBAI, utc(2026, 11, 18, 5), utc(2026, 11, 18, 6)
    )
    assert whole.end - whole.start == 24 * HOUR


def test_the_lost_and_the_doubled_hour_belong_to_the_night() -> None:
    """Clocks go forward on Friday 27 March 2026 at 02:00 and back on Sunday 25 October 2026 at 02:00."""
    nights = [shift(SARA, 22, 6), shift(OMAR, 6, 22)]
    for start, lengths in (
        (utc(2026, 3, 26, 20), [7 * HOUR, 16 * HOUR, 8 * HOUR]),
        (utc(2026, 10, 24, 19), [9 * HOUR, 16 * HOUR, 8 * HOUR]),
    ):
        laid = watch.slots_of(nights, HAIFA, start, start + timedelta(days=1, hours=6))
        assert [slot.end - slot.start for slot in laid] == lengths
        assert all(one.end == other.start for one, other in zip(laid, laid[1:], strict=False))


def test_a_change_of_watch_in_the_lost_hour_leaves_no_hole() -> None:
    half = time(2, 30)  # 02:30 does not exist on 27 March
    laid = watch.slots_of(
        [replace(shift(SARA, 22, 6), ends=half), replace(shift(OMAR, 22, 6), starts=half)],
        HAIFA, utc(2026, 3, 26, 21), utc(2026, 3, 27, 2),
    )  # fmt: skip
    assert laid[0].end == laid[1].start == utc(2026, 3, 27, 0, 30)
    assert not watch.gaps([(utc(2026, 3, 26, 21), utc(2026, 3, 27, 2))], laid)


def test_until_sunset_and_from_sunset_meet() -> None:
    laid = watch.slots_of(
        [shift(SARA, 8, None), shift(OMAR, None, 8)],
        HAIFA,
        utc(2026, 9, 18, 6),
        utc(2026, 9, 19, 4),
    )
    assert laid[0].end == laid[1].start == utc(2026, 9, 18, 15, 42)
    assert laid[1].end == utc(2026, 9, 19, 5)


def test_weekdays_validity_and_every_second_week() -> None:
    monday = shift(
        SARA, 8, 16, weekdays=frozenset({1}), valid_from=date(2026, 11, 16),
        valid_until=date(2026, 12, 20), every=2,
    )  # fmt: skip
    laid = watch.slots_of([monday], DUBAI, utc(2026, 11, 1), utc(2027, 1, 31))
    assert [slot.start.date() for slot in laid] == [
        date(2026, 11, 16), date(2026, 11, 30), date(2026, 12, 14),
    ]  # fmt: skip


def test_a_cover_takes_its_part_and_a_cover_of_a_cover_too() -> None:
    day = [Slot(utc(2026, 11, 18, 6), utc(2026, 11, 18, 14), SARA, 1)]
    first = Cover(1, SARA, OMAR, utc(2026, 11, 18, 8), utc(2026, 11, 18, 12))
    second = Cover(2, OMAR, DANA, utc(2026, 11, 18, 10), utc(2026, 11, 18, 20))
    found = watch.covered(day, [first, second])
    assert [(slot.start.hour, slot.end.hour, slot.person) for slot in found] == [
        (6, 8, SARA), (8, 10, OMAR), (10, 12, DANA), (12, 14, SARA),
    ]  # fmt: skip
    third = Cover(3, None, DANA, utc(2026, 11, 18, 14), utc(2026, 11, 18, 16))
    assert watch.covered(day, [third])[-1].person == DANA


def test_who_left_is_gone_from_now_on_and_was_there_before() -> None:
    slots = [
        Slot(utc(2026, 11, 18, 6), utc(2026, 11, 18, 14), SARA),
        Slot(utc(2026, 11, 19, 6), utc(2026, 11, 19, 14), SARA),
        Slot(utc(2026, 11, 18, 6), utc(2026, 11, 18, 14), OMAR),
    ]
    found = watch.without(slots, {SARA}, at=utc(2026, 11, 18, 10))
    assert [(slot.person, slot.end.hour) for slot in found] == [(SARA, 10), (OMAR, 14)]
    assert watch.watching(found, utc(2026, 11, 18, 10)) == [OMAR]


def test_the_watch_passes_at_the_moment_one_ends() -> None:
    slots = [
        Slot(utc(2026, 11, 18, 6), utc(2026, 11, 18, 14), SARA),
        Slot(utc(2026, 11, 18, 14), utc(2026, 11, 18, 22), OMAR),
        Slot(utc(2026, 11, 18, 14), utc(2026, 11, 18, 18), DANA),
    ]
    found = list(watch.changes(slots, utc(2026, 11, 18, 6), utc(2026, 11, 18, 18)))
    assert found == [
        Change(utc(2026, 11, 18, 14), frozenset({SARA}), frozenset({OMAR, DANA})),
        Change(utc(2026, 11, 18, 18), frozenset({DANA}), frozenset()),
    ]


def test_gaps_are_what_is_needed_and_not_watched() -> None:
    needed = Needed(EVERY, time(0), time(0), rest=True, since=utc(2026, 11, 18, 0))
    times = watch.needed_times(needed, DUBAI, utc(2026, 11, 17), utc(2026, 11, 19))
    assert times == [(utc(2026, 11, 18), utc(2026, 11, 19))]
    laid = watch.slots_of([shift(SARA, 8, 20)], DUBAI, utc(2026, 11, 18), utc(2026, 11, 19))
    assert watch.gaps(times, laid) == [
        (utc(2026, 11, 18, 0), utc(2026, 11, 18, 4)), (utc(2026, 11, 18, 16), utc(2026, 11, 19)),
    ]  # fmt: skip


def test_nobody_is_needed_in_the_rest_where_it_is_kept() -> None:
    needed = Needed(EVERY, time(0), time(0), rest=False, since=utc(2026, 1, 1))
    found = watch.needed_times(needed, HAIFA, utc(2026, 9, 18), utc(2026, 9, 20))
    assert found == [
        (utc(2026, 9, 18), utc(2026, 9, 18, 15, 42)), (utc(2026, 9, 19, 16, 17), utc(2026, 9, 20)),
    ]  # fmt: skip


def test_two_in_one_slot_clash_and_neighbours_do_not() -> None:
    one = Slot(utc(2026, 11, 18, 6), utc(2026, 11, 18, 14), SARA)
    next_one = Slot(utc(2026, 11, 18, 14), utc(2026, 11, 18, 22), OMAR)
    over = Slot(utc(2026, 11, 18, 13), utc(2026, 11, 18, 15), DANA)
    assert watch.clash([next_one], [one]) is None
    assert watch.clash([over], [one, next_one]) == (over, one)
