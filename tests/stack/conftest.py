"""Desks that are cleared away after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stack.desk import Desk


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Make a desk in a folder of this name."""
    made: list[Desk] = []

    def make(name: str) -> Desk:
        desk = Desk(tmp_path / name)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.end()
