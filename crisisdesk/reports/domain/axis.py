"""The drawn time axis: what happened when, as places in millimetres. One figure serves the page and
the PDF.

Shapes are drawn from left to right in millimetres inside one group, which a right-to-left page
mirrors. Words never enter the SVG (WeasyPrint neither shapes nor orders them there): they are HTML
laid over it, placed by classes of axis.css on a grid of half millimetres from the inline start, so
that no style attribute is needed (CSP).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice, minutes_between

WIDTH, ORIGIN = 174.0, 30.0
_LETTER = 1.2  # mean advance of a letter at the axis' size, in mm; a little generous on purpose
_TICK_STEPS = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
_TICK_APART = 15.0
LONGEST = timedelta(hours=24)
_TROUBLE_Y, _WORDS_Y, _HOLDING_Y, _WAITS_Y, _FLOOR_Y = 2.5, 17.5, 29.5, 40.0, 50.0
_LANE_YS = (_TROUBLE_Y + 0.9, _WORDS_Y - 1.6, _HOLDING_Y + 0.9, _WAITS_Y + 0.9)
_WORD_ROWS = (20.0, 23.2)


# Presentation attributes for the PDF (WeasyPrint reads no stylesheet inside SVG); on pages the
# classes win.
_FILLS = {
    "trouble": "#cfd6da", "allowed": "#dcebeb", "late": "#b3261e",
    "unanswered": "#4d5963", "answered": "#9aa5ad", "correction": "#e3e7ea",
}  # fmt: skip
_STROKES = {"silence": "#b3261e", "said": "#0b5d63"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled stretch of time; `tone` names its colour."""

    x: float
    y: float
    width: float
    tone: str

    @property
    def fill(self) -> str:
        return _FILLS[self.tone]


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn line between two places of one lane."""

    x: float
    to: float
    y: float
    tone: str

    @property
    def stroke(self) -> str:
        return _STROKES[self.tone]

    @property
    def is_dashed(self) -> bool:
        return self.tone == "silence"


@dataclass(frozen=True, slots=True)
class Label:
    """Words over the drawing: place in half millimetres from the inline start, width in millimetres
    (0: as needed).
    """

    x: int
    y: int
    width: int
    kind: str
    words: Text
    time: Text | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """The whole figure: its finding, shapes, labels and the sentence that replaces it for those who
    do not see it.
    """

    caption: Text
    note: Text
    alternative: str
    mirrored: bool
    bars: tuple[Bar, ...]
    lines: tuple[Line, ...]
    dots: tuple[float, ...]
    ticks: tuple[float, ...]
    due: float | None
    labels: tuple[Label, ...]
    words_y: float = _WORDS_Y
    floor_y: float = _FLOOR_Y


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with the words beside it; without `end` it still lasts."""

    start: datetime
    end: datetime | None
    words: Text
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One public word of ours."""

    at: datetime
    words: Text


@dataclass(frozen=True, slots=True)
class Promise:
    """The clock of the full statement: allowed from start to due, and when it came, if it came."""

    start: datetime
    due: datetime
    came: datetime | None
    allowed: Text
    outcome: Text
    is_late: bool


@dataclass(frozen=True, slots=True)
class Story:
    """What the axis tells, before it is drawn. `lanes` names the four rows from the top."""

    lanes: tuple[Text, Text, Text, Text]
    until: datetime
    trouble: Span
    said: tuple[Said, ...] = ()
    silence: Span | None = None
    promise: Promise | None = None
    waits: tuple[Span, ...] = ()
    waits_words: Text | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a moment into millimetres from the inline start."""

    start: datetime
    end: datetime

    @property
    def step(self) -> float:
        return (WIDTH - ORIGIN) / max(1, minutes_between(self.start, self.end))

    def place(self, moment: datetime) -> float:
        kept = min(max(moment, self.start), self.end)
        return round(ORIGIN + (kept - self.start).total_seconds() / 60 * self.step, 1)

    def shows(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


def window(story: Story) -> tuple[Scale, bool]:
    """The stretch of time to draw, and whether something later was left out.

    It follows what we did rather than how long the matter stayed open, and never exceeds a day: the
    first hours are where lateness shows, and they must not shrink to a dot.
    """
    starts = [
        story.trouble.start,
        *(said.at for said in story.said),
        *(wait.start for wait in story.waits),
    ]
    ends = [said.at for said in story.said] + [wait.end or story.until for wait in story.waits]
    if story.promise:
        starts.append(story.promise.start)
        ends.append(story.promise.due)
        ends.append(story.promise.came or min(story.until, story.promise.due + timedelta(hours=2)))
    if not story.said:
        ends.append(story.trouble.end or story.until)
    first = min(starts)
    last = max(max(ends), first + timedelta(minutes=45))
    is_cut = last - first > LONGEST
    last = min(last, first + LONGEST)
    pad = max(timedelta(minutes=3), (last - first) * 0.05)
    return Scale(first - pad, last + pad * 1.6), is_cut


def draw(story: Story, voice: Voice, *, caption: Text, note: Text, alternative: str) -> Axis:
    """Place every shape and label of the story; labels of our words never cover one another."""
    scale, _is_cut = window(story)
    bars: list[Bar] = []
    lines: list[Line] = []
    labels = [
        _label(0, y, 0, "lane", words) for y, words in zip(_LANE_YS, story.lanes, strict=True)
    ]
    labels += _trouble(story, scale, bars)
    labels += _words(story, scale, lines, voice)
    labels += _promise(story, scale, bars)
    labels += _waits(story, scale, bars)
    ticks = list(_ticks(scale, voice))
    labels += [_label(x - 8, _FLOOR_Y + 1.2, 16, "tick", voice.say(words)) for x, words in ticks]
    promise = story.promise
    return Axis(
        caption=caption,
        note=note,
        alternative=alternative,
        mirrored=voice.direction == "rtl",
        bars=tuple(bars),
        lines=tuple(lines),
        dots=tuple(scale.place(said.at) for said in story.said if scale.shows(said.at)),
        ticks=tuple(x for x, _words_of_tick in ticks),
        due=scale.place(promise.due) if promise and scale.shows(promise.due) else None,
        labels=tuple(labels),
    )


def places() -> str:
    """The stylesheet of all places a label can have; `axis-places.css` is this text."""
    rules = [
        "/* Written by places() in crisisdesk/reports/domain/axis.py: a grid of half millimetres. */"
    ]
    rules += [
        f".ax-x{x} {{ inset-inline-start: {x / 2:g}mm }}" for x in range(round(WIDTH * 2) + 1)
    ]
    rules += [f".ax-y{y} {{ top: {y / 2:g}mm }}" for y in range(round(_FLOOR_Y * 2) + 13)]
    rules += [f".ax-w{width} {{ width: {width}mm }}" for width in range(2, round(WIDTH) + 1, 2)]
    return "\n".join(rules) + "\n"


def _label(
    x: float, y: float, width: float, kind: str, words: Text, time: Text | None = None
) -> Label:
    return Label(max(0, round(x * 2)), round(y * 2), round(width), kind, words, time)


def _length(*texts: Text | None) -> float:
    """About how wide the words will be: an even number of mm, as axis-places.css has them."""
    shown = [text.words for text in texts if text]
    return 2.0 * math.ceil((sum(len(words) for words in shown) + len(shown)) * _LETTER / 2)


def _bar(scale: Scale, start: datetime, end: datetime, y: float, tone: str) -> Bar:
    x = scale.place(start)
    return Bar(x, y, round(max(scale.place(end) - x, 0.6), 1), tone)


def _beside(bar_start: float, bar_end: float, y: float, kind: str, words: Text) -> Label:
    """Words after a bar, or before it, or under it: where there is room."""
    wide = _length(words)
    if bar_end + 1.5 + wide <= WIDTH:
        return _label(bar_end + 1.5, y + 0.9, wide, kind, words)
    if bar_start - 1.5 - wide >= ORIGIN:
        return _label(bar_start - 1.5 - wide, y + 0.9, wide, f"{kind} end", words)
    return _label(max(ORIGIN, min(bar_start, WIDTH - wide)), y + 5.4, wide, kind, words)


def _trouble(story: Story, scale: Scale, bars: list[Bar]) -> list[Label]:
    bar = _bar(scale, story.trouble.start, story.trouble.end or story.until, _TROUBLE_Y, "trouble")
    bars.append(bar)
    if _length(story.trouble.words) + 4 <= bar.width:
        return [_label(bar.x + 2, _TROUBLE_Y + 0.9, 0, "in", story.trouble.words)]
    return [_beside(bar.x, bar.x + bar.width, _TROUBLE_Y, "in", story.trouble.words)]


def _words(story: Story, scale: Scale, lines: list[Line], voice: Voice) -> list[Label]:
    said = [one for one in story.said if scale.shows(one.at)]
    silence = story.silence if story.silence and scale.shows(story.silence.start) else None
    silent = (
        (scale.place(silence.start), scale.place(silence.end or story.until))
        if silence
        else (WIDTH, WIDTH)
    )
    for before, after in zip(said, said[1:], strict=False):
        x, to = scale.place(before.at), scale.place(after.at)
        # The spoken line leaves the silence out, which is drawn over it in its own colour.
        for start, end in ((x, min(to, silent[0])), (max(x, silent[1]), to)):
            if start < end:
                lines.append(Line(start, end, _WORDS_Y, "said"))
    labels = []
    if silence:
        lines.append(Line(*silent, _WORDS_Y, "silence"))
        wide = _length(silence.words)
        middle = sum(silent) / 2
        labels.append(
            _label(_kept(middle - wide / 2, wide), 12.5, wide, f"mid {silence.tone}", silence.words)
        )
    return labels + _without_collisions(said, scale, voice)


def _kept(x: float, wide: float) -> float:
    return min(max(x, ORIGIN - 4), WIDTH - wide)


def _without_collisions(said: Sequence[Said], scale: Scale, voice: Voice) -> list[Label]:
    """Words under the dots in two rows; where both are taken the time stands alone, and then only
    the dot.
    """
    taken = [0.0 for _row in _WORD_ROWS]
    labels = []
    for one in said:
        time = voice.say(voice.time(one.at))
        for words in (one.words, voice.say("")):
            wide = _length(time, words)
            x = _kept(scale.place(one.at) - wide / 2, wide)
            row = next((index for index, end in enumerate(taken) if x >= end), None)
            if row is not None:
                taken[row] = x + wide
                labels.append(_label(x, _WORD_ROWS[row], wide, "mid", words, time))
                break
    return labels


def _promise(story: Story, scale: Scale, bars: list[Bar]) -> list[Label]:
    promise = story.promise
    if promise is None:
        return []
    came = promise.came or story.until
    allowed = _bar(scale, promise.start, min(promise.due, came), _HOLDING_Y, "allowed")
    bars.append(allowed)
    end = allowed.x + allowed.width
    if promise.is_late:
        late = _bar(scale, promise.due, came, _HOLDING_Y, "late")
        bars.append(late)
        end = late.x + late.width
    labels = []
    if _length(promise.allowed) + 4 <= allowed.width:
        labels.append(_label(allowed.x + 2, _HOLDING_Y + 0.9, 0, "in", promise.allowed))
    kind = "late" if promise.is_late else "after"
    return [*labels, _beside(allowed.x, end, _HOLDING_Y, kind, promise.outcome)]


def _waits(story: Story, scale: Scale, bars: list[Bar]) -> list[Label]:
    shown = [wait for wait in story.waits if scale.shows(wait.start)]
    drawn = [
        _bar(scale, wait.start, wait.end or story.until, _WAITS_Y, wait.tone) for wait in shown
    ]
    bars.extend(drawn)
    if not story.waits_words:
        return []
    if not drawn:
        return [_label(ORIGIN, _WAITS_Y + 0.9, 0, "after", story.waits_words)]
    start, end = min(bar.x for bar in drawn), max(bar.x + bar.width for bar in drawn)
    return [_beside(start, end, _WAITS_Y, "after", story.waits_words)]


def _ticks(scale: Scale, voice: Voice) -> Iterable[tuple[float, str]]:
    """Full steps of local time, far enough apart to be read; the first of a new day carries its
    date.
    """
    step = next((one for one in _TICK_STEPS if one * scale.step >= _TICK_APART), _TICK_STEPS[-1])
    midnight = voice.local(scale.start).replace(hour=0, minute=0, second=0, microsecond=0)
    gone = minutes_between(midnight, scale.start)
    moment = midnight + timedelta(minutes=-(-gone // step) * step)
    day = voice.day(scale.start)
    while moment <= scale.end:
        x = scale.place(moment)
        if ORIGIN + 4 <= x <= WIDTH - 5:
            is_new_day = voice.day(moment) != day
            day = voice.day(moment)
            yield x, voice.short_date(moment) if is_new_day else voice.time(moment)
        moment += timedelta(minutes=step)
