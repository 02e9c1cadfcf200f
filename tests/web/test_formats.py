"""How time, names and foreign-direction words are written."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from crisisdesk.core import formats

NOW = datetime(2026, 11, 17, 10, 34, tzinfo=UTC)
DUBAI = ZoneInfo("Asia/Dubai")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "due in 1 min"),
        (25 * 60 + 1, "due in 26 min"),
        (26 * 60, "due in 26 min"),
        (3600, "due in 1 h"),
        (4200, "due in 1 h 10 min"),
        (2 * 86400 + 3 * 3600, "due in 2 days 3 h"),
        (0, "due now"),
        (-59, "due now"),
        (-60, "1 min late"),
        (-19 * 60 - 30, "19 min late"),
        (-86400, "1 day late"),
    ],
)
def test_a_deadline_stands_in_words(seconds: int, words: str) -> None:
    assert formats.clock_words(NOW + timedelta(seconds=seconds), NOW) == words


def test_a_deadline_is_late_from_its_due_time_on() -> None:
    assert formats.is_late(NOW, NOW)
    assert not formats.is_late(NOW + timedelta(seconds=1), NOW)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "just now"),
        (34 * 60, "34 min ago"),
        (2 * 3600 + 300, "2 h 5 min ago"),
        (7 * 3600 + 300, "7 h ago"),
        (3 * 86400 + 7000, "3 days ago"),
    ],
)
def test_the_past_is_rounded_the_more_the_older_it_is(seconds: int, words: str) -> None:
    assert formats.ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_time_used_never_leaves_its_bar() -> None:
    start, due = NOW - timedelta(minutes=30), NOW + timedelta(minutes=30)
    assert formats.used(start, due, NOW) == (1800, 3600)
    assert formats.used(start, due, NOW + timedelta(days=1)) == (3600, 3600)
    assert formats.used(start, due, NOW - timedelta(days=1)) == (0, 3600)
    assert formats.used(NOW, NOW, NOW) == (0, 1)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_browser_gets_a_form_for_every_plural_of_the_language(language: str) -> None:
    words = json.loads(formats.clock_forms(language))
    for unit in ("min", "h", "day"):
        assert set(words["units"][unit]) == {"zero", "one", "two", "few", "many", "other"}
        assert "{n}" in words["units"][unit]["other"]
    assert "{span}" in words["due"]
    assert "{span}" in words["late"]


def test_handles_links_and_times_keep_their_direction() -> None:
    shown = formats.isolate(
        "كتب @NourHelp الساعة 15:30 إلى team@nour.example عن CD-2026-0042، وكفى."
    )
    for word in ("@NourHelp", "15:30", "team@nour.example", "CD-2026-0042"):
        assert f'<bdi dir="ltr" class="n">{word}</bdi>' in shown
    assert shown.count("<bdi") == 4


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("https://nourhome.example/ar/real.", "https://nourhome.example/ar/real"),
        ("(nourhome.example/real)", "nourhome.example/real"),
        ("ב@NourHelp", "@NourHelp"),
        ("+2", "+2"),
        ("+971 50 000 0000", "+971 50 000 0000"),
        ("#NourHome,", "#NourHome"),
    ],
)
def test_punctuation_stays_outside(text: str, inside: str) -> None:
    assert f">{inside}</bdi>" in formats.isolate(text)


def test_what_people_wrote_is_escaped() -> None:
    shown = formats.isolate('<script>alert(1)</script> @a"b <b>http://x.test/?a=<i></b>')
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "<i>" not in shown


def test_the_zone_is_named_with_its_offset() -> None:
    assert formats.zone_name(DUBAI, NOW) == "Dubai (UTC+4)"
    assert formats.zone_name(ZoneInfo("Asia/Kolkata"), NOW) == "Kolkata (UTC+5:30)"
    assert formats.zone_name(ZoneInfo("UTC"), NOW) == "UTC"
    with translation.override("ar"):
        assert formats.zone_name(DUBAI, NOW) == "دبي (UTC+4)"


def test_a_time_of_today_has_no_date_and_every_other_has() -> None:
    assert "14:34" in formats.at(NOW, DUBAI, NOW)
    assert "Nov" not in formats.at(NOW, DUBAI, NOW)
    assert "18 Nov" in formats.at(NOW + timedelta(hours=12), DUBAI, NOW)
    assert "17 November 2026" in formats.moment(NOW, DUBAI)
    assert 'datetime="2026-11-17T10:34:00Z"' in formats.moment(NOW, DUBAI)


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Huda Al Mansoori", "H"),
        ("هدى المنصوري", "ه"),
        ("عبد الرحمن صالح", "ر"),
        ("عبدالرحمن", "ر"),
        ("الياس", "ي"),
        ("ד״ר נועה לוי", "נ"),
        ("", "?"),
    ],
)
def test_one_letter_stands_for_a_person(name: str, letter: str) -> None:
    assert formats.initial(name) == letter


def test_digits_have_one_style() -> None:
    assert formats.digits("12 من ٢٤", "arabic") == "١٢ من ٢٤"
    assert formats.digits("12 من ٢٤", "latin") == "12 من 24"


def test_changes_are_marked_word_by_word_and_escaped() -> None:
    shown = formats.changes("call us at 14:00 <b>", "write to us at 13:30")
    assert "<del>call</del> <ins>write to</ins> us" in shown
    assert "<del>" in shown
    assert "<b>" not in shown
    assert formats.changes("same words", "same words") == "same words"
