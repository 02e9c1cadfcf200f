"""What differs between two contents of a playbook, row by row and place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from crisisdesk.core.languages import LANGUAGES

ROWS = ("questions", "clocks", "items", "statements", "placeholders", "lanes")


@dataclass(frozen=True, slots=True)
class Change:
    """One place that says something else; None stands for nothing. `language` is empty outside the words."""

    path: str
    language: str
    old: Any
    new: Any


@dataclass(slots=True)
class RowChange:
    """One row, or the playbook itself (no name): added, removed, changed or only moved."""

    part: str
    name: str
    kind: str
    changes: list[Change] = field(default_factory=list)


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[RowChange]:
    """Return what changed from the old content to the new, part by part, rows in the order of the new content and then
    those that are gone."""
    before, after = dict(_leaves(old)), dict(_leaves(new))
    found: dict[tuple[str, str], RowChange] = {}
    for group in dict.fromkeys([*_groups(new), *_groups(old)]):
        part, name = group
        was, now = _has(old, part, name), _has(new, part, name)
        kind = "changed" if was and now else "added" if now else "removed"
        found[group] = RowChange(part, name, kind)
    for path in dict.fromkeys([*after, *before]):
        if before.get(path) != after.get(path):
            language = path.split(".")[1] if path.startswith("words.") else ""
            row = found[_group_of(path)]
            row.changes.append(Change(path, language, before.get(path), after.get(path)))
    for part, name in _moved(old, new):
        if not found[part, name].changes:
            found[part, name].kind = "moved"
    return [row for row in found.values() if row.changes or row.kind != "changed"]


def _groups(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield ("about", "")
    for part in ROWS:
        yield from ((part, key) for key in _keys(content, part))
    yield from (("first_facts", ""), ("avoid", ""), ("reminders", ""), ("escalation", ""))


def _keys(content: Mapping[str, Any], part: str) -> list[str]:
    rows = content.get(part) or ()
    return list(rows) if isinstance(rows, Mapping) else [row["key"] for row in rows]


def _has(content: Mapping[str, Any], part: str, name: str) -> bool:
    return not name or name in _keys(content, part)


def _group_of(path: str) -> tuple[str, str]:
    parts = path.split(".")
    inside = parts[2:] if parts[0] == "words" else parts
    if inside[0] in ROWS and len(inside) > 1:
        return inside[0], inside[1]
    own = ("first_facts", "avoid", "reminders", "escalation")
    return (inside[0], "") if inside[0] in own else ("about", "")


def _leaves(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield every place of the rows that exist, with its value; a list without keys is one value."""
    for name, part in content.items():
        if name != "words":
            yield from _walk(part, name)
    for code in LANGUAGES:
        for name, part in (content["words"].get(code) or {}).items():
            if name in ROWS and isinstance(part, Mapping):
                part = {key: part[key] for key in _keys(content, name) if key in part}
            yield from _walk(part, f"words.{code}.{name}")


def _walk(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(data, Mapping):
        for name, part in data.items():
            yield from _walk(part, f"{path}.{name}")
    elif isinstance(data, list) and data and isinstance(data[0], Mapping) and "key" in data[0]:
        for row in data:
            rest = {name: part for name, part in row.items() if name != "key"}
            yield from _walk(rest, f"{path}.{row['key']}")
    elif isinstance(data, list) and data and isinstance(data[0], Mapping):
        yield (
            path,
            "\n".join(" · ".join(map(_said, row.values())) for row in _sorted(data)),
        )
    elif data not in (None, "", [], {}):
        yield path, data


def _sorted(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    # The database keeps no order of keys: the wording stands before its reason, the time before the person.
    first = (
        "words",
        "after_percent",
        "after_minutes",
        "because",
        "who",
        "person",
        "transports",
        "until",
    )
    for row in rows:
        yield {
            name: row[name]
            for name in sorted(row, key=lambda n: first.index(n) if n in first else 9)
        }


def _said(part: Any) -> str:
    """A value of such a row as text; what it holds several of stands side by side."""
    if isinstance(part, Mapping):
        return ", ".join(map(str, part.values()))
    return ", ".join(map(str, part)) if isinstance(part, list) else str(part)


def _moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the rows that another one was put before: those outside the longest part that kept its order."""
    for part in ROWS:
        if isinstance(new.get(part), Mapping):
            continue
        place = {key: at for at, key in enumerate(_keys(old, part))}
        kept = [key for key in _keys(new, part) if key in place]
        stayed: list[str] = []
        ways: list[list[str]] = []
        for key in kept:
            before = [way for way in ways if place[way[-1]] < place[key]]
            ways.append([*(sorted(before, key=len)[-1] if before else []), key])
            stayed = sorted((stayed, ways[-1]), key=len)[-1]
        yield from ((part, key) for key in kept if key not in stayed)
