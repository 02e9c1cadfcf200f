"""What follows from each lesson: items and clocks of the playbooks, and what the desk does; and the counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbooks.domain.behaviours import Behaviour, behaviours

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from playbooks.domain.content import Clock, Content, Item
    from playbooks.domain.shelf_files import ShelfFiles
    from playbooks.models import Lesson


@dataclass(frozen=True, slots=True)
class Told:
    """What a lesson itself names: behaviours and kinds of clocks."""

    key: str
    behaviours: tuple[str, ...]
    clocks: tuple[str, ...]

    @classmethod
    def by_row(cls, lesson: Lesson) -> Told:
        """Return what a loaded lesson names."""
        return cls(lesson.key, tuple(lesson.behaviours), tuple(lesson.clocks))


@dataclass(frozen=True, slots=True)
class InPlaybook:
    """The items and clocks of one playbook that follow from a lesson."""

    playbook: Content
    items: tuple[Item, ...]
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """All that follows from one lesson."""

    key: str
    present: tuple[Behaviour, ...]
    planned: tuple[Behaviour, ...]
    playbooks: tuple[InPlaybook, ...]

    @property
    def item_count(self) -> int:
        """How many items of the shelf rest on it."""
        return sum(len(found.items) for found in self.playbooks)

    @property
    def clock_count(self) -> int:
        """How many clocks of the shelf rest on it."""
        return sum(len(found.clocks) for found in self.playbooks)

    @property
    def state(self) -> str:
        """used (something in the desk follows from it now), planned, or unused."""
        if self.present or self.playbooks:
            return "used"
        return "planned" if self.planned else "unused"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many notes of the documents went into a lesson or say why not, and what became of the lessons."""

    notes: int
    mapped: int
    lessons: int
    used: int
    planned: int
    unused: int

    @property
    def is_whole(self) -> bool:
        """Whether no note and no lesson is left lying."""
        return self.mapped == self.notes and not self.unused


def uses(told: Iterable[Told], playbooks: Sequence[Content]) -> dict[str, Use]:
    """Return what follows from each lesson, by its key."""
    return {row.key: _use(row, playbooks) for row in told}


def _use(row: Told, playbooks: Sequence[Content]) -> Use:
    named = behaviours(row.behaviours)
    found = (
        InPlaybook(
            content,
            tuple(item for item in content.items if item.lesson == row.key),
            tuple(clock for clock in content.clocks if clock.kind in row.clocks),
        )
        for content in playbooks
    )
    return Use(
        key=row.key,
        present=tuple(each for each in named if not each.is_planned),
        planned=tuple(each for each in named if each.is_planned),
        playbooks=tuple(each for each in found if each.items or each.clocks),
    )


def coverage(notes: Sequence[Mapping[str, object]], found: Mapping[str, Use]) -> Coverage:
    """Return the counts over notes and lessons; a note counts as mapped when its lesson exists or it says why not."""
    states = Counter(use.state for use in found.values())
    return Coverage(
        notes=len(notes),
        mapped=sum(bool(note.get("no_lesson")) or note.get("lesson") in found for note in notes),
        lessons=len(found),
        used=states["used"],
        planned=states["planned"],
        unused=states["unused"],
    )


def told_in_files(shelf: ShelfFiles) -> list[Told]:
    """Return what the lessons name as their file stands; the file has been checked."""
    return [
        Told(
            row["key"],
            (*row.get("in", ()), *row.get("planned", ())),
            tuple(row.get("clocks", ())),
        )
        for row in shelf.rows(shelf.lessons, "lessons")
    ]
