"""The fields of the editor: every place of a part with its kind, its label and what may stand there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.web.views.shelf.choices import Choice, Offer, label_of
from playbooks.domain.places import PLACES, kind_of, value_at
from playbooks.domain.yaml_files import Fault
from playbooks.enums import EscalationTarget, Severity

# Places that only a plan of schema 2 has.
_MOVING = frozenset({"when", "after", "repeat", "questions", "regulators", "case_note"})
# Places of a step that a plan of schema 1 does not have; where it comes from is written from schema 3 on.
_STEPS = frozenset({"after_minutes", "person", "transports", "until"})

# What each origin cites.
_CITED = {"document": ("document", "paragraph"), "public": ("public", "url")}


@dataclass(frozen=True, slots=True)
class Field:
    """One place as it is filled in: `raw` is what the control shows, `faults` what is wrong with it."""

    path: str
    kind: str
    label: str
    raw: Any
    choices: tuple[Choice, ...] = ()
    language: str = ""
    faults: tuple[Fault, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def ident(self) -> str:
        """The place as an id of the page."""
        return "f-" + self.path.replace(".", "--")

    @property
    def was(self) -> str:
        """What stands there, as the form sends it back."""
        return json.dumps(self.raw)


class Faults:
    """What is wrong in a draft, by place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.all = tuple(faults)
        self._placed = [(place_of(fault), fault) for fault in self.all]

    def at(self, path: str) -> tuple[Fault, ...]:
        """Return what is wrong at the place and below it."""
        return tuple(
            fault for place, fault in self._placed if place == path or place.startswith(f"{path}.")
        )

    def exactly_at(self, path: str) -> tuple[Fault, ...]:
        """Return what is wrong at this very place."""
        return tuple(fault for place, fault in self._placed if place == path)

    def of_row(self, part: str, name: str) -> int:
        """Return how many faults stop a row, its words in every language included."""
        paths = (f"{part}.{name}", *(f"words.{code}.{part}.{name}" for code in LANGUAGES))
        return sum(not fault.is_warning for path in paths for fault in self.at(path))

    @property
    def errors(self) -> int:
        """How many there are that stop publishing."""
        return sum(not fault.is_warning for fault in self.all)


def place_of(fault: Fault) -> str:
    """Return the place of the draft that a fault is about; the checker names it as the editor does."""
    stem = fault.path.stem
    if stem not in LANGUAGES:
        return fault.key
    return f"words.{stem}.{fault.key}" if fault.key else f"words.{stem}"


def structure_fields(
    content: Mapping[str, Any], root: str, offer: Offer, faults: Faults
) -> list[Field]:
    """Return the fields of a row of the structure, or of the playbook itself (no root), in the table's order."""
    found = []
    depth = len(root.split(".")) if root else 0
    for place in PLACES:
        if place[0] == "words" or not _below(place, root, depth):
            continue
        names = Severity.values if place[-1] == "SEV" else [place[-1]]
        if place[-1] == "*":
            names = list(offer.answers)
        for name in names:
            path = ".".join([*([root] if root else []), *place[depth:-1], name])
            if _offered(content, path):
                found.append(field_at(content, path, offer, faults))
    return found


def _below(place: tuple[str, ...], root: str, depth: int) -> bool:
    if not root:
        return "*" not in place
    part = root.split(".")[0]
    return place[0] == part and len(place) > depth


def _offered(content: Mapping[str, Any], path: str) -> bool:
    parts = set(path.split("."))
    is_moving = bool(parts & _MOVING) or (path.startswith("items.") and path.endswith(".from"))
    if is_moving and content.get("schema") == 1:
        return False
    if "escalation" in parts and not _offered_in_step(content, path):
        return False
    root, cited, name = path.rpartition(".source.")
    if not cited:
        return True
    return name in _CITED.get(str(value_at(content, f"{root}.origin")), ())


def _offered_in_step(content: Mapping[str, Any], path: str) -> bool:
    last = path.split(".")[-1]
    if last == "person":
        return value_at(content, path.removesuffix("person") + "who") == EscalationTarget.PERSON
    if last == "origin" or ".source." in path:
        return content.get("schema") == 3
    return last not in _STEPS or content.get("schema") != 1


def word_fields(
    content: Mapping[str, Any], paths: Iterable[str], offer: Offer, faults: Faults
) -> list[tuple[str, list[Field]]]:
    """Return the fields of these word places (without `words.LANG.`), language by language."""
    told = list(paths)
    return [
        (code, [field_at(content, f"words.{code}.{path}", offer, faults) for path in told])
        for code in LANGUAGES
    ]


def field_at(content: Mapping[str, Any], path: str, offer: Offer, faults: Faults) -> Field:
    """Return one place as a field."""
    kind = kind_of(path)
    parts = path.split(".")
    raw = shown(kind, value_at(content, path))
    return Field(
        path=path,
        kind=kind.rstrip("?"),
        label=label_of(path),
        raw=raw,
        choices=offer.choices(path, raw, is_optional=kind.endswith("?")),
        language=parts[1] if parts[0] == "words" else "",
        faults=faults.at(path),
    )


def shown(kind: str, value: Any) -> Any:
    """Return the value as its control shows it."""
    bare = kind.rstrip("?")
    if bare == "keys":
        return list(value or ())
    if bare == "truth":
        return "" if value is None else "true" if value else "false"
    if bare == "start" and isinstance(value, dict):
        return ":".join(next(iter(value.items()), ("", "")))
    return "" if value is None else str(value)


def sent(data: QueryDict, path: str) -> Any:
    """Return what a form sends for a place, as its control shows it."""
    kind = kind_of(path).rstrip("?")
    return [key for key in data.getlist(path) if key] if kind == "keys" else data.get(path, "")


def meant(path: str, raw: Any) -> Any:
    """Return the value that a control's content means. Raises Invalid for a number that is none."""
    kind = kind_of(path).rstrip("?")
    if kind == "keys":
        return [str(key) for key in raw] if isinstance(raw, list) else []
    text = raw if isinstance(raw, str) else ""
    if kind == "number":
        if text.strip() and not (text.strip().isdecimal() and len(text.strip()) < 8):
            raise Invalid("wrong_kind_of_value", field="value")
        return int(text) if text.strip() else None
    if kind == "truth":
        return {"true": True, "false": False}.get(text)
    if kind == "start" and ":" in text:
        event, _, key = text.partition(":")
        return {event: key}
    return text


def was_of(data: QueryDict) -> Any:
    """Return what the form says stood there when the person began, or what they have decided to write over."""
    try:
        return json.loads(data.get("over") or data.get("was", "null"))
    except ValueError:
        return None
