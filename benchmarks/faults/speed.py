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

SPEED = 5_000
BACKLOG = 100_000
PATIENCE = 300.0
LOOKED_FOR = 30.0  # seconds for which the workers go at the backlog while their memory is read


def measure(desk: Desk, told: Callable[[str], None]) -> None:
    """Print what two workers do in a second, and what they hold in memory before a long backlog."""
    chance = random.Random(1)
    hands = Hands.of(desk, workers=2, beats=1)
    try:
        plain = median(bare_claims(500) for _ in range(5))
        rate, few = _work(desk, hands, SPEED, PATIENCE, chance)
        told(
            f"without faults: {rate:,.0f} reminders a second claimed, recorded and taken by the mail server with two "
            f"workers; a bare SKIP LOCKED loop claims and marks {plain:,.0f}: {rate / plain:.3f} of it"
        )
        _, many = _work(desk, hands, BACKLOG, LOOKED_FOR, chance)
        told(
            f"memory of two workers: {few:.0f} MB after {SPEED:,} due rows, {many:.0f} MB before {BACKLOG:,}"
        )
    finally:
        for hand in hands.all():
            hand.end()
        rows.give_up()
        connection.close()


def _work(
    desk: Desk, hands: Hands, count: int, patience: float, chance: random.Random
) -> tuple[float, float]:
    """Let the workers go at so many due reminders; return how many a second arrived, and the most memory they held."""
    log = desk.layout.data / "sink.log"
    before = log.stat().st_size
    hands.wait_until_they_move()
    rows.start(
        count, first=clock.now() - timedelta(hours=1), span=timedelta(minutes=30), chance=chance
    )
    connection.close()
    until, most, arrived = time.monotonic() + patience, 0.0, 0
    while time.monotonic() < until and arrived < count:
        for hand in hands.all():
            hand.look()
        time.sleep(0.5)
        pids = [
            pid
            for hand in hands.workers
            if hand.process
            for pid in processor.family(hand.process.pid)
        ]
        most = max(most, processor.resident(pids))
        arrived = log.read_bytes()[before:].count(b"\n")
    moments = sorted(moment for some in taken(log, after=before).values() for moment in some)
    return len(moments) / max(1e-9, moments[-1] - moments[0]), most
