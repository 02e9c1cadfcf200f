"""What must hold in the files under lessons/: documents and cases, lessons, and the notes that each became one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.behaviours import PLANNED, PRESENT
from playbooks.domain.inspector import Inspector
from playbooks.enums import ClockKind, NoLesson, Provenance

if TYPE_CHECKING:
    from collections.abc import Collection

    from playbooks.domain.shelf_files import ShelfFiles
    from playbooks.domain.yaml_files import Document


def named(document: Document, part: str) -> list[str]:
    """Return the keys of a mapping in the file, or nothing."""
    found = document.at(part)
    return [str(key) for key in found] if isinstance(found, dict) else []


def check_lessons(shelf: ShelfFiles) -> None:
    """Note every fault of sources, lessons and notes in their documents."""
    _sources(shelf)
    _lessons(shelf)
    _notes(shelf)


def _sources(shelf: ShelfFiles) -> None:
    if shelf.sources.data is None:
        return
    ask = Inspector(shelf.sources)
    ask.mapping(required=("documents",), optional=("schema", "cases"))
    for key in named(shelf.sources, "documents"):
        ask.mapping("documents", key, required=("language", "title"), optional=("author", "about"))
        ask.choice(LANGUAGES, "documents", key, "language")
        for part in ("title", "author", "about"):
            if ("documents", key, part) in shelf.sources.lines:
                ask.languages("documents", key, part)
    for key in named(shelf.sources, "cases"):
        ask.mapping("cases", key, required=("name",))
        ask.languages("cases", key, "name")


def _lessons(shelf: ShelfFiles) -> None:
    if shelf.lessons.data is None:
        return
    ask = Inspector(shelf.lessons)
    ask.mapping(required=("lessons",), optional=("schema",))
    rows = ask.rows("lessons")
    ask.once(rows, "lessons")
    for index in rows:
        at = ("lessons", index)
        ask.mapping(
            *at,
            required=("key", "origin", "rests_on", "words"),
            optional=("case", "in", "clocks", "planned"),
        )
        ask.choice(Provenance.values, *at, "origin")
        ask.known("case", named(shelf.sources, "cases"), *at, "case")
        _rests_on(ask, named(shelf.sources, "documents"), *at, "rests_on")
        _known(ask, "behaviour", PRESENT, *at, "in")
        _known(ask, "clock", ClockKind.values, *at, "clocks")
        _known(ask, "behaviour", PLANNED, *at, "planned")
        if (*at, "words") in shelf.lessons.lines:
            ask.languages(*at, "words")


def _known(ask: Inspector, what: str, known: Collection[str], *path: str | int) -> None:
    for index, _text in enumerate(ask.texts(*path)):
        ask.known(what, known, *path, index)


def _rests_on(ask: Inspector, documents: Collection[str], *path: str | int) -> None:
    """Each place is a document with its paragraphs, or a public source with its address."""
    rows = ask.rows(*path)
    if path in ask.document.lines and not rows:
        ask.fault(path, "source_missing", "names no document and no public source")
    for index in rows:
        at = (*path, index)
        if (*at, "public") in ask.document.lines:
            ask.mapping(*at, required=("public", "url"))
            ask.text(*at, "public")
            ask.text(*at, "url")
        else:
            ask.mapping(*at, required=("document", "paragraphs"))
            ask.known("document", documents, *at, "document")
            _paragraphs(ask, *at, "paragraphs")


def _paragraphs(ask: Inspector, *path: str | int) -> list[int]:
    found = ask.document.at(*path)
    if path not in ask.document.lines:
        return []
    if not isinstance(found, list) or not found:
        ask.fault(path, "wrong_type", "must be a list of paragraph numbers")
        return []
    numbers = [ask.number(*path, index, most=999) for index in range(len(found))]
    return [number for number in numbers if number is not None]


def _notes(shelf: ShelfFiles) -> None:
    """Notes are numbered from 1 without a gap; each went into a lesson that cites its paragraphs, or says why not."""
    if shelf.notes.data is None:
        return
    ask = Inspector(shelf.notes)
    ask.mapping(required=("notes",), optional=("schema",))
    lessons = {str(row.get("key")): row for row in shelf.rows(shelf.lessons, "lessons")}
    for place, index in enumerate(ask.rows("notes"), start=1):
        at = ("notes", index)
        row = ask.mapping(
            *at,
            required=("number", "document", "paragraphs", "about"),
            optional=("lesson", "no_lesson"),
        )
        if row.get("number") != place:
            ask.fault((*at, "number"), "bad_number", f"must be {place}: no note is left out")
        document = ask.known("document", named(shelf.sources, "documents"), *at, "document")
        paragraphs = _paragraphs(ask, *at, "paragraphs")
        ask.text(*at, "about")
        if ("lesson" in row) == ("no_lesson" in row):
            ask.fault(
                at, "note_unmapped", "names either a lesson or, in no_lesson, why there is none"
            )
        ask.choice(NoLesson.values, *at, "no_lesson")
        lesson = ask.known("lesson", lessons, *at, "lesson")
        if lesson is None or document is None:
            continue
        left_out = set(paragraphs) - cited(lessons[lesson], document)
        if left_out:
            told = ", ".join(str(number) for number in sorted(left_out))
            ask.fault(
                (*at, "lesson"), "paragraph_not_cited", f"{lesson!r} does not cite paragraph {told}"
            )


def cited(lesson: dict[str, Any], document: str) -> set[int]:
    """Return the paragraphs of a document that a row of lessons.yaml rests on."""
    places = lesson.get("rests_on")
    return {
        number
        for place in (places if isinstance(places, list) else ())
        if isinstance(place, dict) and place.get("document") == document
        for number in place.get("paragraphs") or ()
        if isinstance(number, int)
    }
