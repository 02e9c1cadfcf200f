"""G14 and G15: the full report as PDF, drawn in a process of its own that has drawn one before.

`python -m benchmarks.paper REFERENCE [bare]` prints seconds, processor seconds, pages, table rows and peak memory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from typing import Any

from benchmarks.desk import Desk
from benchmarks.table import Row
from crisisdesk.stack.plan import ROOT

LIMITS = {20: None, 200: 1.4, 2000: 6.0}
GOALS = {20: "G14", 200: "G14", 2000: "G15"}


def table(desk: Desk, rooms: dict[int, str]) -> list[Row]:
    """Draw one report for each room, each beside a plain WeasyPrint table of as many rows.

    Drawing is one thread's work that waits for nothing: the verdict is on the processor's seconds.
    """
    rows: list[Row] = []
    for count, reference in rooms.items():
        found = _drawn(desk, reference)
        plain = _drawn(desk, reference, "bare") if count < 2000 else None
        limit = LIMITS[count]
        rows.append(
            Row(
                GOALS[count],
                f"full report, {count:,} rows ({found['pages']} pages)",
                f"{found['seconds']:.2f} s, {found['cpu']:.2f} CPU-s, {found['peak']:.0f} MB",
                f"{plain['cpu']:.2f} CPU-s plain table" if plain else "",
                found["cpu"] / plain["cpu"] if plain else None,
                f"<= {limit} CPU-s" + (", <= 200 MB" if count == 2000 else "") if limit else "",
                (found["cpu"] <= limit and (count < 2000 or found["peak"] <= 200))
                if limit
                else None,
            )
        )
    return rows


def _drawn(desk: Desk, reference: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.paper", reference, *words],
        env=desk.plan.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the report of {reference} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _draw(reference: str, *, bare: bool) -> dict[str, Any]:
    """Draw in this process, warm: the library is loaded, fonts and style sheets are known."""
    from crisisdesk.core import clock
    from crisisdesk.incidents.models import Incident
    from crisisdesk.reports.domain import document, pdf, rendering
    from crisisdesk.reports.enums import ReportKind

    incident = Incident.objects.select_related("brand", "brand__logo").get(reference=reference)
    rendering.draw(document.build(incident, "en", edition=1, at=clock.now()), ReportKind.ONE_PAGE)
    started, processor = time.perf_counter(), time.process_time()
    report = document.build(incident, "en", edition=1, at=clock.now())
    if bare:
        cells = "<td>14:15</td><td>Note</td><td>Replies are being collected.</td><td>Lead</td>"
        page = "<table>" + f"<tr>{cells}</tr>" * len(report.timeline) + "</table>"
        sheets = pdf._weasyprint().HTML(string=page).render()
        sheets.write_pdf()
        pages = len(sheets.pages)
    else:
        pages = rendering.draw(report, ReportKind.FULL)[1]
    return {
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - processor,
        "pages": pages,
        "rows": len(report.timeline),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(_draw(sys.argv[1], bare="bare" in sys.argv[2:])))
