"""Blanks are filled once, and only facts may have changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisisdesk.core.placeholders import (
    LONGEST_FACT,
    Filled,
    fill,
    matches_template,
    names,
    stray_braces,
)

ARABIC = "نعرف أن {fake} يرد باسمنا. الجديد عند {time}: {link}"
FACTS = {"fake", "time", "link"}


def test_names_come_in_order_and_once() -> None:
    assert names("{b} {a} {b} {A} { c } {1} {a_1}") == ["b", "a", "a_1"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("{a} is fine", []),
        ("{Name}", ["{Name}"]),
        ("{ a }", ["{ a }"]),
        ("a } b", ["}"]),
        ("open {link", ["{link"]),
        ("{{a}}", ["{}"]),
    ],
)
def test_pieces_that_only_look_like_placeholders_are_found(text: str, pieces: list[str]) -> None:
    assert stray_braces(text) == pieces


def test_known_values_go_in_and_open_names_stay() -> None:
    filled = fill("{a} و {b} ثم {c} و {b}", {"a": "١", "c": "  "})
    assert filled == Filled("١ و {b} ثم {c} و {b}", ("b", "c"))


def test_a_value_with_braces_pulls_in_nothing() -> None:
    assert fill("{a} {b}", {"a": "{b}", "b": "secret"}).text == "{b} secret"


def test_filled_words_match_their_template() -> None:
    text = fill(
        ARABIC, {"fake": "@NourHelp", "time": "١٤:٣٠", "link": "https://n.example/a?b=1"}
    ).text
    assert matches_template(ARABIC, text, FACTS)
    assert matches_template(ARABIC, ARABIC, set())


@pytest.mark.parametrize(
    "text",
    [
        "نعرف أن @a يرد باسمكم. الجديد عند 9: l",  # another word
        "نعرف أن @a يرد باسمنا. الجديد عند 9: l ونعتذر\nجدا",  # a second line
        "نعرف أن  يرد باسمنا. الجديد عند 9: l",  # nothing filled in
        "نعرف أن @a يرد باسمنا. الجديد عند 9: ",
        "و نعرف أن @a يرد باسمنا. الجديد عند 9: l",  # words before
        "نعرف أن {fake} يرد باسمنا. الجديد عند 9: l",  # one left open
        "نعرف أن @a يرد باسمنا. الجديد عند 9: " + "l" * (LONGEST_FACT + 1),
        "نعرف أن @a يرد باسمنا. الجديد عند  9: l",  # a blank more
        "",
    ],
)
def test_anything_else_changed_does_not_match(text: str) -> None:
    assert not matches_template(ARABIC, text, FACTS)


def test_what_is_not_allowed_must_stand_unfilled() -> None:
    assert matches_template("{a}: {b}", "x: {b}", {"a"})
    assert not matches_template("{a}: {b}", "x: y", {"a"})


def test_signs_with_a_meaning_in_patterns_are_plain_letters() -> None:
    assert matches_template("(a) .* {x} [b] \\d $", "(a) .* 1 [b] \\d $", {"x"})
    assert not matches_template("a.c {x}", "abc 1", {"x"})


def test_one_name_has_one_value() -> None:
    assert matches_template("{a} and {a}", "x and x", {"a"})
    assert not matches_template("{a} and {a}", "x and y", {"a"})


def test_a_value_may_contain_the_words_that_follow_it() -> None:
    assert matches_template("at {a} at {b}.", "at x at y at z.", {"a", "b"})


def test_the_caller_narrows_what_a_fact_is() -> None:
    def only_digits(name: str, value: str) -> bool:
        return value.isdigit()

    assert matches_template("at {a}", "at 9", {"a"}, accepts=only_digits)
    assert not matches_template("at {a}", "at nine", {"a"}, accepts=only_digits)


def test_hostile_texts_are_decided_in_bounded_work() -> None:
    calls = 0

    def counted(name: str, value: str) -> bool:
        nonlocal calls
        calls += 1
        return True

    template = "{a}{b}{c}{d}{e}{f}{a}{b}{c}x"
    assert not matches_template(template, "a" * 5000 + "y", set("abcdef"), accepts=counted)
    assert not matches_template(
        "{a} {b} {a} {c} {b} {d}!", "a " * 2000, set("abcd"), accepts=counted
    )
    assert calls <= 40_000


VALUES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]),
    min_size=1,
    max_size=40,
)


@settings(max_examples=80, deadline=None)
@given(first=VALUES, second=VALUES)
def test_every_filling_by_short_values_matches(first: str, second: str) -> None:
    first, second = first.strip(), second.strip()
    if not first or not second or set("{}") & set(first + second):
        return
    text = fill(ARABIC, {"fake": first, "time": second, "link": "https://a.example"}).text
    assert matches_template(ARABIC, text, FACTS)
