"""Rows of a playbook are added, taken out and moved; their words in every language follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.inspector import KEY, LONGEST_KEY
from playbooks.domain.places import row_place
from playbooks.enums import Severity

_EMPTY: dict[str, dict[str, Any]] = {
    "questions": {"unknown": True, "origin": "ours"},
    "clocks": {"kind": "update", "from": "detected", "minutes": {"sev1": 60}, "lives_until": "resolved",
               "role": "lead", "origin": "ours"},
    "items": {"phase": "first_hour", "role": "lead", "origin": "ours"},
    "statements": {"stage": "update", "audience": "public", "channels": [], "lane": "", "origin": "ours"},
    "lanes": {"approvals": dict.fromkeys(Severity.values, 1)},
    "escalation": {"who": "lead"},
}  # fmt: skip
_WORDS: dict[str, Callable[[], Any]] = {
    "questions": lambda: {"ask": "", "yes": "", "no": ""},
    "clocks": lambda: "",
    "items": lambda: {"words": "", "detail": ""},
    "statements": lambda: {"title": "", "text": ""},
    "placeholders": lambda: {"label": "", "prompt": "", "unknown": ""},
}
_NAMES = {
    "items": "item",
    "clocks": "clock",
    "statements": "statement",
    "questions": "question",
    "lanes": "lane",
}
_LISTS: dict[str, Callable[[], Any]] = {
    "avoid": lambda: {"words": "", "because": ""},
    "first_facts": lambda: "",
}
PARTS = (*_EMPTY, "placeholders")
_MOST = 200


def add_row(content: dict[str, Any], part: str, *, name: str = "", after: str = "") -> str:
    """Add an empty row, after the named one or at the end, with empty words in every language; return its name.

    `part` is a list of the structure or `words.LANG.avoid`, `words.LANG.first_facts`. Raises Invalid: "no_such_place",
    "key_invalid", "key_taken", "rows_too_many".
    """
    if part.startswith("words."):
        rows, make = _word_rows(content, part)
        return str(_insert(rows, make(), after))
    if part == "escalation":
        steps = content.setdefault("escalation", [])
        last = max((step.get("after_percent") or 100 for step in steps), default=100)
        step = {**_EMPTY[part], "after_percent": last + 25}
        if content.get("schema") == 3:
            step["origin"] = "ours"
        return str(_insert(steps, step, ""))
    key = _new_key(content, part, name)
    if part == "placeholders":
        content.setdefault(part, {})[key] = {"kind": "phrase"}
    else:
        row: dict[str, Any] = {"key": key, **_copied(_EMPTY[part])}
        rows = content.setdefault(part, [])
        place = row_place(rows, after)
        if part == "items" and place is not None:
            row["phase"] = rows[place].get("phase", row["phase"])
        if part == "statements":
            row["lane"] = (content.get("lanes") or [{"key": ""}])[0]["key"]
        _insert(rows, row, after)
    for code in LANGUAGES:
        if part in _WORDS:
            content["words"].setdefault(code, {}).setdefault(part, {})[key] = _WORDS[part]()
    return key


def remove_row(content: dict[str, Any], part: str, name: str) -> None:
    """Take a row out, with its words in every language. Raises Invalid("no_such_place")."""
    if part == "placeholders":
        if content.get(part, {}).pop(name, None) is None:
            raise Invalid("no_such_place", field="path")
    else:
        rows = _rows(content, part)
        place = row_place(rows, name)
        if place is None:
            raise Invalid("no_such_place", field="path")
        del rows[place]
    for code in LANGUAGES:
        if part in _WORDS:
            content["words"].get(code, {}).get(part, {}).pop(name, None)


def move_row(content: dict[str, Any], part: str, name: str, *, to: int) -> None:
    """Move a row to a position, counted from 0; beyond an end it stops there. Raises Invalid("no_such_place").

    Moved into another phase's neighbourhood, an item keeps its phase: that is a choice of its own.
    """
    rows = _rows(content, part)
    place = row_place(rows, name)
    if place is None:
        raise Invalid("no_such_place", field="path")
    row = rows.pop(place)
    rows.insert(max(0, min(to, len(rows))), row)


def _rows(content: dict[str, Any], part: str) -> list[Any]:
    if part.startswith("words."):
        return _word_rows(content, part)[0]
    if part not in _EMPTY:
        raise Invalid("no_such_place", field="path")
    rows: list[Any] = content.setdefault(part, [])
    return rows


def _word_rows(content: dict[str, Any], part: str) -> tuple[list[Any], Callable[[], Any]]:
    names = part.split(".")
    if len(names) != 3 or names[1] not in LANGUAGES or names[2] not in _LISTS:
        raise Invalid("no_such_place", field="path")
    return content["words"].setdefault(names[1], {}).setdefault(names[2], []), _LISTS[names[2]]


def _insert(rows: list[Any], row: Any, after: str) -> int:
    if len(rows) >= _MOST:
        raise Invalid("rows_too_many", limit=_MOST)
    place = row_place(rows, after)
    at = len(rows) if place is None else place + 1
    rows.insert(at, row)
    return at


def _new_key(content: dict[str, Any], part: str, name: str) -> str:
    if part not in PARTS:
        raise Invalid("no_such_place", field="path")
    found = content.get(part) or []
    taken = set(found) if isinstance(found, dict) else {row["key"] for row in found}
    key = name.strip()
    if not key and part in _NAMES:
        line = "_" if part == "questions" else "-"
        key = next(
            each for n in range(1, _MOST * 10) if (each := f"{_NAMES[part]}{line}{n}") not in taken
        )
    is_snake = key.isidentifier() and key == key.lower() and key.isascii()
    if (
        not KEY.fullmatch(key)
        or len(key) > LONGEST_KEY
        or (part in ("placeholders", "questions") and not is_snake)
    ):
        raise Invalid("name_invalid", field="name")
    if key in taken:
        raise Invalid("key_taken", field="name", key=key)
    return key


def _copied(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: part.copy() if isinstance(part, dict | list) else part for name, part in row.items()
    }
