"""Faults of the files that all playbooks share: lessons, the notes they came from, documents and channels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from playbooks.domain.checking import check_shelf
from tests.factories.playbooks import common_files, write_shelf, write_yaml


@pytest.mark.parametrize(
    ("path", "where", "value", "code", "key"),
    [
        (
            "lessons/lessons.yaml", "lessons.0.rests_on.0.document", "nope",
            "unknown_document", "document",
        ),
        (
            "lessons/lessons.yaml", "lessons.0.rests_on.0.paragraphs", 14,
            "wrong_type", "paragraphs",
        ),
        (
            "lessons/lessons.yaml", "lessons.0.rests_on.0.paragraphs.0", "one",
            "bad_number", "paragraphs.0",
        ),
        ("lessons/lessons.yaml", "lessons.0.rests_on", [], "source_missing", "rests_on"),
        ("lessons/lessons.yaml", "lessons.0.case", "no-such", "unknown_case", "case"),
        ("lessons/lessons.yaml", "lessons.0.in", ["no-such"], "unknown_behaviour", "in.0"),
        ("lessons/lessons.yaml", "lessons.0.in", ["drill"], "unknown_behaviour", "in.0"),
        ("lessons/lessons.yaml", "lessons.0.clocks", ["noon"], "unknown_clock", "clocks.0"),
        ("lessons/lessons.yaml", "lessons.0.planned", ["reminders"], "unknown_behaviour", "planned.0"),
        ("lessons/notes.yaml", "notes.0.number", 2, "bad_number", "number"),
        ("lessons/notes.yaml", "notes.0.no_lesson", "dull", "bad_value", "no_lesson"),
        ("lessons/notes.yaml", "notes.0.lesson", "answer-first", "note_unmapped", "notes.0"),
        ("lessons/notes.yaml", "notes.0.document", "nope", "unknown_document", "document"),
        ("lessons/sources.yaml", "cases.target", {}, "missing_key", "target.name"),
        ("lessons/lessons.yaml", "lessons.0.words.he", " ", "empty_text", "words.he"),
        ("lessons/lessons.yaml", "lessons.0.origin", "dream", "bad_value", "origin"),
        ("lessons/sources.yaml", "documents.target-ar.language", "fr", "bad_value", "language"),
        ("lessons/sources.yaml", "documents.target-ar.title", {}, "missing_key", "title.en"),
        ("channels.yaml", "channels.0.counting", "fingers", "bad_value", "counting"),
        ("channels.yaml", "channels.0.limit", -1, "bad_number", "limit"),
    ],
)  # fmt: skip
def test_faults_of_lessons_sources_and_channels(
    tmp_path: Path, path: str, where: str, value: Any, code: str, key: str
) -> None:
    write_shelf(tmp_path)
    data = common_files()[path]
    *way, last = [int(step) if step.isdigit() else step for step in where.split(".")]
    container: Any = data
    for step in way:
        container = container[step]
    container[last] = value
    write_yaml(tmp_path / path, data)
    found = [fault for fault in check_shelf(tmp_path).errors if fault.code == code]
    assert found and found[0].path == tmp_path / path and found[0].key.endswith(key)
