"""Who listens to which incident, and the newest number of each."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.db import DatabaseError

from crisisdesk.web.live.gate import Answer, Gate, Visitor

ALIVE_EVERY = 5  # seconds; pages count ten seconds without a word as silence
ASKED_AGAIN_EVERY = 20  # seconds; whoever loses access is out within 30
STUCK_AFTER = 30.0
ALIVE = b"event: alive\ndata: alive\n\n"
DEAF = b": waiting for the database\n\n"

log = logging.getLogger(__name__)
_serial = itertools.count()


class Listener:
    """One open page. It remembers the newest number only: a slow page skips what lies between."""

    __slots__ = (
        "asking",
        "closed",
        "due",
        "incident_id",
        "number",
        "sending_since",
        "sent",
        "serial",
        "task",
        "visitor",
        "wake",
    )

    def __init__(self, visitor: Visitor, answer: Answer) -> None:
        self.visitor = visitor
        self.incident_id = answer.incident_id
        self.number = answer.number
        self.sent = -1
        self.serial = next(_serial)
        self.due = b""
        self.closed = False
        self.asking = False
        self.sending_since: float | None = None
        self.task = asyncio.current_task()
        self.wake = asyncio.Event()
        self.wake.set()

    def offer(self, number: int) -> None:
        """Take note of a number; older ones are forgotten."""
        if number > self.number:
            self.number = number
            self.wake.set()

    def say(self, line: bytes) -> None:
        """Send a line without a number when there is time for it."""
        self.due = line
        self.wake.set()

    def close(self) -> None:
        """End the stream after what is being sent."""
        self.closed = True
        self.wake.set()

    def take(self) -> bytes:
        """Return what is to be sent now, once."""
        line, self.due = self.due, b""
        if self.number > self.sent:
            self.sent = self.number
            return b"id: %d\ndata: %d\n\n" % (self.number, self.number)
        return line


class Hub:
    """Every listener of this process."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.listeners: defaultdict[int, set[Listener]] = defaultdict(set)
        self.newest: dict[int, int] = {}
        self.hears = asyncio.Event()  # set while the LISTEN connection stands
        self.closed = False
        self._questions: set[asyncio.Task[None]] = set()

    def tell(self, incident_id: int, number: int) -> None:
        """Pass a number on to everybody who listens to the incident."""
        if number > self.newest.get(incident_id, -1):
            self.newest[incident_id] = number
            for listener in self.listeners.get(incident_id, ()):
                listener.offer(number)

    def join(self, listener: Listener) -> None:
        """Let somebody in; a number that was told while they stood at the door is not lost."""
        self.listeners[listener.incident_id].add(listener)
        listener.offer(self.newest.get(listener.incident_id, -1))

    def leave(self, listener: Listener) -> None:
        """Forget a listener."""
        group = self.listeners[listener.incident_id]
        group.discard(listener)
        if not group:
            del self.listeners[listener.incident_id]

    def close(self) -> None:
        """Send everybody away and let nobody in any more."""
        self.closed = True
        for listener in self._all():
            listener.close()

    def _all(self) -> list[Listener]:
        return [listener for group in self.listeners.values() for listener in group]

    async def keep(self) -> None:
        """Say that we live, ask again who may stay, drop who takes nothing; a share of them every second."""
        for tick in itertools.count():
            await asyncio.sleep(1)
            everybody = self._all()
            # Without the LISTEN connection there is no news: silence makes the pages poll.
            line = ALIVE if self.hears.is_set() else DEAF
            for listener in everybody:
                if listener.serial % ALIVE_EVERY == tick % ALIVE_EVERY:
                    listener.say(line)
            self._drop_stuck(everybody)
            self._ask_again(
                listener
                for listener in everybody
                if listener.serial % ASKED_AGAIN_EVERY == tick % ASKED_AGAIN_EVERY
            )

    def _drop_stuck(self, everybody: Iterable[Listener]) -> None:
        now = asyncio.get_running_loop().time()
        for listener in everybody:
            since = listener.sending_since
            if since is not None and now - since > STUCK_AFTER and listener.task:
                listener.task.cancel()

    def _ask_again(self, listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            if not listener.asking:
                listener.asking = True
                question = asyncio.create_task(self._stay_or_go(listener))
                self._questions.add(question)
                question.add_done_callback(self._questions.discard)

    async def _stay_or_go(self, listener: Listener) -> None:
        try:
            answer = await self.gate.ask(listener.visitor)
        except (DatabaseError, TimeoutError) as error:
            # No database, no news to withhold; they are asked again in the next round.
            log.warning("Could not ask who may go on listening: %s", error)
            return
        finally:
            listener.asking = False
        if answer.status != 200:
            listener.close()
        else:
            self.tell(answer.incident_id, answer.number)
