"""Waking the worker after commit. The database holds the work; the broker is only a doorbell.

A bell that does not ring is logged and forgotten: a sweep finds what is due. So a page never waits
for a dead broker.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

from celery import current_app
from django.db import connection, transaction
from kombu import Connection
from kombu.pools import producers

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds for connecting and for each answer
REST = 5.0  # seconds of silence after a failure: a hanging broker does not slow every page
_silent_until = 0.0


@dataclass(frozen=True)
class _Ring:
    """One task to queue by name; equal rings of one transaction are rung once."""

    task_name: str
    arguments: str

    def __call__(self) -> None:
        _publish(self.task_name, json.loads(self.arguments))


def after_commit(task_name: str, **kwargs: Any) -> None:
    """Queue the task by name once the transaction has committed; a dead broker is logged and never
    raised.

    The same call twice in one transaction queues one task. Arguments must be JSON.
    """
    ring = _Ring(task_name, json.dumps(kwargs, sort_keys=True))
    if any(waiting[1] == ring for waiting in connection.run_on_commit):
        return
    transaction.on_commit(ring)


@cache
def _bell(url: str) -> Connection:
    """Return the broker's address with our short patience (Celery's own connection retries for
    ever).
    """
    options = {
        "max_retries": 0,
        "interval_start": 0,
        "connect_retries_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "socket_timeout": PATIENCE,
    }
    return current_app.connection_for_write(
        url, connect_timeout=PATIENCE, transport_options=options
    )


def _publish(task_name: str, kwargs: dict[str, Any]) -> None:
    global _silent_until  # noqa: PLW0603 - one bell per process
    # A stopwatch, not the clock: it measures patience and never enters the data.
    if time.monotonic() < _silent_until:
        return
    try:
        with producers[_bell(current_app.conf.broker_url)].acquire(
            block=True, timeout=PATIENCE
        ) as producer:
            current_app.send_task(task_name, kwargs=kwargs, producer=producer, retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the work is in the database
        _silent_until = time.monotonic() + REST
        logger.warning("%s was not queued, the sweep will find the work: %s", task_name, error)
