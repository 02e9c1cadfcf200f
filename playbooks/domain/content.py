"""What a playbook says, as typed parts. The only module that reads stored content, in every schema
ever written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.conditions import Repeat, Start, When
from playbooks.domain.parts import (
    AvoidWords,
    Case,
    Clock,
    Content,
    EscalationStep,
    Item,
    Lane,
    Placeholder,
    ProvenanceNote,
    ReminderRules,
    ScreeningQuestion,
    StatementText,
    Words,
)
from playbooks.enums import OLD_TARGETS, Severity
from playbooks.models import PlaybookRevision

__all__ = [
    "LATEST_SCHEMA",
    "SCHEMAS",
    "Clock",
    "Content",
    "EscalationStep",
    "Item",
    "ReminderRules",
    "ScreeningQuestion",
    "StatementText",
    "UnknownSchema",
    "content_hash",
    "parse",
    "parts_to_review",
]

SCHEMAS = (1, 2, 3)
LATEST_SCHEMA = 3
# What stands on a step, and at the top, from schema 3 on.
_NEW_IN_STEPS = ("after_minutes", "person", "transports", "until")


class UnknownSchema(ValueError):
    """The content was written by a newer desk than this one."""


def parse(source: PlaybookRevision | Mapping[str, Any]) -> Content:
    """Return what a revision (or its content) says; raises UnknownSchema for content from a newer
    desk.
    """
    data = source.content if isinstance(source, PlaybookRevision) else source
    reader = _READERS.get(data.get("schema"))
    if reader is None:
        raise UnknownSchema(f"playbook content schema {data.get('schema')!r} is not known")
    return reader(data)


def raise_schema(content: dict[str, Any]) -> None:
    """Make content of schema 2 content of schema 3 where it says something that only schema 3 reads; older content
    stays what it is."""
    steps = content.get("escalation") or []
    is_newer = "reminders" in content or any(
        name in step or step.get("who") not in OLD_TARGETS
        for step in steps
        for name in _NEW_IN_STEPS
    )
    if content.get("schema") == 2 and is_newer:
        content["schema"] = 3
        for step in steps:
            step.setdefault("origin", "ours")


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the hash that tells whether content changed; the order of keys makes no difference."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def parts_to_review(data: Mapping[str, Any]) -> dict[str, tuple[Words, str]]:
    """Return what is read again on a date of its own: the plan under "", each statement under its key, as its name in
    every language and the hash of its words.

    Where a statement goes and who approves it belong to the plan; its words in any language are its own.
    """
    content = parse(data)
    words = {code: dict(data["words"][code]) for code in LANGUAGES if code in data["words"]}
    texts = {code: part.pop("statements", None) or {} for code, part in words.items()}
    found = {"": (content.title, content_hash({**data, "words": words}))}
    for statement in content.statements:
        said = {code: part.get(statement.key) for code, part in texts.items()}
        found[statement.key] = (statement.title, content_hash(said))
    return found


def _read_schema_1(data: Mapping[str, Any]) -> Content:
    words = _WordBook(data["words"])
    case = data.get("case") or {}
    return Content(
        schema=1,
        slug=data["slug"],
        crisis_type=data["crisis_type"],
        scct_cluster=data["scct_cluster"],
        case=Case(name_key=case.get("name_key", ""), document=case.get("document", "")),
        default_severity=data["default_severity"],
        origin_channel=data["origin_channel"],
        channels=tuple(data["channels"]),
        title=words.at("title"),
        summary=words.at("summary"),
        when_to_use=words.at("when_to_use"),
        not_for=words.at("not_for"),
        trap=words.at("trap"),
        first_facts={code: tuple(words.raw(code, "first_facts") or ()) for code in LANGUAGES},
        severities={
            key: words.at("severities", key) for key in data["words"][LANGUAGES[0]]["severities"]
        },
        clocks=tuple(_clock(row, words) for row in data["clocks"]),
        items=tuple(_item(row, words) for row in data["items"]),
        statements=tuple(_statement(row, words) for row in data["statements"]),
        placeholders={
            name: Placeholder(
                name=name,
                kind=row["kind"],
                autofill=row.get("autofill"),
                label=words.at("placeholders", name, "label"),
                prompt=words.at("placeholders", name, "prompt"),
                unknown=words.at("placeholders", name, "unknown"),
            )
            for name, row in (data.get("placeholders") or {}).items()
        },
        lanes=tuple(
            Lane(key=row["key"], approvals=dict(row["approvals"])) for row in data["lanes"]
        ),
        escalation=tuple(
            EscalationStep(after_percent=row["after_percent"], who=row["who"])
            for row in data["escalation"]
        ),
        avoid={
            code: tuple(
                AvoidWords(words=row["words"], because=row["because"])
                for row in words.raw(code, "avoid") or ()
            )
            for code in LANGUAGES
        },
        lessons=tuple(data.get("lessons") or ()),
    )


def _read_schema_2(data: Mapping[str, Any]) -> Content:
    """Schema 1, and: questions, conditions, what counts from what, the note on the case."""
    words = _WordBook(data["words"])
    return replace(
        _read_schema_1(data),
        schema=2,
        questions=tuple(_question(row, words) for row in data.get("questions") or ()),
        case_note=words.at("case_note"),
        regulators=tuple(data.get("regulators") or ()),
        clocks=tuple(
            replace(_clock(row, words), when=When.read(row.get("when"))) for row in data["clocks"]
        ),
        items=tuple(
            replace(
                _item(row, words),
                when=When.read(row.get("when")),
                starts=Start.read(row.get("from")),
                after=tuple(row.get("after") or ()),
                repeat=Repeat.read(row.get("repeat")),
            )
            for row in data["items"]
        ),
        statements=tuple(
            replace(_statement(row, words), when=When.read(row.get("when")))
            for row in data["statements"]
        ),
    )


def _read_schema_3(data: Mapping[str, Any]) -> Content:
    """Schema 2, and: steps by minutes, to more people, by transports, until something; when and how often it rings."""
    rules = data.get("reminders")
    return replace(
        _read_schema_2({**data, "escalation": ()}),
        schema=3,
        escalation=tuple(_step(row) for row in data["escalation"]),
        reminders=ReminderRules() if rules is None else _rules(rules),
    )


def _step(row: Mapping[str, Any]) -> EscalationStep:
    return EscalationStep(
        after_percent=row.get("after_percent"),
        after_minutes=row.get("after_minutes"),
        who=row["who"],
        person=row.get("person") or "",
        transports=tuple(row.get("transports") or ()),
        until=row.get("until") or "",
        provenance=_provenance(row),
    )


def _rules(row: Mapping[str, Any]) -> ReminderRules:
    usual = ReminderRules()
    told = row.get("answer") or {}
    return ReminderRules(
        shares=tuple(row[name] for name in ("first", "second") if row.get(name) is not None),
        every=row.get("every", usual.every),
        most=row.get("most", usual.most),
        answer={
            severity: told.get(severity, usual.answer[severity]) for severity in Severity.values
        },
    )


def _question(row: Mapping[str, Any], words: _WordBook) -> ScreeningQuestion:
    key = row["key"]
    return ScreeningQuestion(
        key=key,
        unknown=row["unknown"],
        ask=words.at("questions", key, "ask"),
        yes=words.at("questions", key, "yes"),
        no=words.at("questions", key, "no"),
        provenance=_provenance(row),
    )


def _clock(row: Mapping[str, Any], words: _WordBook) -> Clock:
    return Clock(
        key=row["key"],
        kind=row["kind"],
        starts_from=row.get("from", "detected"),
        minutes=dict(row.get("minutes") or {}),
        days=dict(row.get("days") or {}),
        lives_until=row["lives_until"],
        role=row["role"],
        label=words.at("clocks", row["key"]),
        provenance=_provenance(row),
    )


def _item(row: Mapping[str, Any], words: _WordBook) -> Item:
    return Item(
        key=row["key"],
        phase=row["phase"],
        channel=row.get("channel"),
        required=bool(row.get("required", False)),
        role=row["role"],
        minutes=dict(row.get("minutes") or {}),
        meets=row.get("meets"),
        lesson=row.get("lesson"),
        words=words.at("items", row["key"], "words"),
        detail=words.at("items", row["key"], "detail"),
        provenance=_provenance(row),
    )


def _statement(row: Mapping[str, Any], words: _WordBook) -> StatementText:
    return StatementText(
        key=row["key"],
        stage=row["stage"],
        audience=row["audience"],
        channels=tuple(row["channels"]),
        lane=row["lane"],
        facts=tuple(row.get("facts") or ()),
        title=words.at("statements", row["key"], "title"),
        text=words.at("statements", row["key"], "text"),
        provenance=_provenance(row),
    )


def _provenance(row: Mapping[str, Any]) -> ProvenanceNote:
    source = row.get("source") or {}
    return ProvenanceNote(
        origin=row["origin"],
        document=source.get("document", ""),
        paragraph=source.get("paragraph"),
        public=source.get("public", ""),
        url=source.get("url", ""),
    )


class _WordBook:
    """The three word files of one revision, side by side."""

    def __init__(self, words: Mapping[str, Mapping[str, Any]]) -> None:
        self.words = words

    def raw(self, language: str, *path: str) -> Any:
        """Return what stands at the path in one language, or None."""
        found: Any = self.words.get(language) or {}
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def at(self, *path: str) -> Words:
        """Return the text at the path in every language; missing words are empty."""
        return {code: str(self.raw(code, *path) or "").strip() for code in LANGUAGES}


_READERS: dict[Any, Callable[[Mapping[str, Any]], Content]] = {
    1: _read_schema_1,
    2: _read_schema_2,
    3: _read_schema_3,
}
