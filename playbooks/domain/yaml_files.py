"""YAML files read so that every fault can be shown with its line."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

KeyPath = tuple[str | int, ...]
MOST_KEYS = 20_000


class _PlainLoader(yaml.SafeLoader):
    """YAML with the surprises taken out: `no`, `13:00` and dates stay text."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""]
)


def plain_resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return what is read as something else than text, by first sign; the writer quotes the same."""
    return _PlainLoader.yaml_implicit_resolvers


_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "bool", "null")}
# The database keeps no NUL, and half of a surrogate pair is no letter in any encoding.
_NO_LETTER = re.compile("[\x00\ud800-\udfff]")


class _TagRefused(yaml.MarkedYAMLError):
    """Something YAML knows and playbooks do not."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in a file; a warning is printed and stops nothing."""

    path: Path
    line: int
    key: str
    code: str
    message: str
    is_warning: bool = False
    at: KeyPath = ()

    def shown(self, base: Path) -> str:
        """Return the fault as one line: path from `base`, line, key, words."""
        path = self.path.relative_to(base) if self.path.is_relative_to(base) else self.path
        words = f"warning: {self.message}" if self.is_warning else self.message
        return f"{path.as_posix()}:{self.line}: {self.key or '-'}: {words}"


@dataclass(slots=True)
class Document:
    """One file as data, with the line of every key and the faults found in it so far."""

    path: Path
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def at(self, *path: str | int) -> Any:
        """Return what stands at the path, or None."""
        found = self.data
        for name in path:
            if isinstance(found, dict):
                found = found.get(name)
            elif isinstance(found, list) and isinstance(name, int) and name < len(found):
                found = found[name]
            else:
                return None
        return found

    def line(self, path: KeyPath) -> int:
        """Return the line of the path, or of the nearest part above it that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def shown_key(self, path: KeyPath) -> str:
        """Return the path as a person writes it: `items.capture-replies.minutes`, rows by their
        key.
        """
        return ".".join(self._name(path[: index + 1]) for index in range(len(path)))

    def _name(self, path: KeyPath) -> str:
        row = self.at(*path) if isinstance(path[-1], int) else None
        key = row.get("key") if isinstance(row, dict) else None
        return key if isinstance(key, str) else str(path[-1])

    def fault(self, path: KeyPath, code: str, message: str, *, is_warning: bool = False) -> None:
        """Note a fault at the path."""
        self.faults.append(
            Fault(self.path, self.line(path), self.shown_key(path), code, message, is_warning, path)
        )


def read(path: Path) -> Document:
    """Return the file as a document; what cannot be read is a fault in it, never an exception."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return missing(path)
    except OSError as error:
        return _unreadable(path, 1, f"cannot be read: {error}")
    return read_bytes(path, raw)


def missing(path: Path) -> Document:
    """Return the document of a file that is not there."""
    return Document(path, faults=[Fault(path, 1, "", "file_missing", "this file is missing")])


def read_bytes(path: Path, raw: bytes) -> Document:
    """Return what a file holds as a document; `path` is its name in the faults."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unreadable(path, line, f"cannot be read as UTF-8 text: {error}")
    document = Document(path)
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        if node is not None:
            for found, line in _walk(document, node, ()):
                document.lines[found] = line
                if len(document.lines) > MOST_KEYS:
                    raise ValueError("too many keys: does a part refer to itself?")
            document.data = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, LookupError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        line = mark.line + 1 if mark is not None else _line_of_sign(text, error)
        document.data = None
        document.lines.clear()
        document.faults = [Fault(path, line, "", "yaml", f"not valid YAML: {problem}")]
        return document
    return _mapping_or_fault(document)


def from_data(path: Path, data: Any) -> Document:
    """Return data that stands in no file as a document: its paths are known, its lines are not."""
    lines = dict.fromkeys(_paths(data, ()), 0) if isinstance(data, dict) else {}
    document = Document(path, data=data, lines=lines)
    return _mapping_or_fault(document)


def _mapping_or_fault(document: Document) -> Document:
    if not isinstance(document.data, dict):
        words = "the file must be a mapping of keys"
        document.faults.append(Fault(document.path, 1, "", "not_a_mapping", words))
        document.data = None
    return document


def _unreadable(path: Path, line: int, words: str) -> Document:
    return Document(path, faults=[Fault(path, line, "", "file_unreadable", words)])


def _paths(data: Any, path: KeyPath) -> Iterator[KeyPath]:
    rows = data.items() if isinstance(data, dict) else enumerate(data)
    for name, part in rows:
        yield (*path, name)
        if isinstance(part, dict | list):
            yield from _paths(part, (*path, name))


def _walk(document: Document, node: yaml.Node, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    """Yield the line of every key and row; a key written twice is a fault, since YAML would keep
    the last silently.
    """
    if isinstance(node, yaml.MappingNode):
        seen: dict[Hashable, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in seen:
                document.faults.append(
                    Fault(
                        document.path,
                        line,
                        ".".join(str(part) for part in (*path, name)),
                        "written_twice",
                        f"this key is already written on line {seen[name]}",
                    )
                )
            seen[name] = line
            yield (*path, name), line
            yield from _walk(document, value, (*path, name))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield (*path, index), value.start_mark.line + 1
            yield from _walk(document, value, (*path, index))
    _plain_scalar(node)


def _plain_scalar(node: yaml.Node) -> None:
    """Refuse what no writer of words means: a tag of another language, a sign that is no letter."""
    if node.tag not in _TAGS:
        raise _TagRefused(None, None, f"tags are not read here: {node.tag}", node.start_mark)
    if isinstance(node, yaml.ScalarNode) and _NO_LETTER.search(node.value):
        raise _TagRefused(None, None, "a sign that no text may hold", node.start_mark)


def _line_of_sign(text: str, error: Exception) -> int:
    """Return the line of a sign that YAML does not allow, which comes without a mark."""
    position = getattr(error, "position", None)
    return text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
