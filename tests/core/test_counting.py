"""Lengths as each channel counts them, checked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.core.counting import RULES, Count, count

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG = "\U0001f1f8\U0001f1e6"
KEYCAP = "1\ufe0f\u20e3"
THUMB = "\U0001f44d\U0001f3fd"


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("", 0),
        ("hello", 5),
        ("مرحبا بكم", 9),
        ("שָׁלוֹם", 7),  # four letters and three points, each below U+1100
        ("café", 4),
        ("cafe\u0301", 4),  # composed before it is counted
        ("日本", 4),
        ("\u200f", 2),  # the right-to-left mark lies outside the light ranges
        ("“x” – …", 8),  # quotes and dash are light, the ellipsis U+2026 weighs two
        ("😀", 2),
        (FAMILY, 2),
        (FLAG, 2),
        (KEYCAP, 2),
        (THUMB, 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("ﷺ", 2),
        ("https://example.com/a/very/long/path/that/goes/on?and=on", 23),
        ("see http://a.io.", 28),
        ("الرابط: https://example.com/x، شكرا", 8 + 23 + 6),
        ("example.com and a.b", 23 + 8),
        ("a@example.com", 13),
        ("https://a.com https://b.com", 47),
        ("x.co/abc", 23),
        ("e.g. this.That", 14),
    ],
)
def test_x_weighs_each_sign(text: str, used: int) -> None:
    assert count(text, "x_weighted").used == used


@pytest.mark.parametrize(
    ("text", "plain", "signs", "units"),
    [
        ("abc", 3, 3, 3),
        ("שָׁלוֹם", 7, 4, 7),
        ("مُحَمَّد", 8, 4, 8),
        ("😀", 1, 1, 2),
        (FAMILY, 5, 1, 8),
        (FLAG, 2, 1, 4),
        ("line\r\nline", 10, 9, 10),
    ],
)
def test_plain_counts_code_points_graphemes_signs_and_utf16_units(
    text: str, plain: int, signs: int, units: int
) -> None:
    counted = (count(text, rule).used for rule in ("plain", "graphemes", "utf16"))
    assert tuple(counted) == (plain, signs, units)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Count(0, 160, 0)),
        ("a" * 160, Count(160, 160, 1)),
        ("a" * 161, Count(161, 306, 2)),
        ("€" * 80, Count(160, 160, 1)),  # the euro sign takes two places
        ("a" * 152 + "€" + "a" * 10, Count(164, 306, 2)),  # and never straddles two parts
        ("a" * 152 + "€" + "a" * 152, Count(306, 459, 3)),
        ("س" * 70, Count(70, 70, 1)),
        ("ש" * 71, Count(71, 134, 2)),
        ("a" * 69 + "س", Count(70, 70, 1)),  # one Arabic letter turns the whole message
        ("😀" * 35, Count(70, 70, 1)),
        ("س" * 66 + "😀" + "س" * 67, Count(135, 201, 3)),
    ],
)
def test_a_text_message_is_counted_in_parts(text: str, expected: Count) -> None:
    assert count(text, "sms_segments") == expected


def test_a_limit_of_parts_is_shown_in_the_alphabet_s_own_units() -> None:
    assert count("a", "sms_segments", limit=3) == Count(1, 459, 1)
    assert count("س", "sms_segments", limit=3) == Count(1, 201, 1)
    assert count("س" * 202, "sms_segments", limit=3).is_over
    assert not count("س" * 201, "sms_segments", limit=3).is_over


def test_links_have_a_fixed_length_where_the_channel_says_so() -> None:
    text = "now: https://example.com/a-rather-long-address"
    assert count(text, "plain").used == len(text)
    assert count(text, "plain", 23).used == 5 + 23


def test_what_is_left_turns_negative() -> None:
    assert count("abcd", "plain", limit=3).left == -1
    assert count("abc", "plain", limit=3).left == 0
    assert count("abc", "plain").left is None
    assert not count("abc", "plain").is_over


def test_an_unknown_rule_is_an_error() -> None:
    with pytest.raises(ValueError, match="fingers"):
        count("a", "fingers")


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=200), rule=st.sampled_from(RULES))
def test_any_text_can_be_counted(text: str, rule: str) -> None:
    assert 0 <= count(text, rule).used <= 4 * len(text) + 23 * text.count(".")
