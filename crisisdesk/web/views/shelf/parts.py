"""The editor's parts: which rows stand on one side, which words on the other, and how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import counting, placeholders
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.models import Channel
from crisisdesk.web.views.shelf.choices import Offer, label_of
from crisisdesk.web.views.shelf.fields import (
    Faults,
    Field,
    field_at,
    structure_fields,
    word_fields,
)
from playbooks.domain.checking_words import SAMPLES
from playbooks.domain.places import row_place
from playbooks.domain.writing import blanks_in_order
from playbooks.enums import PlaceholderKind, Severity

PARTS: dict[str, str | Promise] = {
    "about": _("About"),
    "first": _("First facts"),
    "questions": _("Questions"),
    "clocks": _("Clocks"),
    "items": _("Items"),
    "statements": _("Statements"),
    "placeholders": _("Gaps"),
    "avoid": _("Words to avoid"),
    "approval": _("Approval"),
}
# The words of a row, without the language and the row's key.
_ROW_WORDS: dict[str, tuple[str, ...]] = {
    "questions": (".ask", ".yes", ".no"),
    "clocks": ("",),
    "items": (".words", ".detail"),
    "statements": (".title", ".text"),
    "placeholders": (".label", ".prompt", ".unknown"),
}
KEYED = tuple(_ROW_WORDS)
_ABOUT = ("title", "summary", "when_to_use", "not_for", "trap")
NAMED_BY_HAND = ("placeholders", "questions")


@dataclass(frozen=True, slots=True)
class Row:
    """One row on the side of the structure."""

    part: str
    name: str
    word: str
    place: int
    faults: int
    is_on: bool
    group: str = ""
    is_movable: bool = True

    @property
    def is_fixed(self) -> bool:
        """Whether the order of such rows says nothing."""
        return not self.is_movable

    @property
    def ident(self) -> str:
        """The row as an id of the page."""
        return f"r-{self.part}-{self.name}".replace(".", "--")


@dataclass(frozen=True, slots=True)
class WordList:
    """Rows that each language has for itself: first facts, words to avoid."""

    language: str
    part: str
    rows: tuple[tuple[int, tuple[Field, ...]], ...]
    faults: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """A statement's words on one channel, its gaps filled with what is usual, and how long they are there."""

    language: str
    channel: Channel
    text: str
    count: counting.Count


@dataclass(slots=True)
class Part:
    """Everything that one page of the editor shows of a draft."""

    name: str
    row: str = ""
    rows: list[Row] = field(default_factory=list)
    structure: list[Field] = field(default_factory=list)
    words: list[tuple[str, list[Field]]] = field(default_factory=list)
    lists: list[WordList] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    seen: dict[str, Any] | None = None
    faults: tuple[Any, ...] = ()
    adds: str = ""


def read_part(
    content: Mapping[str, Any], name: str, row: str, faults: Faults, *, brand_id: int | None = None
) -> Part:
    """Return one part of the draft; a row that is not there gives way to the first."""
    offer = Offer(content, brand_id)
    part = Part(name=name if name in PARTS else "about")
    if part.name in KEYED:
        _keyed(part, content, row, offer, faults)
    elif part.name == "about":
        part.structure = [
            each for each in structure_fields(content, "", offer, faults) if _asks(each)
        ]
        moving = () if content.get("schema") == 1 else ("case_note",)
        part.words = word_fields(content, (*_ABOUT, *moving), offer, faults)
    elif part.name == "first":
        severities = tuple(f"severities.{severity}" for severity in Severity.values)
        part.words = word_fields(content, severities, offer, faults)
        part.lists = _lists(content, "first_facts", ("",), offer, faults)
    elif part.name == "avoid":
        part.lists = _lists(content, "avoid", (".words", ".because"), offer, faults)
    else:
        _approval(part, content, offer, faults)
    return part


def tabs_of(content: Mapping[str, Any], faults: Faults) -> list[tuple[str, str | Promise, int]]:
    """Return the parts with their names and how many faults each has."""
    shown = [name for name in PARTS if name != "questions" or content.get("schema") != 1]
    return [(name, PARTS[name], len(_stopping(name, faults))) for name in shown]


def _stopping(name: str, faults: Faults) -> set[Any]:
    roots = {
        "first": ("first_facts", "severities"),
        "avoid": ("avoid",),
        "approval": ("lanes", "reminders", "escalation"),
        "about": (*_ABOUT, "case_note", "schema", "slug", "crisis_type", "scct_cluster", "case",
                  "default_severity", "origin_channel", "channels", "lessons", "regulators"),
    }.get(name, (name,))  # fmt: skip
    paths = [*roots, *(f"words.{code}.{root}" for code in LANGUAGES for root in roots)]
    return {fault for path in paths for fault in faults.at(path) if not fault.is_warning}


def _asks(each: Field) -> bool:
    return not (each.kind == "keys" and not each.choices)


def _keyed(part: Part, content: Mapping[str, Any], row: str, offer: Offer, faults: Faults) -> None:
    name = part.name
    named = offer.rows_named(name)
    if name == "placeholders":
        order = blanks_in_order(content)
        named.sort(key=lambda pair: order.index(pair[0]))
    keys = [key for key, _ in named]
    part.row = row if row in keys else (keys[0] if keys else "")
    phases = {each["key"]: each.get("phase", "") for each in content.get("items") or ()}
    part.rows = [
        Row(
            part=name,
            name=key,
            word=told,
            place=place,
            faults=faults.of_row(name, key),
            is_on=key == part.row,
            group=phases.get(key, "") if name == "items" else "",
            is_movable=name != "placeholders",
        )
        for place, (key, told) in enumerate(named)
    ]
    part.adds = name
    part.faults = faults.exactly_at(name)
    if not part.row:
        return
    part.structure = [
        each
        for each in structure_fields(content, f"{name}.{part.row}", offer, faults)
        if _asks(each)
    ]
    paths = [f"{name}.{part.row}{end}" for end in _ROW_WORDS[name]]
    part.words = word_fields(content, paths, offer, faults)
    if name == "items":
        part.seen = _found(content, "items", part.row)
    if name == "statements":
        part.looks = looks_of(content, part.row)


def _found(content: Mapping[str, Any], part: str, key: str) -> dict[str, Any]:
    rows = content[part]
    place = row_place(rows, key)
    return {} if place is None else rows[place]


def _lists(
    content: Mapping[str, Any], name: str, ends: tuple[str, ...], offer: Offer, faults: Faults
) -> list[WordList]:
    found = []
    for code in LANGUAGES:
        root = f"words.{code}.{name}"
        count = len((content["words"].get(code) or {}).get(name) or ())
        rows = tuple(
            (place, tuple(field_at(content, f"{root}.{place}{end}", offer, faults) for end in ends))
            for place in range(count)
        )
        found.append(WordList(code, root, rows, faults.exactly_at(root)))
    return found


def _approval(part: Part, content: Mapping[str, Any], offer: Offer, faults: Faults) -> None:
    lanes = [f"lanes.{row['key']}" for row in content.get("lanes") or ()]
    steps = [f"escalation.{place}" for place, _ in enumerate(content.get("escalation") or ())]
    rules = () if content.get("schema") == 1 else ("reminders",)
    for root in (*lanes, *rules, *steps):
        kind, _, name = root.partition(".")
        group = _group_word(kind, name)
        fields = [
            replace(each, extra={"group": group})
            for each in structure_fields(content, root, offer, faults)
        ]
        if name:
            part.rows.append(
                Row(kind, name, name, int(name) if name.isdecimal() else len(part.rows), 0, False)
            )
        part.structure += fields
    part.faults = (*faults.exactly_at("lanes"), *faults.exactly_at("escalation"))


def _group_word(kind: str, name: str) -> str:
    """What these fields of the approval part belong to: a lane, a step, or when it rings."""
    if kind == "lanes":
        return f"{gettext('Lane')} {name}"
    return f"{gettext('Step')} {int(name) + 1}" if name else label_of(kind)


def looks_of(content: Mapping[str, Any], key: str) -> list[Look]:
    """Return a statement's words on each of its channels, gaps filled with samples, in every language."""
    statement = _found(content, "statements", key)
    channels = {
        row.key: row for row in Channel.objects.filter(key__in=statement.get("channels") or ())
    }
    found = []
    for name in statement.get("channels") or ():
        for code in LANGUAGES:
            channel = channels.get(name)
            said = ((content["words"].get(code) or {}).get("statements") or {}).get(key) or {}
            if channel is not None:
                text = placeholders.fill(said.get("text", ""), _samples(content, code)).text
                counted = counting.count(
                    text, channel.counting, channel.link_length, limit=channel.limit
                )
                found.append(Look(code, channel, text, counted))
    return found


def _samples(content: Mapping[str, Any], code: str) -> dict[str, str]:
    words = (content["words"].get(code) or {}).get("placeholders") or {}
    values = {}
    for name, row in (content.get("placeholders") or {}).items():
        kind = row.get("kind", "")
        unknown = str((words.get(name) or {}).get("unknown") or "")
        if kind in set(PlaceholderKind) - {PlaceholderKind.PHRASE}:
            values[name] = SAMPLES[PlaceholderKind(kind)]
        elif unknown:
            values[name] = unknown
    return values
