"""The one connection that hears of every committed event, made again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging
import re

import psycopg
from django.db import connection
from psycopg import sql

from crisisdesk.incidents.domain.timeline import CHANNEL
from crisisdesk.incidents.models import Incident
from crisisdesk.web.live.hub import Hub

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 5.0
ASK_AFTER = 10.0  # seconds without a word: is it still there?
ANSWER_WITHIN = 5.0

PAYLOAD = re.compile(r"(\d{1,18}):(\d{1,18})")

log = logging.getLogger(__name__)


async def listen(hub: Hub) -> None:
    """Hear until cancelled; after every new connection the hub is told what it missed."""
    pause = FIRST_PAUSE
    while True:
        try:
            line = await _connect()
            try:
                await line.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                await _catch_up(line, hub)
                hub.hears.set()
                pause = FIRST_PAUSE
                await _hear(line, hub)
            finally:
                hub.hears.clear()
                await line.close()
        except (psycopg.Error, OSError) as error:  # a TimeoutError is an OSError
            log.warning("Live news lost the database, trying again: %s", str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _connect() -> psycopg.AsyncConnection:
    given = connection.get_connection_params()
    for django_only in ("cursor_factory", "context", "prepare_threshold"):
        given.pop(django_only, None)
    given |= {"application_name": "desk live news", "connect_timeout": 5}
    given |= {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    return await psycopg.AsyncConnection.connect(**given, autocommit=True)


async def _catch_up(line: psycopg.AsyncConnection, hub: Hub) -> None:
    """Tell the numbers of what was committed while nobody heard; LISTEN stands already."""
    table = sql.Identifier(Incident._meta.db_table)
    rows = await line.execute(
        sql.SQL("SELECT id, last_number FROM {} WHERE id = ANY(%s)").format(table),
        [list(hub.listeners)],
    )
    for incident_id, number in await rows.fetchall():
        hub.tell(incident_id, number)


async def _hear(line: psycopg.AsyncConnection, hub: Hub) -> None:
    while True:
        async for news in line.notifies(timeout=ASK_AFTER):
            if told := PAYLOAD.fullmatch(news.payload):  # anybody on the database may NOTIFY
                hub.tell(int(told[1]), int(told[2]))
        async with asyncio.timeout(ANSWER_WITHIN):
            await line.execute("SELECT 1")
