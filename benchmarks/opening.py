"""G7: an incident opened from the largest playbook of the shelf beside one from the smallest, by processor and by
queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.client import Cost, Target, measure, warm
from benchmarks.desk import Desk
from benchmarks.seeding import Keys
from benchmarks.table import Row
from playbooks.domain.content import parse
from playbooks.models import PlaybookRevision

PATH = "/api/v1/incidents/"
MORE = 3  # queries that a playbook may take beyond another: for what the other does not have at all


@dataclass(frozen=True)
class Size:
    """A playbook and how many items and statements it has."""

    parts: int
    slug: str


def sizes() -> list[Size]:
    """Return the shared playbooks, the smallest first."""
    newest = PlaybookRevision.objects.filter(playbook__brand=None, playbook__is_published=True)
    found = [
        (row.playbook.slug, parse(row))
        for row in newest.select_related("playbook")
        .order_by("playbook_id", "-number")
        .distinct("playbook_id")
    ]
    return sorted(
        (Size(len(content.items) + len(content.statements), slug) for slug, content in found),
        key=lambda size: size.parts,
    )


def table(desk: Desk, keys: Keys, *, times: int, share: float) -> list[Row]:
    """Open from both in interleaved rounds; the ratio is what the larger plan costs more."""
    shelf = sizes()
    small, large = shelf[0], shelf[-1]
    targets = [_target(desk, keys, size) for size in (small, large)]
    found = [Cost(), Cost()]
    for target in targets:
        warm(target, lines=8, each=2)
    for _ in range(times):
        for target, cost in zip(targets, found, strict=True):
            measure(target, cost, count=max(8, int(40 * share)), backends=desk.backends)
    counts = [_queries(keys, size) for size in (small, large)]
    name = f"open from {large.slug} ({large.parts} parts)"
    beside = f"{small.slug} ({small.parts})"
    return [
        Row("G7", f"{name}: cost", _cost(found[1]), f"{beside}: {_cost(found[0])}",
            found[1].cpu / found[0].cpu),
        Row("G7", f"{name}: p50", f"{found[1].p50:.1f} ms", f"{found[0].p50:.1f} ms",
            found[1].p50 / found[0].p50),
        Row("G7", f"{name}: queries", str(counts[1]), str(counts[0]), counts[1] / counts[0],
            f"<= {MORE} more", counts[1] - counts[0] <= MORE),
    ]  # fmt: skip


def _body(size: Size, number: int) -> dict[str, str]:
    return {"seen": f"Opened from {size.slug}, {number}", "playbook": size.slug, "severity": "sev2"}


def _target(desk: Desk, keys: Keys, size: Size) -> Target:
    return Target(
        size.slug,
        desk.plan.port,
        PATH,
        keys.token,
        lambda: desk.web_pids,
        "POST",
        lambda number: _body(size, number),
        201,
    )


def _cost(cost: Cost) -> str:
    database = sum(cost.database) / len(cost.database)
    return f"{cost.cpu:.1f} CPU-ms ({database:.1f} in the database)"


def _queries(keys: Keys, size: Size) -> int:
    """Count every statement of the request that reaches the database, begin and commit too."""
    program = Client(headers={"host": "127.0.0.1", "authorization": keys.token["Authorization"]})
    answer = program.post(PATH, _body(size, 0), content_type="application/json")
    with CaptureQueriesContext(connection) as seen:
        answer = program.post(PATH, _body(size, 1), content_type="application/json")
    assert answer.status_code == 201, answer.content
    return len(seen)
