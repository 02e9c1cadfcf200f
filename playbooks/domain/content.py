"""What a playbook says, as typed parts. The only module that reads stored content, in every schema
ever written.

Words are mappings from language to text (`item.words["ar"]`). Minutes and days are mappings from
severity to a number; a severity that is left out has no such promise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.models import PlaybookRevision

Words = Mapping[str, str]
LATEST_SCHEMA = 1


class UnknownSchema(ValueError):
    """The content was written by a newer desk than this one."""


@dataclass(frozen=True, slots=True)
class ProvenanceNote:
    """Where something comes from: a document and paragraph, a public source, or our own
    practice.
    """

    origin: str
    document: str = ""
    paragraph: int | None = None
    public: str = ""
    url: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data, for copying into an incident."""
        told = {
            "document": self.document,
            "paragraph": self.paragraph,
            "public": self.public,
            "url": self.url,
        }
        return {"origin": self.origin, **{name: value for name, value in told.items() if value}}


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise about time, per severity in minutes or days, and until which status it counts."""

    key: str
    kind: str
    starts_from: str
    minutes: Mapping[str, int]
    days: Mapping[str, int]
    lives_until: str
    role: str
    label: Words
    provenance: ProvenanceNote


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the checklist; `meets` names the kind of clock that ticking it meets."""

    key: str
    phase: str
    channel: str | None
    required: bool
    role: str
    minutes: Mapping[str, int]
    meets: str | None
    lesson: str | None
    words: Words
    detail: Words
    provenance: ProvenanceNote


@dataclass(frozen=True, slots=True)
class StatementText:
    """Prepared words for one stage; `facts` may be filled into pre-signed words without a new
    approval.
    """

    key: str
    stage: str
    audience: str
    channels: tuple[str, ...]
    lane: str
    facts: tuple[str, ...]
    title: Words
    text: Words
    provenance: ProvenanceNote


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A blank in statements: what goes in, what to ask, and what to write when nobody knows ('' =
    must be known).
    """

    name: str
    kind: str
    autofill: str | None
    label: Words
    prompt: Words
    unknown: Words


@dataclass(frozen=True, slots=True)
class Lane:
    """How many approvals a statement of this lane needs, per severity."""

    key: str
    approvals: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Who hears of a late promise, at which share of its time."""

    after_percent: int
    who: str


@dataclass(frozen=True, slots=True)
class AvoidWords:
    """Wording that does harm in this case, and why."""

    words: str
    because: str


@dataclass(frozen=True, slots=True)
class Case:
    """The case the playbook is drawn from, and the document that tells it."""

    name_key: str
    document: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that one revision says."""

    schema: int
    slug: str
    crisis_type: str
    scct_cluster: str
    case: Case
    default_severity: str
    origin_channel: str
    channels: tuple[str, ...]
    title: Words
    summary: Words
    when_to_use: Words
    not_for: Words
    trap: Words
    first_facts: Mapping[str, tuple[str, ...]]
    severities: Mapping[str, Words]
    clocks: tuple[Clock, ...]
    items: tuple[Item, ...]
    statements: tuple[StatementText, ...]
    placeholders: Mapping[str, Placeholder]
    lanes: tuple[Lane, ...]
    escalation: tuple[EscalationStep, ...]
    avoid: Mapping[str, tuple[AvoidWords, ...]]
    lessons: tuple[str, ...]

    def statement(self, key: str) -> StatementText | None:
        """Return the statement of that key, if the playbook has it."""
        return next((statement for statement in self.statements if statement.key == key), None)

    def statements_for(self, stage: str) -> tuple[StatementText, ...]:
        """Return the statements prepared for a stage."""
        return tuple(statement for statement in self.statements if statement.stage == stage)

    def items_in(self, phase: str) -> tuple[Item, ...]:
        """Return the checklist of one phase, in the order of the file."""
        return tuple(item for item in self.items if item.phase == phase)

    def lane(self, key: str) -> Lane | None:
        """Return the approval lane of that key, if the playbook has it."""
        return next((lane for lane in self.lanes if lane.key == key), None)


def parse(source: PlaybookRevision | Mapping[str, Any]) -> Content:
    """Return what a revision (or its content) says; raises UnknownSchema for content from a newer
    desk.
    """
    data = source.content if isinstance(source, PlaybookRevision) else source
    reader = _READERS.get(data.get("schema"))
    if reader is None:
        raise UnknownSchema(f"playbook content schema {data.get('schema')!r} is not known")
    return reader(data)


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


_READERS: dict[Any, Callable[[Mapping[str, Any]], Content]] = {1: _read_schema_1}
