"""The lessons at hand while a page is made: by the item, the clock or the gate that rests on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbooks.domain.behaviours import gate_of
from playbooks.queries.lessons import listed_lessons

if TYPE_CHECKING:
    from playbooks.models import Lesson


@dataclass(frozen=True)
class LessonBook:
    """All lessons on offer, read once."""

    lessons: tuple[Lesson, ...]

    def of_item(self, key: str | None) -> tuple[Lesson, ...]:
        """Return the lesson that an item names."""
        return tuple(lesson for lesson in self.lessons if key and lesson.key == key)

    def of_clock(self, kind: str) -> tuple[Lesson, ...]:
        """Return the lessons behind a kind of clock."""
        return tuple(lesson for lesson in self.lessons if kind in lesson.clocks)

    def of_behaviour(self, key: str) -> tuple[Lesson, ...]:
        """Return the lessons that something in the desk enforces or helps."""
        return tuple(lesson for lesson in self.lessons if key in lesson.behaviours)

    def of_gate(self, reason: str) -> tuple[Lesson, ...]:
        """Return the lessons behind a gate, by the code under which people meet it."""
        gate = gate_of(reason)
        return self.of_behaviour(gate.key) if gate else ()


def read_book() -> LessonBook:
    """Return the lessons on offer; one query."""
    return LessonBook(tuple(listed_lessons()))
