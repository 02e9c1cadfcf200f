"""One time axis for deadlines that are minutes or days away: drawn shapes only, as pure functions of the moment.

Every stretch of the axis is as wide as the next and longer than it the farther it lies from now: a quarter of an hour
beside now, days at the end. Within a stretch time runs evenly. Shapes count from the start of the reading direction; a
right-to-left page mirrors the drawing. Words never enter the SVG: the ticks are a list laid over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = 60
# Where the stretches end, in minutes from now.
ENDS = (15, 60, 240, 720, 1440, 4320, 10080)
FEWEST_AHEAD, FEWEST_LATE = 3, 1
STRETCH = 100  # width of one stretch in the drawing's own unit


@dataclass(frozen=True, slots=True)
class Axis:
    """How many stretches lie before and after now."""

    now: datetime
    late: int
    ahead: int

    @property
    def width(self) -> int:
        """The whole width of the drawing."""
        return (self.late + self.ahead) * STRETCH

    @property
    def now_x(self) -> int:
        """Where now is."""
        return self.late * STRETCH

    @property
    def ends(self) -> list[int]:
        """Where the stretches begin and end, without the two ends of the drawing."""
        return [place * STRETCH for place in range(1, self.late + self.ahead)]

    @property
    def ticks(self) -> list[int]:
        """What stands at the start of each stretch, in seconds from now: before now below zero, and the end of the axis
        last."""
        before = [-ENDS[place] * MINUTE for place in reversed(range(self.late))]
        after = [ENDS[place] * MINUTE for place in range(self.ahead)]
        return [*before, 0, *after]


@dataclass(frozen=True, slots=True)
class Bar:
    """One deadline on the axis: the time it allows, how much of it is used, how far over it is."""

    start: int
    allowed: int
    used: int
    over_from: int
    over: int
    due: int | None  # None: beyond the end of the axis


def axis(first: datetime | None, last: datetime | None, *, at: datetime) -> Axis:
    """Return the shortest axis that holds all between the two moments, as far as an axis reaches."""
    late = at - first if first and first < at else timedelta(0)
    ahead = last - at if last and last > at else timedelta(0)
    return Axis(at, _stretches(late, FEWEST_LATE), _stretches(ahead, FEWEST_AHEAD))


def bar(on: Axis, *, started_at: datetime, due_at: datetime) -> Bar:
    """Return one deadline's shapes on this axis; what lies beyond its ends is cut there."""
    start, due = _x(on, started_at), _x(on, due_at)
    farthest = timedelta(minutes=ENDS[on.ahead - 1])
    is_late = due_at <= on.now
    return Bar(
        start=start,
        allowed=max(due - start, 0),
        used=max(min(due, on.now_x) - start, 0),
        over_from=due,
        over=on.now_x - due if is_late else 0,
        due=due if due_at - on.now <= farthest else None,
    )


def _stretches(length: timedelta, fewest: int) -> int:
    minutes = length.total_seconds() / MINUTE
    needed = sum(end < minutes for end in ENDS) + 1
    return min(max(needed, fewest), len(ENDS))


def _x(on: Axis, moment: datetime) -> int:
    minutes = (moment - on.now).total_seconds() / MINUTE
    side, most = (1, on.ahead) if minutes >= 0 else (-1, on.late)
    away, begins = abs(minutes), 0
    place = float(most)
    for number, end in enumerate(ENDS[:most]):
        if away < end:
            place = number + (away - begins) / (end - begins)
            break
        begins = end
    return round(on.now_x + side * place * STRETCH)
