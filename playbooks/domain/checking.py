"""Everything that must hold before the shelf is loaded; needs the files and no database."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crisisdesk.core import counting
from playbooks.domain.checking_lessons import check_lessons, named
from playbooks.domain.checking_regulators import check_regulators
from playbooks.domain.checking_structure import Known, check_structure
from playbooks.domain.checking_unknown import check_unknown
from playbooks.domain.checking_words import ChannelLimit, check_words
from playbooks.domain.inspector import Inspector
from playbooks.domain.shelf_files import Folder, ShelfFiles, read_shelf
from playbooks.domain.yaml_files import Document, Fault, KeyPath

SHARED_PARTS = (("items", "words"), ("items", "detail"), ("statements", "text"))


@dataclass(frozen=True, slots=True)
class Checked:
    """The files as read, and what is wrong with them, in the order of files and lines."""

    shelf: ShelfFiles
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> tuple[Fault, ...]:
        """Return the faults that stop loading."""
        return tuple(fault for fault in self.faults if not fault.is_warning)


def check_shelf(root: Path) -> Checked:
    """Return the files under `root` with every fault in them; nothing is written."""
    shelf = read_shelf(root)
    if not shelf.folders:
        shelf.channels.faults.append(
            Fault(root / "playbooks", 1, "", "no_playbooks", "no playbook folder here")
        )
    limits = _check_channels(shelf)
    check_lessons(shelf)
    if shelf.regulators is not None:
        check_regulators(shelf.regulators)
    known = Known(
        channels=tuple(_keys(shelf, shelf.channels, "channels")),
        documents=tuple(named(shelf.sources, "documents")),
        cases=tuple(named(shelf.sources, "cases")),
        lessons=tuple(_keys(shelf, shelf.lessons, "lessons")),
        regulators=_regulators(shelf),
    )
    for folder in shelf.folders:
        check_folder(folder, known, limits)
    _check_shared(shelf)
    return Checked(shelf, sorted_faults(shelf.documents()))


def check_folder(folder: Folder, known: Known, limits: Mapping[str, ChannelLimit]) -> None:
    """Note every fault of one playbook in its documents, wherever they come from."""
    # A file that is missing or is not YAML has its fault already; to go on would bury it under
    # false ones.
    if folder.structure.data is not None:
        check_structure(folder, known)
        check_words(folder, limits)
        check_unknown(folder)


def sorted_faults(documents: Iterable[Document]) -> tuple[Fault, ...]:
    """Return the faults of the documents, file by file, in the order of their lines."""
    return tuple(
        fault
        for document in documents
        # Two rules may look at one row; what both find is one fault.
        for fault in sorted(dict.fromkeys(document.faults), key=lambda fault: fault.line)
    )


def _keys(shelf: ShelfFiles, document: Document, name: str) -> list[str]:
    return [row["key"] for row in shelf.rows(document, name) if isinstance(row.get("key"), str)]


def _regulators(shelf: ShelfFiles) -> tuple[str, ...] | None:
    """Return the keys of the regulators, or None while the shelf has no file of them."""
    if shelf.regulators is None:
        return None
    return tuple(_keys(shelf, shelf.regulators, "regulators"))


def _check_channels(shelf: ShelfFiles) -> dict[str, ChannelLimit]:
    """Check what the shelf uses of the channels, and return how each one counts."""
    if shelf.channels.data is None:
        return {}
    ask = Inspector(shelf.channels)
    ask.mapping(required=("channels",), optional=("schema",))
    limits = {}
    rows = ask.rows("channels")
    ask.once(rows, "channels")
    for index in rows:
        row = shelf.channels.at("channels", index)
        rule = ask.choice(counting.RULES, "channels", index, "counting")
        for name in ("limit", "link_length"):
            if row.get(name) is not None:
                ask.number("channels", index, name)
        link_length = row.get("link_length")
        if (
            rule is not None
            and isinstance(row.get("limit"), int)
            and isinstance(link_length, int | None)
        ):
            limits[str(row.get("key"))] = ChannelLimit(row["limit"], rule, link_length)
    return limits


def _check_shared(shelf: ShelfFiles) -> None:
    """Note every item or statement that reads the same in two playbooks, unless it is allowed with
    a reason.
    """
    allowed = _allowed(shelf)
    first: dict[tuple[str, str], tuple[str, Document, KeyPath]] = {}
    met: set[str] = set()
    for folder in shelf.folders:
        for code, document in folder.words.items():
            for path, text in _texts(document):
                reading = same_reading(text)
                slug, other, elsewhere = first.setdefault(
                    (code, reading), (folder.slug, document, path)
                )
                if slug == folder.slug:
                    continue
                met.add(reading)
                if reading not in allowed:
                    document.fault(
                        path,
                        "shared_text",
                        f"the same words as {other.path.relative_to(shelf.root).as_posix()}:"
                        f"{other.line(elsewhere)} {other.shown_key(elsewhere)}",
                    )
    for reading, index in allowed.items():
        if reading not in met and shelf.shared_texts is not None:
            shelf.shared_texts.fault(
                ("shared", index), "not_shared", "no two playbooks share it", is_warning=True
            )


def _allowed(shelf: ShelfFiles) -> dict[str, int]:
    if shelf.shared_texts is None or shelf.shared_texts.data is None:
        return {}
    ask = Inspector(shelf.shared_texts)
    ask.mapping(required=("shared",), optional=("schema",))
    allowed = {}
    for index in ask.rows("shared"):
        ask.mapping("shared", index, required=("text", "because"))
        text, reason = ask.text("shared", index, "text"), ask.text("shared", index, "because")
        if text and reason:
            allowed[same_reading(text)] = index
    return allowed


def _texts(document: Document) -> Iterator[tuple[KeyPath, str]]:
    for part, name in SHARED_PARTS:
        found = document.at(part)
        for key in found if isinstance(found, dict) else ():
            text = document.at(part, key, name)
            if isinstance(text, str) and text.strip():
                yield (part, key, name), text


def same_reading(text: str) -> str:
    """Return the form in which two texts count as the same: case, spacing and end marks do not make
    a difference.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .!?؟")
