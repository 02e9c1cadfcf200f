"""What must hold where a plan moves (schema 2): questions, conditions, starts, waiting, coming
back.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.inspector import Inspector
from playbooks.enums import Audience, ClockEnd, ItemStart, ResponsePhase, Severity, Stage

SNAKE = re.compile(r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$")
QUESTIONS_AT_MOST = 5
WHEN = ("severity", "answers", "channels", "languages", "status")
NEEDED_AUDIENCES = (Audience.CUSTOMERS, Audience.STAFF, Audience.PRESS, Audience.PARTNERS)
_REPEATS_UNTIL = tuple(end.value for end in ClockEnd)


def question_keys(ask: Inspector) -> list[str]:
    """Return the keys of the questions, each fault in them noted."""
    rows = ask.rows("questions")
    if len(rows) > QUESTIONS_AT_MOST:
        ask.fault(
            ("questions", QUESTIONS_AT_MOST),
            "questions_too_many",
            f"{len(rows)} questions; nobody answers more than {QUESTIONS_AT_MOST} at the start",
        )
    found = ask.once(rows, "questions")
    for index in rows:
        at = ("questions", index)
        ask.mapping(*at, required=("key", "unknown", "origin"), optional=("source",))
        key = ask.document.at(*at, "key")
        if key in found and not SNAKE.match(key):
            ask.fault((*at, "key"), "bad_key", f"not a question: {key!r} (small_letters_and_lines)")
        ask.truth(*at, "unknown")
    return found


def check_when(
    ask: Inspector, questions: Collection[str], channels: Collection[str], *path: str | int
) -> None:
    """Note every fault of a condition; it names at least one thing, and only what exists."""
    at = (*path, "when")
    if at not in ask.document.lines:
        return
    told = ask.mapping(*at, optional=WHEN)
    if isinstance(ask.document.at(*at), dict) and not told:
        ask.fault(at, "empty_condition", "names nothing: leave it out, then it always holds")
    allowed = {
        "severity": Severity.values,
        "languages": LANGUAGES,
        "status": [phase.value for phase in ResponsePhase],
    }
    for name in ("severity", "channels", "languages", "status"):
        for place in _places(ask, *at, name):
            if name == "channels":
                ask.known("channel", channels, *at, name, place)
            else:
                ask.choice(allowed[name], *at, name, place)
    answers = ask.document.at(*at, "answers")
    if (*at, "answers") not in ask.document.lines:
        return
    ask.mapping(*at, "answers", optional=answers if isinstance(answers, dict) else ())
    if answers == {}:
        ask.fault((*at, "answers"), "empty_condition", "names no question")
    for key in answers if isinstance(answers, dict) else ():
        if key not in questions:
            ask.fault((*at, "answers", str(key)), "unknown_question", f"unknown question: {key!r}")
        ask.truth(*at, "answers", key)


def check_moves(ask: Inspector) -> None:
    """Note every fault of `from`, `after` and `repeat` in the items, and every circle of waiting."""
    rows = ask.rows("items")
    keys = [ask.document.at("items", index, "key") for index in rows]
    stages = [ask.document.at("statements", index, "stage") for index in ask.rows("statements")]
    waits: dict[str, list[str]] = {}
    for index, key in zip(rows, keys, strict=True):
        waits_for = [*_start(ask, keys, stages, index), *_after(ask, keys, index)]
        _repeat(ask, index)
        if isinstance(key, str):
            waits.setdefault(key, []).extend(waits_for)
    for index, key in zip(rows, keys, strict=True):
        circle = _circle(waits, key) if isinstance(key, str) else []
        if circle:
            place = "after" if ("items", index, "after") in ask.document.lines else "from"
            ask.fault(
                ("items", index, place),
                "waits_for_itself",
                f"waits for itself: {' > '.join(circle)}",
            )


def check_audiences(ask: Inspector) -> None:
    """Note every audience that has no words; the public needs every stage of a response."""
    rows = ask.rows("statements")
    if ("statements",) not in ask.document.lines:
        return
    told = [
        (
            ask.document.at("statements", index, "stage"),
            ask.document.at("statements", index, "audience"),
        )
        for index in rows
    ]
    audiences = {audience for _stage, audience in told}
    for audience in NEEDED_AUDIENCES:
        if audience not in audiences:
            ask.fault(("statements",), "audience_missing", f"no statement for {audience.value}")
    if ask.document.at("regulators") and Audience.REGULATOR not in audiences:
        ask.fault(
            ("regulators",),
            "audience_missing",
            "a regulator is concerned, and no statement is for the regulator",
            is_warning=True,
        )


def public_stages(ask: Inspector) -> list[object]:
    """Return the stages that have words for the public."""
    return [
        ask.document.at("statements", index, "stage")
        for index in ask.rows("statements")
        if ask.document.at("statements", index, "audience") == Audience.PUBLIC
    ]


def _start(
    ask: Inspector, keys: Collection[object], stages: Collection[object], index: int
) -> list[str]:
    """Check what the minutes count from; return the item they wait for, if it is one."""
    at = ("items", index, "from")
    if at not in ask.document.lines:
        return []
    if ("items", index, "minutes") not in ask.document.lines:
        ask.fault(at, "start_without_minutes", "counts from something, but has no minutes")
    found = ask.document.at(*at)
    if not isinstance(found, dict):
        ask.choice([start.value for start in ItemStart], *at)
        return []
    ask.mapping(*at, optional=("publication", "item"))
    if len(found) != 1:
        ask.fault(at, "bad_value", "must name one thing: publication or item")
    if "publication" in found:
        stage = ask.choice(Stage.values, *at, "publication")
        if stage is not None and stage not in stages:
            ask.fault(
                (*at, "publication"), "unknown_start", f"no statement of stage {stage!r} here"
            )
    return [key] if (key := _other(ask, keys, *at, "item")) is not None else []


def _after(ask: Inspector, keys: Collection[object], index: int) -> list[str]:
    at = ("items", index, "after")
    if at not in ask.document.lines:
        return []
    others: list[str] = []
    for place in _places(ask, *at):
        key = _other(ask, keys, *at, place)
        if key is not None and key in others:
            ask.fault((*at, place), "written_twice", f"{key!r} is already named here")
        elif key is not None:
            others.append(key)
    return others


def _other(ask: Inspector, keys: Collection[object], *path: str | int) -> str | None:
    """Return the item at the path if this playbook has it."""
    return ask.known("item", [key for key in keys if isinstance(key, str)], *path)


def _repeat(ask: Inspector, index: int) -> None:
    at = ("items", index, "repeat")
    if at not in ask.document.lines:
        return
    ask.mapping(*at, required=("minutes", "until"))
    ask.choice(_REPEATS_UNTIL, *at, "until")
    if (*at, "minutes") in ask.document.lines:
        found = ask.mapping(*at, "minutes", optional=Severity.values)
        if isinstance(ask.document.at(*at, "minutes"), dict) and not found:
            ask.fault((*at, "minutes"), "clock_length", "names no severity")
        for severity in Severity.values:
            ask.number(*at, "minutes", severity)


def _circle(waits: dict[str, list[str]], key: str) -> list[str]:
    """Return the way on which an item comes back to itself, or nothing."""
    ways = [[key]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for each in waits.get(way[-1], ()):
            if each == key:
                return [*way, key]
            if each not in seen:
                seen.add(each)
                ways.append([*way, each])
    return []


def _places(ask: Inspector, *path: str | int) -> range:
    """Return the positions of a list that may be left out, but not be empty."""
    if path not in ask.document.lines:
        return range(0)
    found = ask.document.at(*path)
    if not isinstance(found, list):
        ask.fault(path, "wrong_type", "must be a list")
        return range(0)
    if not found:
        ask.fault(path, "empty_condition", "names nothing: leave it out")
    return range(len(found))
