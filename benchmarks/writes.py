"""G7 and G8: opening an incident and writing a note through the API, one after the other and eight at once."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.client import Cost, Target, measure, warm
from benchmarks.desk import Desk
from benchmarks.seeding import SLUG, Keys
from benchmarks.table import Row


def table(desk: Desk, keys: Keys, reference: str, *, times: int, share: float) -> list[Row]:
    """Measure both beside the bare one-query view, in interleaved rounds."""
    opening = Target(
        "open",
        desk.plan.port,
        "/api/v1/incidents/",
        keys.token,
        lambda: desk.web_pids,
        "POST",
        lambda number: {
            "seen": f"Another account answers our customers, number {number}",
            "playbook": SLUG,
            "severity": "sev2",
        },
        201,
    )
    note = replace(
        opening,
        name="note",
        path=f"/api/v1/incidents/{reference}/notes/",
        body=lambda number: {"text": f"Call from the shop in Haifa, number {number}."},
    )
    bare = Target("bare", desk.bare_port, f"/one/{reference}/", {}, lambda: desk.bare_pids)
    plan = ((opening, 40, 96), (note, 100, 320), (bare, 200, 800))
    found: dict[tuple[str, int], Cost] = {}
    for target, *_ in plan:
        warm(target, lines=8, each=2)
    for _ in range(times):
        for target, alone, many in plan:
            for lines, count in ((1, alone), (8, many)):
                cost = found.setdefault((target.name, lines), Cost())
                asked = max(8, int(count * share))
                measure(target, cost, count=asked, backends=desk.backends, lines=lines)
    one, crowd = found["open", 1], found["open", 8]
    noted, notes = found["note", 1], found["note", 8]
    plain, plains = found["bare", 1], found["bare", 8]
    return [
        _cpu("G7", "open an incident by API", one, plain),
        Row("G7", "open, c=1: p50", f"{one.p50:.1f} ms", f"{plain.p50:.1f} ms", one.p50 / plain.p50,
            "<= 15 ms", one.p50 <= 15),
        Row("G7", "open, c=8", f"{crowd.rate:.0f} req/s", f"{plains.rate:.0f} req/s",
            crowd.rate / plains.rate, ">= 150 req/s", crowd.rate >= 150),
        _cpu("G8", "POST a note", noted, plain),
        Row("G8", "POST a note, c=1", f"{noted.rate:.0f} req/s, p50 {noted.p50:.1f} ms", f"{plain.rate:.0f} req/s",
            noted.rate / plain.rate),
        Row("G8", "POST a note to one incident, c=8", f"{notes.rate:.0f} req/s",
            f"{plains.rate:.0f} req/s", notes.rate / plains.rate, ">= 300 req/s",
            notes.rate >= 300),
    ]  # fmt: skip


def _cpu(goal: str, measure: str, ours: Cost, bare: Cost) -> Row:
    database = sum(ours.database) / len(ours.database)
    return Row(
        goal,
        f"{measure}: cost",
        f"{ours.cpu:.1f} CPU-ms ({database:.1f} in the database)",
        f"{bare.cpu:.1f} CPU-ms",
        ours.cpu / bare.cpu,
    )
