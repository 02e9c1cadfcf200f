"""G1 to G6: rooms, lists and the export, as CPU-ms beside the bare views, and their queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.client import Cost, Target, rounds
from benchmarks.desk import Desk
from benchmarks.seeding import LEAD, Keys
from benchmarks.table import Row
from crisisdesk.organisation.models import User

ROOM, LIST, POST = 12, 6, 6  # G6


def targets(desk: Desk, keys: Keys, rooms: Mapping[int, str]) -> list[Target]:
    """Everything that is read, ours and bare, in the order of a round."""

    def page(name: str, path: str) -> Target:
        return Target(name, desk.plan.port, path, keys.session, lambda: desk.web_pids)

    def api(name: str, path: str) -> Target:
        return Target(name, desk.plan.port, path, keys.token, lambda: desk.web_pids)

    def bare(name: str, path: str) -> Target:
        return Target(name, desk.bare_port, path, {}, lambda: desk.bare_pids)

    long = rooms[1000]
    return [
        bare("bare one", f"/one/{long}/"),
        bare("bare rows", "/rows/"),
        bare("bare page", f"/page/{rooms[50]}/"),
        bare("bare long page", f"/page/{long}/"),
        bare("bare events", f"/events/{long}/"),
        *(page(f"now {count}", f"/incidents/{name}/") for count, name in rooms.items()),
        *(
            page(f"timeline {count}", f"/incidents/{name}/timeline/")
            for count, name in rooms.items()
        ),
        page("list", "/incidents/"),
        api("api list", "/api/v1/incidents/?limit=50"),
        api("api events", f"/api/v1/incidents/{long}/timeline/?after=0&limit=1000"),
    ]


def rooms_table(found: Mapping[str, Cost]) -> list[Row]:
    """G1 to G3."""
    rows = []
    for tab in ("now", "timeline"):
        for goal, count, bare, bar in (
            ("G1", 50, "bare page", 26.0),
            ("G2", 1000, "bare long page", 35.0),
        ):
            ours = found[f"{tab} {count}"]
            rows.append(_against(goal, f"room, {tab}, {count} events", ours, found[bare], bar))
        cost = found[f"{tab} 1000"]
        rows.append(
            Row(
                "G2",
                f"room, {tab}, 1,000 events: bytes",
                f"{cost.size / 1000:.0f} kB",
                bar="<= 150 kB",
                met=cost.size <= 150_000,
            )
        )
        steep = log(cost.cpu / found[f"{tab} 5"].cpu) / log(1000 / 5)
        rows.append(
            Row(
                "G2",
                f"room, {tab}: exponent 5 to 1,000 events",
                f"{steep:.2f}",
                bar="<= 0.05 (moonshot)",
                met=steep <= 0.05,
            )
        )
    rows.append(
        _against("G3", "all 1,000 events, API", found["api events"], found["bare events"], 25)
    )
    return rows


def lists_table(found: Mapping[str, Cost], incidents: int) -> list[Row]:
    """G4 and G5 with this many incidents."""
    page = found["list"]
    with_shell = page.cpu / 50
    return [
        _against(
            "G4", f"list API, 50 rows of {incidents:,}", found["api list"], found["bare rows"], 12
        ),
        Row(
            "G5",
            f"list page, per row of 50, of {incidents:,}",
            f"{with_shell:.2f} ms",
            f"{found['bare rows'].cpu / 50:.2f} ms",
            page.cpu / found["bare rows"].cpu,
            "<= 0.50 ms",
            with_shell <= 0.5,
        ),
    ]


def _against(goal: str, measure: str, ours: Cost, bare: Cost, bar: float) -> Row:
    return Row(
        goal,
        measure,
        f"{ours.cpu:.1f} CPU-ms ({sum(ours.database) / len(ours.database):.1f} in the database)",
        f"{bare.cpu:.1f} CPU-ms",
        ours.cpu / bare.cpu,
        f"<= {bar:.0f} CPU-ms",
        ours.cpu <= bar,
    )


def run(
    desk: Desk, keys: Keys, rooms: Mapping[int, str], *, times: int, spell: float,
    before: Callable[[], None], only: tuple[str, ...] = (),
) -> dict[str, Cost]:  # fmt: skip
    """Measure all of it, or the named targets, in interleaved rounds."""
    chosen = [one for one in targets(desk, keys, rooms) if not only or one.name in only]
    return rounds(chosen, times=times, backends=desk.backends, spell=spell, before=before)


def queries_table(keys: Keys, rooms: Mapping[int, str]) -> list[Row]:
    """G6: every statement of a request that reaches the database, begin and commit too."""
    browser = Client(headers={"host": f"127.0.0.1:{settings.PORT}"})
    browser.force_login(User.objects.get(email=LEAD))
    program = Client(headers={"host": f"127.0.0.1:{settings.PORT}"})
    token = {"authorization": keys.token["Authorization"]}
    short, long = f"/incidents/{rooms[50]}/", f"/incidents/{rooms[1000]}/"
    asked = {
        ("room, now", ROOM): [lambda p=path: browser.get(p) for path in (short, long)],
        ("room, timeline", ROOM): [
            lambda p=path: browser.get(f"{p}timeline/") for path in (short, long)
        ],
        **{
            (f"room, {tab}", ROOM): [
                lambda p=path, t=tab: browser.get(f"{p}{t}/") for path in (short, long)
            ]
            for tab in ("checklists", "statements", "deadlines", "report", "head")
        },
        ("My desk", ROOM): [lambda: browser.get("/")],
        ("list page", LIST): [lambda: browser.get("/incidents/")],
        ("list API", LIST): [lambda: program.get("/api/v1/incidents/", headers=token)],
        ("API, one incident", ROOM): [
            lambda p=path: program.get(f"/api/v1{p}", headers=token) for path in (short, long)
        ],
        ("POST a note", POST): [
            lambda: program.post(
                f"/api/v1{short}notes/",
                {"text": "Counted."},
                content_type="application/json",
                headers=token,
            )
        ],
    }
    rows = []
    for (name, most), calls in asked.items():
        counts = [_count(call) for call in calls]
        shown = " / ".join(str(count) for count in counts)
        if len(counts) > 1:
            name += ", 50 / 1,000 events"
        rows.append(Row("G6", f"queries: {name}", shown, bar=f"<= {most}", met=max(counts) <= most))
    return rows


def _count(call: Callable[[], object]) -> int:
    call()  # caches that live as long as a process are filled
    with CaptureQueriesContext(connection) as seen:
        answer = call()
    assert answer.status_code < 400, answer  # type: ignore[attr-defined]
    return len(seen)
