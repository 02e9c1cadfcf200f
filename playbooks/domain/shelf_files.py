"""The folders of the shelf, read once: playbooks, lessons, sources, channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.yaml_files import Document, from_data, read

STRUCTURE = "playbook.yaml"
SHARED_TEXTS = "shared-texts.yaml"
REGULATORS = "regulators.yaml"


@dataclass(frozen=True, slots=True)
class Folder:
    """One playbook's folder: its structure and its words in every language."""

    slug: str
    structure: Document
    words: dict[str, Document]

    def documents(self) -> Iterator[Document]:
        """Yield the files of the folder, structure first."""
        yield self.structure
        yield from self.words.values()

    def content(self) -> dict[str, Any]:
        """Return structure and words as the one mapping that a revision stores."""
        return {
            **self.structure.data,
            "words": {code: document.data for code, document in self.words.items()},
        }


@dataclass(frozen=True, slots=True)
class ShelfFiles:
    """Everything that the shelf is loaded from; `shared_texts` is None when nothing may be shared,
    `regulators` when there is no file of them.
    """

    root: Path
    folders: tuple[Folder, ...]
    sources: Document
    lessons: Document
    notes: Document
    channels: Document
    shared_texts: Document | None
    regulators: Document | None = None

    def documents(self) -> Iterator[Document]:
        """Yield every file, in the order in which faults are shown."""
        yield from (self.channels, self.sources, self.lessons, self.notes)
        if self.regulators is not None:
            yield self.regulators
        for folder in self.folders:
            yield from folder.documents()
        if self.shared_texts is not None:
            yield self.shared_texts

    def rows(self, document: Document, name: str) -> list[dict[str, Any]]:
        """Return the well-formed rows of a list in a file."""
        found = document.at(name)
        return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def folder_of(content: Mapping[str, Any]) -> Folder:
    """Return content that stands in no file as a folder, to be held against the same rules."""
    words = content.get("words")
    said = words if isinstance(words, dict) else {}
    structure = {name: part for name, part in content.items() if name != "words"}
    return Folder(
        slug=str(content.get("slug", "")),
        structure=from_data(Path(STRUCTURE), structure),
        words={code: from_data(Path(f"{code}.yaml"), said.get(code)) for code in LANGUAGES},
    )


def read_shelf(root: Path) -> ShelfFiles:
    """Return the files under a fixtures folder, read but not yet judged; nothing here raises for a
    bad file.
    """
    playbooks = root / "playbooks"
    shared, regulators = playbooks / SHARED_TEXTS, root / REGULATORS
    folders = (
        sorted(path for path in playbooks.iterdir() if path.is_dir()) if playbooks.is_dir() else []
    )
    return ShelfFiles(
        root=root,
        folders=tuple(
            Folder(
                slug=path.name,
                structure=read(path / STRUCTURE),
                words={code: read(path / f"{code}.yaml") for code in LANGUAGES},
            )
            for path in folders
        ),
        sources=read(root / "lessons" / "sources.yaml"),
        lessons=read(root / "lessons" / "lessons.yaml"),
        notes=read(root / "lessons" / "notes.yaml"),
        channels=read(root / "channels.yaml"),
        shared_texts=read(shared) if shared.exists() else None,
        regulators=read(regulators) if regulators.exists() else None,
    )
