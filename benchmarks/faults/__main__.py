"""`make faults`: reminders fall due while parts of the desk are killed; ends with one line of figures.

10,000 over two minutes; `FAST=1` takes 1,000 over 45 seconds. `SEED=N` repeats a course of faults, `LOGS=FOLDER` keeps
the logs, `RABBITMQ_SERVER=PROGRAM` takes RabbitMQ for a broker instead of the embedded Valkey. The exit code is 1 if a
reminder was lost, or doubled outside the named window.
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
from dataclasses import replace
from datetime import timedelta

import django

from benchmarks.desk import Desk, own_desk
from benchmarks.faults.hands import Hands, Servers
from benchmarks.faults.rabbit import Rabbit
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
        with _rabbit(desk) as rabbit, _sinks(desk) as (manner, hook_port):
            django.setup()
            from benchmarks.faults import rows, speed

            rows.fill()
            if not fast:
                speed.measure(desk, told)
            rows.subscribe(hook_port)
            return _under_fire(desk, Servers(desk, rabbit), manner, told, seed=seed, fast=fast)


def _under_fire(
    desk: Desk,
    servers: Servers,
    manner: Callable[[str, str], None],
    told: Callable[[str], None],
    *,
    seed: int,
    fast: bool,
) -> int:
    from django.db import connection

    from benchmarks.faults import counting, rows
    from benchmarks.faults.course import Course
    from crisisdesk.core import clock

    count, span = (1_000, 45) if fast else (10_000, 120)
    chance = random.Random(seed)
    hands = Hands.of(desk, workers=3, beats=2, skew=SKEW)
    course = Course(hands, servers, manner, span, chance, told=told)
    try:
        hands.wait_until_they_move()
        rows.start(count, first=clock.now(), span=timedelta(seconds=span), chance=chance)
        connection.close()
        told(
            f"{count} reminders fall due within {span} s, {len(counting.wanted())} messages by mail and webhook; "
            "3 workers, 2 beats"
        )
        connection.close()
        whole_at = course.run()
        told("the last fault is over")
        _wait(hands, told, most=240)
        result = counting.count(
            desk.layout.data / "sink.log",
            whole_at=whole_at,
            kills=course.worker_kills,
            away=course.database_away,
        )
        lost = counting.missing(desk.layout.data / "sink.log")
    finally:
        for hand in hands.all():
            hand.end()
        connection.close()
    if env.text("LOGS"):
        shutil.copytree(desk.layout.log, env.text("LOGS"), dirs_exist_ok=True)
        shutil.copy(desk.layout.data / "sink.log", env.text("LOGS"))
    for (transport, state, answer), number in lost.items():
        told(f"not taken: {number} by {transport}, {state}: {answer}")
    told(
        f"{len(course.worker_kills)} workers killed; latest after its due time {result.raw_latest:.0f} s; "
        f"doubled in the named window: {len(result.window)} {' '.join(result.window)}"
    )
    told(
        f"rows in the ledger: {result.rows}, one for each reminder, person and way: {result.rows == result.due}"
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
        news = Notification.objects.filter(state__in=["pending", "sending"])
        if not alarms and not news.exists():
            # Each of these has its answer on the page of given-up messages, and the button beside it.
            if not (pressed := send_again()):
                told(f"refused for good, and sent again when the server was well: {again}")
                return
            again += pressed
        time.sleep(0.5)
    told(f"gave up waiting: {alarms} alarms and {news.count()} messages are left")


@contextmanager
def _rabbit(desk: Desk) -> Iterator[Rabbit | None]:
    """RabbitMQ instead of the embedded Valkey, where `RABBITMQ_SERVER` names its program."""
    program = env.text("RABBITMQ_SERVER")
    if not program:
        yield None
        return
    rabbit = Rabbit(program, desk.layout.data / "rabbitmq", desk.layout.log / "rabbitmq.log")
    desk.plan = replace(desk.plan, own_broker=False)
    os.environ["BROKER_URL"] = rabbit.url
    rabbit.start()
    try:
        yield rabbit
    finally:
        rabbit.end()


@contextmanager
def _sinks(desk: Desk) -> Iterator[tuple[Callable[[str, str], None], int]]:
    mail_port, hook_port, log = free_port(), free_port(), desk.layout.data / "sink.log"
    log.touch()
    os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
    os.environ["OUTBOUND_PRIVATE_HOSTS"] = "127.0.0.1"
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.faults.sink", str(mail_port), str(hook_port), str(log)],
        stdin=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert server.stdin is not None
    words = server.stdin

    def manner(sink: str, how: str) -> None:
        words.write(f"{sink} {how}\n")
        words.flush()

    try:
        yield manner, hook_port
    finally:
        words.close()
        server.kill()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
