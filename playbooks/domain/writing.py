"""The one way in which content is written as files: the same content is the same bytes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.shelf_files import STRUCTURE
from playbooks.domain.yaml_files import plain_resolvers, read_bytes

_WIDTH = 110
_SHORT = re.compile(r"^[\w.-]{1,40}$")
# One order for every mapping, so that a file reads from what it is to what it says. What is not named here
# follows by name; the database keeps no order of keys.
_KEYS = """
    schema slug crisis_type scct_cluster case default_severity origin_channel regulators key phase stage audience
    kind from role channel channels required lane approvals facts minutes days repeat until when after meets
    lives_until autofill after_percent after_minutes who person transports first second every most answer
    lesson unknown origin source document paragraph public url
    title summary text ask yes no when_to_use not_for trap case_note first_facts words detail because label prompt
    severities questions clocks items statements placeholders avoid lanes reminders escalation lessons
"""
_RANK = {name: place for place, name in enumerate(_KEYS.split())}


class _Dumper(yaml.SafeDumper):
    """Writes what the plain loader reads: words need quotation marks only where it would read something else."""

    yaml_implicit_resolvers = plain_resolvers()

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Set rows of a list in from their key."""
        del indentless
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        """Write each part where it stands, also when two are the same object."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text and dumper.default_style is None else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _mapping(dumper: yaml.SafeDumper, data: dict[str, Any]) -> yaml.Node:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", list(data.items()))
    node.flow_style = (
        "key" not in data and 0 < len(data) <= 4 and all(map(_is_short, data.values()))
    )
    return node


def _list(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    short = all(isinstance(row, str) and _is_short(row) for row in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return _SHORT.match(value) is not None
    return value is None or isinstance(value, int)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)


def files_of(content: Mapping[str, Any]) -> dict[str, bytes]:
    """Return a revision's content as its four files by name; reading them gives the same content."""
    structure = {name: part for name, part in content.items() if name != "words"}
    words = content["words"]
    rows = {
        name: [row["key"] for row in structure.get(name) or ()]
        for name in ("questions", "clocks", "items", "statements")
    }
    rows["placeholders"] = blanks_in_order(content)
    structure["placeholders"] = _by(rows["placeholders"], structure.get("placeholders") or {})
    files = {STRUCTURE: _written(_ordered(structure, keep=("placeholders",)))}
    for code in LANGUAGES:
        said = {
            name: _by(rows[name], part) if name in rows and isinstance(part, Mapping) else part
            for name, part in words[code].items()
        }
        files[f"{code}.yaml"] = _written(_ordered(said, keep=tuple(rows)))
    return files


def blanks_in_order(content: Mapping[str, Any]) -> list[str]:
    """Return the names of the placeholders, first those that statements use, in the order of their use."""
    declared = list(content.get("placeholders") or {})
    texts = content["words"].get(LANGUAGES[0], {}).get("statements") or {}
    joined = "\n".join(
        str((texts.get(row["key"]) or {}).get("text", ""))
        for row in content.get("statements") or ()
    )
    place = {name: joined.find("{" + name + "}") for name in declared}
    return sorted(declared, key=lambda name: (place[name] < 0, place[name], name))


def _by(keys: Iterable[str], part: Mapping[str, Any]) -> dict[str, Any]:
    first = [key for key in keys if key in part]
    return {key: part[key] for key in (*first, *sorted(set(part) - set(first)))}


def _ordered(data: Any, *, keep: tuple[str, ...] = ()) -> Any:
    """Return data with the keys of every mapping in their order; mappings under `keep` have theirs already."""
    if isinstance(data, list):
        return [_ordered(row) for row in data]
    if not isinstance(data, Mapping):
        return data
    names = sorted(data, key=lambda name: (_RANK.get(name, len(_RANK)), name))
    return {
        name: {key: _ordered(row) for key, row in data[name].items()}
        if name in keep and isinstance(data[name], Mapping)
        else _ordered(data[name])
        for name in names
    }


def _written(data: dict[str, Any]) -> bytes:
    text = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
    if read_bytes(Path(), text.encode()).data != data:
        # YAML folds some rare signs away (blank lines that start with a blank, separators of lines): these are
        # written escaped, one text a line.
        text = yaml.dump(
            data, Dumper=_Dumper, sort_keys=False, default_style='"', width=sys.maxsize
        )
    return text.encode()
