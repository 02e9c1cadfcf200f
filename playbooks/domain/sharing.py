"""Words of a playbook that another one on the shelf says too: told before they are published, never in the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisisdesk.core.languages import LANGUAGES
from playbooks.domain.checking import SHARED_PARTS, same_reading
from playbooks.domain.yaml_files import Fault

if TYPE_CHECKING:
    from playbooks.queries.shelf import Shelved

Place = tuple[str, str, str, str]  # language, part, key, name


def shared_texts(content: Mapping[str, Any], others: Iterable[Shelved]) -> tuple[Fault, ...]:
    """Return a warning for each item or statement that reads the same in one of these playbooks, with its place there.

    A playbook with which most of the texts agree place by place is what this one was copied from: of that one nothing
    is said.
    """
    ours = dict(_texts(content))
    found: dict[Place, Fault] = {}
    for other in others:
        theirs = dict(_texts(other.revision.content))
        agreeing = sum(theirs.get(place) == reading for place, reading in ours.items())
        if 2 * agreeing > len(ours):
            continue
        first: dict[tuple[str, str], Place] = {}
        for place, reading in theirs.items():
            first.setdefault((place[0], reading), place)
        for place, reading in ours.items():
            there = first.get((place[0], reading))
            if there is not None and place not in found:
                found[place] = _warning(place, other.playbook.slug, there)
    return tuple(found[place] for place in ours if place in found)


def _texts(content: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    words = content.get("words") or {}
    for code in LANGUAGES:
        for part, name in SHARED_PARTS:
            for key, row in ((words.get(code) or {}).get(part) or {}).items():
                text = row.get(name) if isinstance(row, Mapping) else None
                if isinstance(text, str) and text.strip():
                    yield (code, part, key, name), same_reading(text)


def _warning(place: Place, slug: str, there: Place) -> Fault:
    code, *path = place
    where = f"{slug}/{there[0]}.yaml {'.'.join(there[1:])}"
    return Fault(
        Path(f"{code}.yaml"),
        1,
        ".".join(path),
        "shared_text",
        f"the same words as {where}",
        is_warning=True,
        at=tuple(path),
    )
