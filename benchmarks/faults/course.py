"""What is broken when: a course of faults drawn by chance, the same for the same seed."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from benchmarks.faults.hands import Hands, Servers

SINKS = {"mail": "the mail server", "hook": "the receiver of webhooks"}
MANNERS = ("4xx", "5xx", "slow", "half", "421", "away")


@dataclass
class Course:
    """Everything that goes wrong within `span` seconds, and what was done when (by the wall clock)."""

    hands: Hands
    servers: Servers
    manner: Callable[[str, str], None]
    span: float
    chance: random.Random
    worker_kills: list[float] = field(default_factory=list)
    database_away: list[tuple[float, float]] = field(default_factory=list)
    told: Callable[[str], None] = print

    def run(self) -> float:
        """Break and mend until the span is over; returns the moment at which the last thing was whole again."""
        began = time.monotonic()
        plan = sorted(self._plan(), key=lambda entry: entry[0])
        while plan or time.monotonic() - began < self.span:
            while plan and plan[0][0] <= time.monotonic() - began:
                plan.pop(0)[1]()
            for hand in self.hands.all():
                hand.look()
            time.sleep(0.05)
        for sink in SINKS:
            self.manner(sink, "ok")
        return time.time()

    def _plan(self) -> list[tuple[float, Callable[[], None]]]:
        span, chance = self.span, self.chance
        plan: list[tuple[float, Callable[[], None]]] = []
        moment = 4.0
        while moment < span:
            plan.append((moment, self._kill_a_worker))
            moment += chance.uniform(3, 7)
        for share in (0.3, 0.7):
            plan.append((span * share, self._kill_a_beat))
        away = span * chance.uniform(0.2, 0.4)
        how = chance.choice((signal.SIGTERM, signal.SIGKILL))
        plan.append((away, lambda: self._stop_broker(how)))
        plan.append((away + 5, self._start_broker))
        plan.append((span * chance.uniform(0.5, 0.8), self._restart_database))
        for sink in SINKS:
            manners = list(MANNERS)
            chance.shuffle(manners)
            each = span / len(manners)
            for number, manner in enumerate(manners):
                plan.append((number * each + 1, partial(self._behave, sink, manner)))
                plan.append(((number + 0.6) * each + 1, partial(self._behave, sink, "ok")))
        return plan

    def _behave(self, sink: str, manner: str) -> None:
        self.told(f"{SINKS[sink]}: {manner}")
        self.manner(sink, manner)

    def _kill_a_worker(self) -> None:
        hand = self.chance.choice(self.hands.workers)
        if self.chance.random() < 0.5 and hand.kill_child():
            self.told(f"kill -9 of a child of {hand.name}")
        else:
            self.told(f"kill -9 of {hand.name}")
            hand.kill()
        self.worker_kills.append(time.time())

    def _kill_a_beat(self) -> None:
        hand = self.chance.choice(self.hands.beats)
        self.told(f"kill -9 of {hand.name}")
        hand.kill()

    def _stop_broker(self, how: signal.Signals) -> None:
        self.told(f"the broker is stopped by {how.name}")
        self.servers.stop_broker(how)

    def _start_broker(self) -> None:
        self.servers.start_broker()
        self.told("the broker is back")

    def _restart_database(self) -> None:
        began = time.time()
        self.servers.restart_database()
        self.database_away.append((began, time.time()))
        self.told("PostgreSQL was restarted")
