"""The time axis as a table: the same moments for those who read rather than look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crisisdesk.reports.domain.axis import Story
from crisisdesk.reports.domain.axis_story import story_of
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one lane at one moment, in words."""

    when: Text
    lane: Text
    words: Text
    is_late: bool = False


def twin_of(source: Source, voice: Voice) -> tuple[Row, ...]:
    """Return the rows of the axis in time."""
    story = story_of(source, voice)
    rows = sorted(_rows(story), key=lambda found: found[0])
    return tuple(
        Row(voice.say(voice.moment(at, story.trouble.start)), lane, words, late)
        for at, lane, words, late in rows
    )


def _rows(story: Story) -> list[tuple[datetime, Text, Text, bool]]:
    public, said, full, waits = story.lanes
    rows = [(story.trouble.start, public, story.trouble.words, False)]
    rows += [(one.at, said, one.words, False) for one in story.said]
    if story.silence:
        rows.append((story.silence.start, said, story.silence.words, True))
    if story.promise:
        at = story.promise.came or story.promise.due
        rows.append((at, full, story.promise.outcome, story.promise.is_late))
    if story.waits and story.waits_words:
        rows.append((story.waits[0].start, waits, story.waits_words, False))
    return rows
