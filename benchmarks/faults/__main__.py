"""`make faults`: reminders fall due while parts of the desk are killed; ends with one line of figures.

10,000 over two minutes; `FAST=1` takes 1,000 over 45 seconds. `SEED=N` repeats a course of faults, `LOGS=FOLDER` keeps
the logs. The exit code is 1 if a reminder was lost, or doubled outside the named window.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import django

from benchmarks.desk import Desk, own_desk
from benchmarks.faults.hands import Hands, Servers
from crisisdesk import env
from crisisdesk.stack.plan import ROOT, free_port

GOAL = 30.0
SKEW = 120.0


def main() -> int:
    """Run the bench and return the exit code."""
    fast = env.flag("FAST")
    seed = env.number("SEED", random.SystemRandom().randrange(10_000))
    began = time.monotonic()

    def told(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)

    told(f"course of faults {seed}, load {os.getloadavg()[0]:.1f}")
    with own_desk(demo=False) as desk:
        os.environ.update(desk.plan.environment())
        with _sink(desk) as manner:
            django.setup()
            from benchmarks.faults import rows, speed

            rows.fill()
            if not fast:
                speed.measure(desk, told)
            return _under_fire(desk, manner, told, seed=seed, fast=fast)


def _under_fire(
    desk: Desk, manner: Callable[[str], None], told: Callable[[str], None], *, seed: int, fast: bool
) -> int:
    from django.db import connection

    from benchmarks.faults import counting, rows
    from benchmarks.faults.course import Course
    from crisisdesk.core import clock

    count, span = (1_000, 45) if fast else (10_000, 120)
    chance = random.Random(seed)
    hands = Hands.of(desk, workers=3, beats=2, skew=SKEW)
    course = Course(hands, Servers(desk), manner, span, chance, told=told)
    try:
        hands.wait_until_they_move()
        rows.start(count, first=clock.now(), span=timedelta(seconds=span), chance=chance)
        connection.close()
        told(f"{count} reminders fall due within {span} s, 3 workers, 2 beats")
        whole_at = course.run()
        told("the last fault is over")
        _wait(hands, told, most=75 if fast else 120)
        result = counting.count(
            desk.layout.data / "sink.log",
            whole_at=whole_at,
            kills=course.worker_kills,
            away=course.database_away,
        )
    finally:
        for hand in hands.all():
            hand.end()
        connection.close()
    if env.text("LOGS"):
        shutil.copytree(desk.layout.log, env.text("LOGS"), dirs_exist_ok=True)
        shutil.copy(desk.layout.data / "sink.log", env.text("LOGS"))
    told(
        f"{len(course.worker_kills)} workers killed; latest after its due time {result.raw_latest:.0f} s; "
        f"doubled in the named window: {len(result.window)} {' '.join(result.window)}"
    )
    told(f"within {GOAL:.0f} s of the last fault: {'met' if result.latest <= GOAL else 'MISSED'}")
    print(result.line(), flush=True)
    return 0 if result.is_good else 1


def _wait(hands: Hands, told: Callable[[str], None], *, most: float) -> None:
    """Return when nothing waits any more, or after so many seconds."""
    from benchmarks.faults.rows import KEY, send_again
    from crisisdesk.incidents.models import Reminder
    from crisisdesk.notifications.models import Notification

    until, again = time.monotonic() + most, 0
    while time.monotonic() < until:
        for hand in hands.all():
            hand.look()
        alarms = Reminder.objects.filter(deadline__key=KEY, state="pending").count()
        mails = Notification.objects.filter(transport="email", state__in=["pending", "sending"])
        if not alarms and not mails.exists():
            # Each of these has its answer on the page of given-up messages, and the button beside it.
            if not (pressed := send_again()):
                told(f"refused for good, and sent again when the server was well: {again}")
                return
            again += pressed
        time.sleep(0.5)
    told(f"gave up waiting: {alarms} alarms and {mails.count()} mails are left")


@contextmanager
def _sink(desk: Desk) -> Iterator[Callable[[str], None]]:
    port, log = free_port(), desk.layout.data / "sink.log"
    log.touch()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.faults.sink", str(port), str(log)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert server.stdin is not None
    words = server.stdin

    def manner(word: str) -> None:
        words.write(f"{word}\n")
        words.flush()

    try:
        yield manner
    finally:
        words.close()
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
