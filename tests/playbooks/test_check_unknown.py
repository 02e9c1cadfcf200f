"""A gap that reads wrong once it holds its words for "not known" is named, in every language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.checking import check_shelf
from playbooks.domain.checking_unknown import found_in
from tests.factories.playbooks import write_playbook, write_shelf

FAULTY = [
    ("What works: {x}.", "We are checking.", "unknown_doubled_sign"),
    ("ما نعرفه: {x}، وما لا نعرفه كثير", "لا شيء بعد.", "unknown_doubled_sign"),
    ("It began {x} and goes on.", "We do not know.", "unknown_mid_sentence"),
    ("{x} We are sorry.", "The cause is open", "unknown_no_end"),
    ("{x} {x}.", "הסיבה פתוחה", "unknown_no_end"),
    ("We are sorry. {x}.", "we are counting", "unknown_small_letter"),
    ("Hello,\n{x}.", "we are counting", "unknown_small_letter"),
    ("How they got in: {x}", "How they got in is not known.", "unknown_twice"),
    ("We do not know: {x}", "We do not know the cause.", "unknown_twice"),
    ("We are sorry. The cause: {x}.", "The cause is not confirmed", "unknown_twice"),
    ("מה דלף: {x}", "עוד לא ידוע מה דלף.", "unknown_twice"),
    ("נפרסם ב{x}.", "עוד לא נקבע", "unknown_joined"),
]
SOUND = [
    ("What works: {x}", "We are checking."),
    ("{x} {x}", "We are checking."),
    ("{x}. We are sorry.", "The cause is open"),
    ("It began {x} and goes on.", "at an hour we have not established"),
    ("Their answer: {x}.", "we are counting"),
    ("Cause: {x}.", "The cause is not confirmed"),
    ("Subject: {x}\n\nHello", "An event that concerns us"),
    ("نراجعها: {x}. وننشر ما نجده.", "ما زلنا نعدّ"),
    ("{x}: what we know", ""),
]


@pytest.mark.parametrize(("text", "words", "code"), FAULTY)
def test_what_reads_wrong_is_found(text: str, words: str, code: str) -> None:
    assert code in {found for _, found, _ in found_in(text, {"x": words}, {"x": "phrase"})}


@pytest.mark.parametrize(("text", "words"), SOUND)
def test_what_reads_well_is_left_alone(text: str, words: str) -> None:
    assert list(found_in(text, {"x": words}, {"x": "phrase"})) == []


@pytest.mark.parametrize("kind", ["handle", "link", "time", "number", "channel"])
def test_no_particle_is_joined_to_what_may_be_latin(kind: str) -> None:
    (found,) = found_in("ב{x}", {"x": ""}, {"x": kind})
    assert found[:2] == ("x", "unknown_joined")
    assert list(found_in("ב{x}", {"x": ""}, {"x": "phrase"})) == []  # a day is written in words


def test_it_is_a_warning_at_the_statement_and_stops_nothing(tmp_path: Path) -> None:
    def spoil(files: dict[str, dict[str, Any]]) -> None:
        for code in LANGUAGES:
            files[f"{code}.yaml"]["statements"]["holding"]["text"] += " {link}"
        files["en.yaml"]["statements"]["holding"]["text"] += ", and more"
        files["en.yaml"]["placeholders"]["link"]["unknown"] = "We are making a page."

    write_shelf(tmp_path)
    write_playbook(tmp_path, spoil=spoil)
    faults = check_shelf(tmp_path)
    (fault,) = (each for each in faults.faults if each.code == "unknown_doubled_sign")
    assert fault.path.name == "en.yaml" and fault.key == "statements.holding.text"
    assert fault.is_warning and faults.errors == ()


def test_the_shelf_itself_has_not_even_a_warning() -> None:
    root = Path(settings.BASE_DIR) / "fixtures"
    assert [fault.shown(root) for fault in check_shelf(root).faults] == []
