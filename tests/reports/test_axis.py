"""The time axis: everything inside the frame, nothing over anything else, the same drawing in both
directions.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

from crisisdesk.reports.domain import axis
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice
from tests.reports.sample import sample

START = datetime(2026, 11, 11, 6, tzinfo=UTC)
VOICE = Voice("en", "Asia/Dubai")


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def say(words: str) -> Text:
    return VOICE.say(words)


def story(*said: int, lasting: int = 200) -> axis.Story:
    return axis.Story(
        lanes=(say("a"), say("b"), say("c"), say("d")),
        until=after(lasting),
        trouble=axis.Span(START, after(lasting), say("going on")),
        said=tuple(axis.Said(after(minute), say("update")) for minute in said),
        promise=axis.Promise(
            START, after(60), after(82), say("60 min allowed"), say("22 min late"), True
        ),
    )


def draw(told: axis.Story, voice: Voice = VOICE) -> axis.Axis:
    return axis.draw(told, voice, caption=say("finding"), note=say("zone"), alternative="Words")


def test_labels_under_the_dots_never_cover_one_another() -> None:
    drawn = draw(story(*range(5, 190, 6)))
    spoken = [label for label in drawn.labels if label.time]
    assert len(drawn.dots) == 31
    for row in {label.y for label in spoken}:
        places = sorted((label.x, label.x + label.width * 2) for label in spoken if label.y == row)
        assert all(end <= start for (_, end), (start, _) in pairwise(places))


@pytest.mark.parametrize("lasting", [10, 45, 200, 1500, 9000])
def test_everything_stays_inside_the_frame(lasting: int) -> None:
    drawn = draw(story(1, 9, min(82, lasting), lasting, lasting=lasting))
    for bar in drawn.bars:
        assert bar.x >= axis.ORIGIN
        assert bar.x + bar.width <= axis.WIDTH + 0.6
    for label in drawn.labels:
        assert label.x >= 0
        assert label.x / 2 + label.width <= axis.WIDTH + 0.5, label
    assert all(axis.ORIGIN <= dot <= axis.WIDTH for dot in drawn.dots)
    assert 2 <= len(drawn.ticks) <= 12


def test_a_long_matter_draws_its_first_day() -> None:
    scale, is_cut = axis.window(story(9, 82, 5000, lasting=9000))
    assert is_cut
    assert scale.end - scale.start < timedelta(hours=28)


def test_the_late_part_begins_at_the_due_time() -> None:
    drawn = draw(story(9))
    late = next(bar for bar in drawn.bars if bar.tone == "late")
    assert late.x == drawn.due


def test_a_right_to_left_page_mirrors_one_group_and_moves_no_number() -> None:
    left, right = draw(story(9, 82)), draw(story(9, 82), Voice("ar", "Asia/Dubai"))
    assert (left.mirrored, right.mirrored) == (False, True)
    assert left.dots == right.dots


def test_the_figure_has_words_for_everyone_and_no_style_attribute() -> None:
    html = render_to_string("reports/axis.html", {"axis": sample("ar").axis})
    assert "<title>محور زمني" in html
    assert "style=" not in html
    assert "<text" not in html
    assert "scale(-1 1)" in html


def test_the_stylesheet_of_places_is_the_one_the_axis_writes() -> None:
    path = finders.find("reports/axis-places.css")
    assert path
    with open(path, encoding="utf-8") as file:
        assert file.read() == axis.places()
