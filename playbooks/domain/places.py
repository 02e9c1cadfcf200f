"""Every place of a playbook that people fill in, what kind of thing belongs there, and how it is read and set.

A place is a path with dots: `items.see-it.minutes.sev1`, `words.ar.avoid.2.because`. Rows of a list are named by their
key, or by their number where they have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import LANGUAGES
from playbooks.enums import Severity

TEXT_AT_MOST = 5000
# kind of value by place; * is a row's key or number, SEV a severity, LANG a language. A question mark: may be empty.
_PLACES = """
    crisis_type choice, scct_cluster choice, default_severity choice, origin_channel choice, channels keys,
    lessons keys, regulators keys?, case.document choice?, case.name_key line?,
    questions.*.unknown truth, questions.*.origin choice, questions.*.source.document choice?,
    questions.*.source.paragraph number?, questions.*.source.public line?, questions.*.source.url line?,
    clocks.*.kind choice, clocks.*.from choice, clocks.*.minutes.SEV number?, clocks.*.days.SEV number?,
    clocks.*.lives_until choice, clocks.*.role choice,
    items.*.phase choice, items.*.role choice, items.*.channel choice?, items.*.required truth?,
    items.*.minutes.SEV number?, items.*.from start?, items.*.meets choice?, items.*.after keys?,
    items.*.repeat.minutes.SEV number?, items.*.repeat.until choice?, items.*.lesson choice?,
    statements.*.stage choice, statements.*.audience choice, statements.*.channels keys, statements.*.lane choice,
    statements.*.facts keys?,
    placeholders.*.kind choice, placeholders.*.autofill choice?,
    lanes.*.approvals.SEV number,
    escalation.*.after_percent number?, escalation.*.after_minutes number?, escalation.*.who choice,
    escalation.*.person choice?, escalation.*.transports keys?, escalation.*.until choice?,
    reminders.first number?, reminders.second number?, reminders.every number?, reminders.most number?,
    reminders.answer.SEV number?,
    words.LANG.title line, words.LANG.summary line, words.LANG.when_to_use text, words.LANG.not_for text,
    words.LANG.trap text, words.LANG.case_note text, words.LANG.severities.SEV line, words.LANG.first_facts.* line,
    words.LANG.avoid.*.words line, words.LANG.avoid.*.because line,
    words.LANG.questions.*.ask line, words.LANG.questions.*.yes line, words.LANG.questions.*.no line,
    words.LANG.clocks.* line, words.LANG.items.*.words line, words.LANG.items.*.detail text,
    words.LANG.statements.*.title line, words.LANG.statements.*.text text,
    words.LANG.placeholders.*.label line, words.LANG.placeholders.*.prompt line, words.LANG.placeholders.*.unknown line
"""
_CONDITIONS = "severity keys?, channels keys?, languages keys?, status keys?, answers.* truth?"
_ORIGINS = "origin choice, source.document choice?, source.paragraph number?, source.public line?, source.url line?"


def _table() -> dict[tuple[str, ...], str]:
    told = _PLACES.split(",")
    for part in ("clocks", "items", "statements"):
        told += [f"{part}.*.when.{place.strip()}" for place in _CONDITIONS.split(",")]
    for part in ("clocks", "items", "statements", "escalation"):
        told += [f"{part}.*.{place.strip()}" for place in _ORIGINS.split(",")]
    return {tuple(place.split(".")): kind for place, kind in (row.split() for row in told)}


PLACES = _table()
_NAMED = {"SEV": frozenset(Severity.values), "LANG": frozenset(LANGUAGES)}


def kind_of(path: str) -> str:
    """Return the kind of value at the place, with ? where it may be empty. Raises Invalid("no_such_place")."""
    parts = path.split(".")
    for place, kind in PLACES.items():
        if len(place) == len(parts) and all(map(_fits, place, parts)):
            return kind
    raise Invalid("no_such_place", field="path")


def _fits(wanted: str, part: str) -> bool:
    if wanted == "*":
        return bool(part)
    return part in _NAMED[wanted] if wanted in _NAMED else part == wanted


def value_at(content: Mapping[str, Any], path: str) -> Any:
    """Return what stands at the place; None where nothing does."""
    found: Any = content
    for part in path.split("."):
        found = _step(found, part)
    return found


def _step(found: Any, part: str) -> Any:
    if isinstance(found, Mapping):
        return found.get(part)
    if not isinstance(found, list):
        return None
    place = row_place(found, part)
    return None if place is None else found[place]


def row_place(rows: list[Any], name: str) -> int | None:
    """Return the position of the row with this key, or with this number where rows have no key."""
    for place, row in enumerate(rows):
        if isinstance(row, dict) and row.get("key") == name:
            return place
    if name.isdecimal() and len(name) < 5 and int(name) < len(rows):
        row = rows[int(name)]
        return None if isinstance(row, dict) and "key" in row else int(name)
    return None


def clean(kind: str, value: Any) -> Any:
    """Return the value as it is kept, None for nothing. Raises Invalid where it is of another kind."""
    bare = kind.rstrip("?")
    if bare in ("text", "line", "choice"):
        return _clean_text(bare, value)
    if value in (None, "", [], {}):
        return [] if kind == "keys" else None
    fits = {
        "keys": isinstance(value, list) and all(isinstance(key, str) for key in value),
        "number": isinstance(value, int) and not isinstance(value, bool),
        "truth": isinstance(value, bool),
        "start": isinstance(value, str)
        or (isinstance(value, dict) and all(isinstance(key, str) for key in value.values())),
    }
    if not fits[bare]:
        raise Invalid("wrong_kind_of_value", field="value")
    return value


def _clean_text(kind: str, value: Any) -> str | None:
    if not isinstance(value, str | None):
        raise Invalid("wrong_kind_of_value", field="value")
    text = (value or "").replace("\r\n", "\n").replace("\0", "").strip()
    if kind != "text":
        text = " ".join(text.split())
    if len(text) > TEXT_AT_MOST:
        raise Invalid("text_too_long", field="value", length=len(text), limit=TEXT_AT_MOST)
    return text if kind != "choice" or text else None


def put(content: dict[str, Any], path: str, value: Any) -> None:
    """Set what stands at the place; None takes it away, and what is empty then above it.

    Raises Invalid("no_such_place") when a row on the way is not there any more.
    """
    parts = path.split(".")
    way: list[tuple[Any, Any]] = []
    found: Any = content
    for part, after in zip(parts[:-1], parts[1:], strict=True):
        if isinstance(found, list):
            place = row_place(found, part)
            if place is None:
                raise Invalid("no_such_place", field="path")
            way.append((found, place))
            found = found[place]
        else:
            if part not in found and value is None:
                return
            way.append((found, part))
            found = found.setdefault(part, [] if after.isdecimal() else {})
    last: Any = parts[-1]
    if isinstance(found, list):
        last = row_place(found, last)
        if last is None or value is None:
            raise Invalid("no_such_place", field="path")
    if value is not None:
        found[last] = value
    else:
        found.pop(last, None)
        for above, name in reversed(way):
            if above[name] != {} or isinstance(above, list):
                break
            del above[name]
    if parts[-1] == "origin":
        # Each origin cites something else; what was cited before would stand there wrongly.
        found.pop("source", None)
