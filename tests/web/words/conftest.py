"""The hour, the people and the incident that the pages about words start from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from time_machine import Traveller

from tests.factories.organisation import NOON


@pytest.fixture(autouse=True)
def hour() -> Iterator[Traveller]:
    """It is ten minutes past noon for the whole test unless it moves on."""
    with time_machine.travel(NOON + timedelta(minutes=10), tick=False) as moved:
        yield moved
