"""Without faults: reminders a second with two workers beside a bare claim loop, and memory with a long backlog."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from django.db import connection

from benchmarks import processor
from benchmarks.desk import Desk
from benchmarks.faults import rows
from benchmarks.faults.counting import taken
from benchmarks.faults.hands import Hands
from benchmarks.reminders import bare_claims
from crisisdesk.core import clock

SPEED = 10_000
BACKLOG = 100_000
PATIENCE = 400.0
LOOKED_FOR = 60.0  # seconds for which the workers go at the long backlog while their memory is read


def measure(desk: Desk, told: Callable[[str], None]) -> None:
    """Print what two workers do in a second, and the most memory that one of them holds before a long backlog."""
    plain = median(bare_claims(500) for _ in range(5))
    rate, few = _work(desk, SPEED, PATIENCE)
    told(
        f"without faults: {rate:,.0f} reminders a second claimed, recorded and taken by the mail server with two "
        f"workers; a bare SKIP LOCKED loop claims and marks {plain:,.0f}: {rate / plain:.3f} of it"
    )
    _, many = _work(desk, BACKLOG, LOOKED_FOR)
    told(
        f"the largest process of two workers: at most {few:.0f} MB with {SPEED:,} due rows, {many:.0f} MB with "
        f"{BACKLOG:,}: {many / few:.2f} times as much"
    )


def _work(desk: Desk, count: int, patience: float) -> tuple[float, float]:
    """Let two new workers go at so many due reminders; return how many a second arrived, and the most megabytes one of
    their processes held."""
    hands = Hands.of(desk, workers=2, beats=1)
    log = desk.layout.data / "sink.log"
    before = log.stat().st_size
    try:
        since = clock.now() - timedelta(hours=1)
        rows.start(count, first=since, span=timedelta(minutes=30), chance=random.Random(1))
        hands.wait_until_they_move()
        until, most, arrived = time.monotonic() + patience, 0.0, 0
        while time.monotonic() < until and arrived < count:
            for hand in hands.all():
                hand.look()
            time.sleep(0.5)
            found = [hand.process.pid for hand in hands.workers if hand.process]
            most = max(most, processor.peak(pid for one in found for pid in processor.family(one)))
            arrived = log.read_bytes()[before:].count(b"\n")
    finally:
        for hand in hands.all():
            hand.end()
        rows.give_up()
        connection.close()
    moments = sorted(moment for some in taken(log, after=before).values() for moment in some)
    return len(moments) / max(1e-9, moments[-1] - moments[0]), most
