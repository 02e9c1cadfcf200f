"""G16 and G17: from the start of the pages to their first answer, and the memory they hold after much work."""

from __future__ import annotations

from statistics import median

from benchmarks import processor
from benchmarks.client import Target, drive
from benchmarks.desk import Desk
from benchmarks.table import Row


def cold(desk: Desk, *, times: int) -> Row:
    """Start the pages and the bare project in turn, with the database ready."""
    ours, spent, bare = [], [], []
    for _ in range(times):
        with desk.web() as seconds:
            ours.append(seconds)
            spent.append(processor.spent(desk.web_pids) / 1000)
        with desk.bare() as seconds:
            bare.append(seconds)
    first, plain = median(ours), median(bare)
    return Row(
        "G16",
        "start of the pages to the first answer",
        f"{first:.2f} s ({median(spent):.1f} CPU-s of two workers and master)",
        f"{plain:.2f} s",
        first / plain,
        "<= 3.5 s",
        first <= 3.5,
    )


def memory(desk: Desk, targets: list[Target], *, asked: int) -> Row:
    """Ask for these in turn, eight at once, and weigh workers and master."""
    for target in targets:
        drive(target, asked // len(targets), lines=8)
    each = sorted(processor.resident([pid]) for pid in desk.web_pids)
    ours, bare = sum(each), processor.resident(desk.bare_pids)
    return Row(
        "G17",
        f"memory of web, 2 workers and master, after {asked:,} requests more",
        f"{ours:.0f} MB (" + " + ".join(f"{one:.0f}" for one in each) + ")",
        f"{bare:.0f} MB",
        ours / bare,
        "<= 300 MB",
        ours <= 300,
    )
