"""Every note of the documents went into a lesson, every lesson does something, and what it names exists."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from django.utils.module_loading import import_string
from django.utils.translation import override

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.core.refusals import REFUSALS
from playbooks.domain.behaviours import BEHAVIOURS, PRESENT, gate_of
from playbooks.domain.checking import check_shelf
from playbooks.domain.citing import where_from
from playbooks.domain.content import parse
from playbooks.domain.lesson_use import coverage, told_in_files, uses
from playbooks.enums import BehaviourKind
from playbooks.models import Lesson, Source
from playbooks.queries.lessons import lessons_of, listed_lessons
from tests.factories.playbooks import common_files, load, write_shelf, write_yaml

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
SHELF = check_shelf(FIXTURES).shelf
USES = uses(told_in_files(SHELF), [parse(folder.content()) for folder in SHELF.folders])
COUNTS = coverage(SHELF.rows(SHELF.notes, "notes"), USES)


def told(*words: str, fixtures: Path = FIXTURES) -> str:
    out = StringIO()
    call_command("lessons", *words, fixtures=fixtures, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("key", USES)
def test_every_lesson_does_something_or_is_planned(key: str) -> None:
    assert USES[key].state in ("used", "planned")


def test_no_note_is_left_out_and_a_lesson_without_a_note_is_not_a_documents() -> None:
    assert COUNTS.is_whole and COUNTS.mapped == COUNTS.notes
    noted = {row.get("lesson") for row in SHELF.rows(SHELF.notes, "notes")}
    rows = {row["key"]: row for row in SHELF.rows(SHELF.lessons, "lessons")}
    assert {rows[key]["origin"] for key in set(rows) - noted} <= {"public", "ours"}


def test_the_command_prints_the_counts_as_they_are() -> None:
    assert told("--coverage").strip() == (
        f"{COUNTS.mapped} of {COUNTS.notes} mapped, {COUNTS.lessons} lessons, "
        f"{COUNTS.used} used, {COUNTS.planned} planned, {COUNTS.unused} unused"
    )
    assert len(told().splitlines()) == COUNTS.lessons == COUNTS.used + COUNTS.planned


@pytest.mark.parametrize("key", PRESENT)
def test_what_a_lesson_names_is_there(key: str) -> None:
    place = BEHAVIOURS[key].place
    if place.startswith("web:"):
        pages = get_resolver().namespace_dict["web"][1]
        assert place.removeprefix("web:") in {
            name for name in pages.reverse_dict if str(name) == name
        }
    else:
        assert import_string(place) is not None


def test_every_behaviour_helps_a_lesson_and_speaks_three_languages() -> None:
    named = {each.key for use in USES.values() for each in (*use.present, *use.planned)}
    assert named == set(BEHAVIOURS)
    for behaviour in BEHAVIOURS.values():
        words = set()
        for language in LANGUAGES:
            with override(language):
                words.add(str(behaviour.words))
        assert len(words) == len(LANGUAGES), behaviour.key
        assert bool(behaviour.place) != (behaviour.kind == BehaviourKind.PLANNED)


def test_gates_are_met_under_codes_that_the_desk_says() -> None:
    reasons = {reason for each in BEHAVIOURS.values() for reason in each.reasons}
    assert reasons <= set(REFUSALS)
    gate = gate_of("prevention_missing")
    assert gate is not None and gate.key == "prevention-before-closing"
    assert gate_of("never heard of") is None


def beside_the_used_one(**names: Any) -> dict[str, Any]:
    """Return the small shelf's lessons: the one its item names, and another that names only this."""
    data = common_files()["lessons/lessons.yaml"]
    (row,) = data["lessons"]
    other = {name: row[name] for name in ("case", "origin", "rests_on", "words")}
    data["lessons"].append({"key": "another", **other, **names})
    return data


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        ({"in": ["evidence"]}, "2 used, 0 planned, 0 unused"),
        ({"clocks": ["postmortem"]}, "2 used, 0 planned, 0 unused"),
        ({"planned": ["drill"]}, "1 used, 1 planned, 0 unused"),
        ({"clocks": ["holding"]}, "1 used, 0 planned, 1 unused"),  # no playbook has such a clock
        ({}, "1 used, 0 planned, 1 unused"),
    ],
)
def test_a_lesson_that_nothing_uses_is_counted_and_refused(
    tmp_path: Path, names: dict[str, Any], counts: str
) -> None:
    write_shelf(tmp_path)
    write_yaml(tmp_path / "lessons" / "lessons.yaml", beside_the_used_one(**names))
    out = StringIO()
    if " 0 unused" in counts:
        call_command("lessons", "--coverage", fixtures=tmp_path, stdout=out)
    else:
        with pytest.raises(CommandError, match="left lying"):
            call_command("lessons", "--coverage", fixtures=tmp_path, stdout=out)
        assert "unused  another: 0 items, 0 clocks" in told(fixtures=tmp_path)
    assert out.getvalue().strip() == f"1 of 1 mapped, 2 lessons, {counts}"


def test_a_note_must_rest_on_what_its_lesson_cites(tmp_path: Path) -> None:
    write_shelf(tmp_path)
    notes = common_files()["lessons/notes.yaml"]
    notes["notes"].append(
        {
            "number": 2,
            "document": "target-ar",
            "paragraphs": [6, 7],
            "about": "his replies",
            "lesson": "answer-first",
        }
    )
    write_yaml(tmp_path / "lessons" / "notes.yaml", notes)
    (fault,) = check_shelf(tmp_path).errors
    assert fault.code == "paragraph_not_cited" and fault.message.endswith("paragraph 7")
    with pytest.raises(CommandError, match="1 faults"):
        told("--coverage", fixtures=tmp_path)


@pytest.mark.django_db
def test_lessons_are_loaded_with_case_places_and_notes(tmp_path: Path) -> None:
    load(write_shelf(tmp_path))
    lesson = Lesson.objects.get()
    assert (lesson.case, lesson.case_name["he"]) == ("target", "מילים על this")
    assert (lesson.behaviours, lesson.clocks) == (["reminders", "drill"], ["acknowledgement"])
    assert Source.objects.get().notes == [
        {"number": 1, "paragraphs": [25], "no_lesson": "furniture"}
    ]
    with override("en"):
        assert where_from(lesson) == "From the document: “words of this”, paragraphs 6, 14"
    with override("ar"):
        assert "كلمات عن this" in where_from(lesson)


@pytest.mark.django_db
def test_lessons_are_found_by_document_and_by_case() -> None:
    load(FIXTURES)
    rows = listed_lessons()
    assert {row.case for row in lessons_of(rows, case="codero")} == {"codero"}
    found = lessons_of(rows, document="neoflam-he")
    assert found and all("neoflam-he" in row.documents for row in found)
    assert not lessons_of(rows, document="neoflam-he", case="codero").exclude(case="codero")
    assert not lessons_of(rows, document="no-such")
