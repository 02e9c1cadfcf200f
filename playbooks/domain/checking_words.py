"""What must hold in the word files: the same keys in every language, known placeholders, lengths
that fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.core import counting, placeholders
from crisisdesk.core.languages import LANGUAGES, NAMES
from playbooks.domain.inspector import Inspector
from playbooks.domain.shelf_files import Folder
from playbooks.domain.yaml_files import Document
from playbooks.enums import PlaceholderKind, Severity

_TOP = (
    "title",
    "summary",
    "when_to_use",
    "not_for",
    "trap",
    "first_facts",
    "severities",
    "clocks",
    "items",
    "statements",
    "placeholders",
    "avoid",
)
_LINES = ("title", "summary", "when_to_use", "not_for", "trap")
_PARTS = {
    "items": ("words", "detail"),
    "statements": ("title", "text"),
    "placeholders": ("label", "prompt", "unknown"),
    "questions": ("ask", "yes", "no"),
}
FIRST_FACTS = range(3, 6)
AVOID = range(5, 9)
SAMPLES = {
    PlaceholderKind.HANDLE: "@NourHomeHelp",
    PlaceholderKind.LINK: "https://nourhome.example/help",
    PlaceholderKind.TIME: "14:30 (Asia/Dubai)",
    PlaceholderKind.NUMBER: "1,200",
    PlaceholderKind.PHRASE: "x" * 30,
    PlaceholderKind.CHANNEL: "Instagram",
}


@dataclass(frozen=True, slots=True)
class ChannelLimit:
    """How one channel counts, and how much it takes."""

    limit: int
    counting: str
    link_length: int | None


def check_words(folder: Folder, limits: Mapping[str, ChannelLimit]) -> None:
    """Note every fault of the three word files in their documents."""
    keys = {name: _row_keys(folder.structure, name) for name in ("clocks", "items", "statements")}
    keys["placeholders"] = _names(folder.structure.at("placeholders"))
    keys["questions"] = _row_keys(folder.structure, "questions")
    moves = folder.structure.at("schema") != 1
    for code, document in folder.words.items():
        if document.data is None:
            continue
        ask = Inspector(document)
        asks = ("questions",) if keys["questions"] else ()
        ask.mapping(
            required=(*_TOP, "case_note", *asks) if moves else _TOP,
            optional=("questions",) if moves else (),
        )
        if moves:
            _case_note(ask, has_case=folder.structure.at("case") is not None)
        for name in _LINES:
            ask.text(name)
        _lists(ask)
        for name, expected in (("severities", Severity.values), ("clocks", keys["clocks"])):
            if (name,) in document.lines:
                ask.mapping(name, required=expected)
                for key in expected:
                    ask.text(name, key)
        for name, parts in _PARTS.items():
            if (name,) in document.lines:
                _entries(ask, name, keys[name], parts)
        _no_blanks_elsewhere(document)
        _statement_blanks(folder, code, set(keys["placeholders"]))
        _not_copied(folder, code)
    if all(document.data is not None for document in folder.words.values()):
        _every_blank_used(folder, keys["placeholders"])
    _facts_stand_in_text(folder)
    _lengths(folder, limits)


def statement_text(document: Document, key: str) -> str:
    """Return a statement's words in one file, or nothing."""
    found = document.at("statements", key, "text")
    return found if isinstance(found, str) else ""


def _row_keys(document: Document, name: str) -> list[str]:
    found = document.at(name)
    rows = found if isinstance(found, list) else []
    return [row["key"] for row in rows if isinstance(row, dict) and isinstance(row.get("key"), str)]


def _names(found: Any) -> list[str]:
    return [name for name in found if isinstance(name, str)] if isinstance(found, dict) else []


def _entries(ask: Inspector, name: str, keys: list[str], parts: tuple[str, ...]) -> None:
    ask.mapping(name, required=keys)
    for key in keys:
        if (name, key) not in ask.document.lines:
            continue
        ask.mapping(name, key, required=parts)
        for part in parts:
            ask.text(name, key, part, blank=part == "unknown")


def _case_note(ask: Inspector, *, has_case: bool) -> None:
    """What happened is told where a case is named, and only there."""
    found = ask.text("case_note", blank=not has_case)
    if found and not has_case:
        ask.fault(("case_note",), "case_missing", "tells a case, but playbook.yaml names none")


def _lists(ask: Inspector) -> None:
    facts = ask.texts("first_facts")
    if ("first_facts",) in ask.document.lines and len(facts) not in FIRST_FACTS:
        ask.fault(
            ("first_facts",),
            "first_facts_count",
            f"{len(facts)} questions; 3 to 5 are answered first",
        )
    rows = ask.rows("avoid")
    for index in rows:
        ask.mapping("avoid", index, required=("words", "because"))
        ask.text("avoid", index, "words")
        ask.text("avoid", index, "because")
    if ("avoid",) in ask.document.lines and len(rows) not in AVOID:
        ask.fault(("avoid",), "avoid_count", f"{len(rows)} wordings to avoid; 5 to 8 are read")


def _no_blanks_elsewhere(document: Document) -> None:
    """Only statement texts are filled in; a brace anywhere else would be shown as it stands."""
    for path in document.lines:
        found = document.at(*path)
        if isinstance(found, str) and path[-1] != "text" and ("{" in found or "}" in found):
            document.fault(
                path, "placeholder_misplaced", "only the text of a statement has placeholders"
            )


def _statement_blanks(folder: Folder, code: str, declared: set[str]) -> None:
    document, model = folder.words[code], folder.words[LANGUAGES[0]]
    for key in _names(document.at("statements")):
        text, path = statement_text(document, key), ("statements", key, "text")
        for name in placeholders.names(text):
            if name not in declared:
                document.fault(path, "unknown_placeholder", f"unknown placeholder: {{{name}}}")
        for piece in placeholders.stray_braces(text):
            document.fault(path, "unknown_placeholder", f"not a placeholder: {piece}")
        wanted = set(placeholders.names(statement_text(model, key)))
        if not text or not wanted and not statement_text(model, key):
            continue
        there = set(placeholders.names(text))
        for name in sorted((wanted - there) & declared):
            document.fault(
                path, "placeholder_differs", f"{{{name}}} stands in English but not here"
            )
        for name in sorted((there - wanted) & declared):
            document.fault(
                path, "placeholder_differs", f"{{{name}}} stands here but not in English"
            )


def _not_copied(folder: Folder, code: str) -> None:
    """A sentence that reads as the English one does has not been written in this language yet."""
    model = folder.words[LANGUAGES[0]]
    if code == LANGUAGES[0]:
        return
    document = folder.words[code]
    for path in document.lines:
        found = document.at(*path)
        if isinstance(found, str) and " " in found.strip() and found == model.at(*path):
            document.fault(
                path, "not_written", f"the English words stand here; {NAMES[code]} is missing"
            )


def _every_blank_used(folder: Folder, declared: list[str]) -> None:
    used = {
        name
        for document in folder.words.values()
        for key in _names(document.at("statements"))
        for name in placeholders.names(statement_text(document, key))
    }
    for name in declared:
        if name not in used:
            folder.structure.fault(
                ("placeholders", name), "unused_placeholder", "no statement has this placeholder"
            )


def _facts_stand_in_text(folder: Folder) -> None:
    for index, key in enumerate(_row_keys(folder.structure, "statements")):
        facts = folder.structure.at("statements", index, "facts")
        text = statement_text(folder.words[LANGUAGES[0]], key)
        for number, fact in enumerate(facts if isinstance(facts, list) else []):
            if text and isinstance(fact, str) and fact not in placeholders.names(text):
                folder.structure.fault(
                    ("statements", index, "facts", number),
                    "fact_not_in_text",
                    f"{{{fact}}} is not in its words",
                )


def _lengths(folder: Folder, limits: Mapping[str, ChannelLimit]) -> None:
    rows = folder.structure.at("statements")
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict) or not isinstance(row.get("channels"), list):
            continue
        for code, document in folder.words.items():
            text = statement_text(document, str(row.get("key")))
            filled = placeholders.fill(text, _sample(folder, code)).text
            for channel in row["channels"]:
                limit = limits.get(channel) if isinstance(channel, str) else None
                if limit is None:
                    continue
                found = counting.count(filled, limit.counting, limit.link_length, limit=limit.limit)
                if found.is_over:
                    document.fault(
                        ("statements", str(row.get("key")), "text"),
                        "too_long",
                        f"{found.used} of {found.limit} on {channel} when filled with samples",
                        is_warning=True,
                    )


def _sample(folder: Folder, code: str) -> dict[str, str]:
    """Return values of an ordinary length; for a phrase, the words to write when it is not known,
    if longer.
    """
    values = {}
    for name in _names(folder.structure.at("placeholders")):
        kind = folder.structure.at("placeholders", name, "kind")
        if isinstance(kind, str) and kind in SAMPLES:
            unknown = folder.words[code].at("placeholders", name, "unknown")
            spare = unknown if isinstance(unknown, str) and kind == PlaceholderKind.PHRASE else ""
            values[name] = max(SAMPLES[PlaceholderKind(kind)], spare, key=len)
    return values
