"""G12: from the press, and from the database's NOTIFY, to the last of many pages that listen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.db import connection

from benchmarks.client import Line, Target
from benchmarks.desk import Desk
from benchmarks.seeding import Keys
from benchmarks.table import Row
from crisisdesk.incidents.domain.timeline import CHANNEL
from crisisdesk.incidents.models import Incident

BARS = {200: 15, 1000: 75}  # pages and milliseconds
TIMES = 20


@dataclass
class Ear:
    """One page that listens; `heard` tells which number came when."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def number(self, wanted: int) -> float:
        """Return the moment at which this number, or a later one, came."""
        while True:
            line = await self.reader.readline()
            if not line:
                raise RuntimeError("the stream ended")
            if (
                line.startswith(b"data: ")
                and line[6:].strip().isdigit()
                and int(line[6:]) >= wanted
            ):
                return time.perf_counter()


def table(desk: Desk, keys: Keys, rooms: list[str]) -> list[Row]:
    """Let pages listen to a room and write notes to it; each number of pages has a room of its own, because the
    numbers told here run ahead of the room's."""
    measured = zip(BARS, rooms, strict=True)
    return [row for n, room in measured for row in asyncio.run(_measured(desk, keys, room, n))]


async def _measured(desk: Desk, keys: Keys, reference: str, pages: int) -> list[Row]:
    ears = await asyncio.gather(*(_listen(desk, keys, reference) for _ in range(pages)))
    incident = await asyncio.to_thread(Incident.objects.get, reference=reference)
    number = incident.last_number
    await asyncio.gather(*(ear.number(number) for ear in ears))
    line = Line(_note(desk, keys, reference))

    def notify(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{incident.pk}:{number}"])

    posted, told = [], []
    for _ in range(TIMES):
        number += 1
        posted.append(await _last(ears, number, line.ask))
    for _ in range(TIMES):
        number += 1
        told.append(await _last(ears, number, notify))
    for ear in ears:
        ear.writer.close()
    line.close()
    last = median(told)
    return [
        Row(
            "G12",
            f"NOTIFY to the last of {pages} live pages",
            f"{last:.1f} ms (worst {max(told):.1f})",
            bar=f"<= {BARS[pages]} ms",
            met=last <= BARS[pages],
        ),
        Row(
            "G12",
            f"POST to the last of {pages} live pages",
            f"{median(posted):.1f} ms (worst {max(posted):.1f})",
        ),
    ]


async def _listen(desk: Desk, keys: Keys, reference: str) -> Ear:
    port = desk.plan.stream_port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"GET /incidents/{reference}/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"Origin: http://127.0.0.1:{desk.plan.port}\r\nCookie: {keys.session['Cookie']}\r\n\r\n".encode()
    )
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"the stream refused: {status!r}")
    return Ear(reader, writer)


def _note(desk: Desk, keys: Keys, reference: str) -> Target:
    return Target(
        "live note",
        desk.plan.port,
        f"/api/v1/incidents/{reference}/notes/",
        keys.token,
        lambda: desk.web_pids,
        "POST",
        lambda number: {"text": f"Heard by everybody, {number}."},
        201,
    )


async def _last(ears: list[Ear], number: int, press: Callable[[int], object]) -> float:
    waiting = [asyncio.create_task(ear.number(number)) for ear in ears]
    await asyncio.sleep(0.02)
    started = time.perf_counter()
    pressed = asyncio.create_task(asyncio.to_thread(press, number))
    heard = await asyncio.gather(*waiting)
    await pressed
    return (max(heard) - started) * 1000
