"""`make bench`: start a desk of our own, fill it, measure it beside bare Django, print one table, leave nothing.

`FAST=1` takes fewer rounds, 1,000 incidents and no PDF of 2,000 rows.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import django

from benchmarks.desk import Desk, own_desk
from benchmarks.table import Row, show
from crisisdesk import env

ROOMS = (5, 50, 1000)


def main() -> None:
    """Run every measure and print the table."""
    fast = env.flag("FAST")
    started = time.monotonic()
    load = os.getloadavg()
    with own_desk() as desk:
        os.environ.update(desk.plan.environment())
        django.setup()
        rows = _measured(desk, fast=fast, told=_teller(started))
    print()
    print(show(rows))
    print(f"\n{platform.platform()}, {os.cpu_count()} processors, {_processor()}")
    print(f"load before the run {load[0]:.1f}, after it {os.getloadavg()[0]:.1f}")
    print(
        f"{time.monotonic() - started:.0f} s; {sum(row.met is False for row in rows)} bars missed"
    )


def _measured(desk: Desk, *, fast: bool, told: Callable[[str], None]) -> list[Row]:
    from benchmarks import live, opening, paper, reads, reminders, seeding, starting, writes
    from crisisdesk.core import clock
    from crisisdesk.notifications.domain import heartbeat
    from crisisdesk.notifications.enums import Hand

    def beat() -> None:
        """Pages show no banner about silent reminders: here nobody else keeps the pulse."""
        for hand in Hand:
            heartbeat.stamp(hand, at=clock.now())

    times, spell = (2, 0.4) if fast else (5, 0.7)
    told("filling the desk")
    seeding.call_command("bench_seed", incidents=1000, events=5, deadlines=5)
    keys = seeding.sign_in()
    rooms = {count: seeding.room(count) for count in ROOMS}
    rows: list[Row] = []
    told("cold starts")
    rows.append(starting.cold(desk, times=2 if fast else 3))
    with ExitStack() as stack:
        stack.enter_context(desk.web())
        stack.enter_context(desk.bare())
        told("rooms and lists with 1,000 incidents")
        found = reads.run(desk, keys, rooms, times=times, spell=spell, before=beat)
        rows += reads.rooms_table(found) + reads.lists_table(found, 1000)
        if not fast:
            told("lists with 10,000 incidents")
            seeding.call_command("bench_seed", incidents=9000, events=5, deadlines=5)
            lists = ("bare rows", "list", "api list")
            found = reads.run(desk, keys, rooms, times=times, spell=spell, before=beat, only=lists)
            rows += reads.lists_table(found, 10_000)
        rows += reads.queries_table(keys, rooms)
        told("writing")
        rows += writes.table(
            desk, keys, rooms[50], times=2 if fast else 4, share=0.5 if fast else 1.0
        )
        rows += opening.table(desk, keys, times=2 if fast else 4, share=0.5 if fast else 1.0)
        told("live pages")
        with desk.stream():
            rows += live.table(desk, keys, [rooms[5], rooms[50]])
        told("memory")
        ours = [one for one in reads.targets(desk, keys, rooms) if not one.name.startswith("bare")]
        pages = [one for one in ours if one.name != "api events"]
        rows.append(starting.memory(desk, pages, asked=400 if fast else 1000))
    told("reminders and mail")
    rows += reminders.table(fast)
    rows.append(reminders.delivered(1000 if fast else 2000))
    told("reports")
    lengths = (20, 200) if fast else (20, 200, 2000)
    rows += paper.table(desk, {count: seeding.room(count) for count in lengths})
    return sorted(rows, key=lambda row: int(row.goal[1:]))


def _teller(started: float) -> Callable[[str], None]:
    def told(what: str) -> None:
        print(f"{time.monotonic() - started:5.0f} s  {what}", flush=True)

    return told


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
