"""Asking over one kept-alive connection, or over several at once, and noting what each request cost."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks import processor

Pids = Callable[[], Sequence[int]]


@dataclass(frozen=True)
class Target:
    """What is asked for, and whose processor time it costs."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    pids: Pids
    method: str = "GET"
    body: Callable[[int], dict[str, Any]] | None = None
    status: int = 200


@dataclass
class Cost:
    """What requests of one kind cost, round by round."""

    app: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def cpu(self) -> float:
        """CPU-ms per request: server and database, the median of the rounds."""
        return median(a + b for a, b in zip(self.app, self.database, strict=True))

    @property
    def p50(self) -> float:
        """The median answer in milliseconds."""
        return median(self.wall)

    @property
    def rate(self) -> float:
        """Requests per second, the median of the rounds."""
        return median(self.rates)


class Line:
    """One connection kept alive."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.line = http.client.HTTPConnection("127.0.0.1", target.port, timeout=60)

    def ask(self, number: int) -> tuple[float, bytes]:
        """Ask once; returns milliseconds and what came. Any other status than the expected one is an error."""
        target = self.target
        headers, body = dict(target.headers), None
        if target.body:
            body = json.dumps(target.body(number)).encode()
            headers["Content-Type"] = "application/json"
        started = time.perf_counter()
        self.line.request(target.method, target.path, body=body, headers=headers)
        answer = self.line.getresponse()
        content = answer.read()
        spent = (time.perf_counter() - started) * 1000
        if answer.status != target.status:
            raise RuntimeError(f"{target.name}: {answer.status} {content[:500]!r}")
        return spent, content

    def close(self) -> None:
        """Let go of the connection."""
        self.line.close()


def warm(target: Target, *, lines: int = 8, each: int = 3) -> float:
    """Ask on new connections, so that every worker has met this request; returns the last milliseconds."""
    spent = 0.0
    for _ in range(lines):
        line = Line(target)
        for number in range(each):
            spent, _content = line.ask(number)
        line.close()
    return spent


def measure(target: Target, cost: Cost, *, count: int, backends: Pids, lines: int = 1) -> None:
    """Add one round: `count` requests over `lines` connections at once."""
    server, database = list(target.pids()), list(backends())
    before = processor.spent(server), processor.spent(database)
    started = time.perf_counter()
    walls, sizes = drive(target, count, lines)
    seconds = time.perf_counter() - started
    # A worker's thread may have made its connection only now; what it spent belongs to us as well.
    database = sorted({*database, *backends()})
    cost.app.append((processor.spent(server) - before[0]) / count)
    cost.database.append((processor.spent(database) - before[1]) / count)
    cost.wall += walls
    cost.rates.append(count / seconds)
    cost.size = max(sizes)


def drive(target: Target, count: int, lines: int) -> tuple[list[float], list[int]]:
    """Ask `count` times over `lines` connections at once; returns milliseconds and bytes of each answer."""
    walls: list[float] = []
    sizes: list[int] = []
    failures: list[BaseException] = []

    def work(first: int) -> None:
        line = Line(target)
        try:
            for number in range(first, count, lines):
                spent, content = line.ask(number)
                walls.append(spent)
                sizes.append(len(content))
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            failures.append(error)
        finally:
            line.close()

    if lines == 1:
        work(0)
    else:
        threads = [threading.Thread(target=work, args=(first,)) for first in range(lines)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failures:
        raise failures[0]
    return walls, sizes


def rounds(
    targets: Sequence[Target],
    *,
    times: int,
    backends: Pids,
    spell: float,
    before: Callable[[], None],
) -> dict[str, Cost]:
    """Ask all targets in turn, `times` over, each for about `spell` seconds; returns their costs by name."""
    counts = {}
    for target in targets:
        counts[target.name] = max(15, min(300, int(spell * 1000 / max(warm(target), 1.0))))
    found = {target.name: Cost() for target in targets}
    for _ in range(times):
        before()
        for target in targets:
            measure(target, found[target.name], count=counts[target.name], backends=backends)
    return found
