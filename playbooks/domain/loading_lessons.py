"""Sources and lessons are brought in line with their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.core.languages import LANGUAGES, fold
from playbooks.domain.loading_rows import write_row
from playbooks.models import Lesson, Source

if TYPE_CHECKING:
    from playbooks.domain.shelf_files import ShelfFiles


def load_sources(shelf: ShelfFiles) -> int:
    """Write the documents with the notes taken from them; return how many changed."""
    found = {source.key: source for source in Source.objects.select_for_update()}
    notes = shelf.rows(shelf.notes, "notes")
    written = 0
    for position, (key, row) in enumerate(shelf.sources.at("documents").items()):
        values = {
            "language": row["language"],
            "title": row["title"],
            "author": row.get("author") or {},
            "about": row.get("about") or {},
            "notes": [_note(note) for note in notes if note["document"] == key],
            "position": position,
        }
        written += write_row(Source, found.get(key), key, values)
    return written


def _note(row: dict[str, Any]) -> dict[str, Any]:
    names = ("number", "paragraphs", "lesson", "no_lesson")
    return {name: row[name] for name in names if name in row}


def load_lessons(shelf: ShelfFiles) -> int:
    """Write the lessons, and unlist those that have left the files; return how many changed."""
    found = {lesson.key: lesson for lesson in Lesson.objects.select_for_update()}
    rows = shelf.rows(shelf.lessons, "lessons")
    written = 0
    for position, row in enumerate(rows):
        case = row.get("case", "")
        name = shelf.sources.at("cases", case, "name") if case else {}
        values = {
            "origin": row["origin"],
            "case": case,
            "case_name": name,
            "rests_on": [_place(place, shelf) for place in row["rests_on"]],
            "behaviours": [*row.get("in", ()), *row.get("planned", ())],
            "clocks": list(row.get("clocks", ())),
            "words": row["words"],
            "is_listed": True,
            "position": position,
            "search_text": fold(
                " ".join([*(row["words"][code] for code in LANGUAGES), *name.values()])
            ),
        }
        written += write_row(Lesson, found.get(row["key"]), row["key"], values)
    gone = Lesson.objects.filter(is_listed=True).exclude(key__in=[row["key"] for row in rows])
    return written + gone.update(is_listed=False)


def _place(place: dict[str, Any], shelf: ShelfFiles) -> dict[str, Any]:
    if "document" not in place:
        return place
    return {**place, "title": shelf.sources.at("documents", place["document"], "title")}
