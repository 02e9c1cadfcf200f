"""Who may listen: session, person and incident of many visitors at once, in a fixed number of queries.

A thousand pages that come back after a restart are a few questions to the database, not thousands;
the same question is asked again for everybody who stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils.crypto import constant_time_compare

from crisisdesk.core import clock
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.visibility import may_see_many
from crisisdesk.organisation.models import User

CONNECTIONS = 4  # one per thread; beside these the process holds only the LISTEN connection
AT_ONCE = 200
PATIENCE = 10.0


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door: the session of the cookie and the incident of the address."""

    session_key: str
    reference: str


@dataclass(frozen=True)
class Answer:
    """200 with the incident and its last number; 401 without a session; 404 where there is nothing to see."""

    status: int
    incident_id: int = 0
    number: int = 0


def look(visitors: Sequence[Visitor], *, at: datetime) -> list[Answer]:
    """Return one answer for each visitor, in their order."""
    people = _people({visitor.session_key for visitor in visitors}, at)
    incidents = {
        reference: (pk, number)
        for reference, pk, number in Incident.objects.filter(
            reference__in={visitor.reference for visitor in visitors}
        ).values_list("reference", "pk", "last_number")
    }
    seen = may_see_many(
        {
            (people[visitor.session_key], incidents[visitor.reference][0])
            for visitor in visitors
            if visitor.session_key in people and visitor.reference in incidents
        }
    )
    answers = []
    for visitor in visitors:
        person = people.get(visitor.session_key)
        incident, number = incidents.get(visitor.reference, (0, 0))
        if person is None:
            answers.append(Answer(401))
        elif (person, incident) in seen:
            answers.append(Answer(200, incident, number))
        else:
            answers.append(Answer(404))
    return answers


def _people(keys: set[str], at: datetime) -> dict[str, int]:
    """Return the person behind each session that Django would accept now."""
    signed: dict[str, tuple[int, str]] = {}
    for session in Session.objects.filter(session_key__in=keys, expire_date__gt=at):
        held = session.get_decoded()
        if held.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
            signed[session.session_key] = int(held[SESSION_KEY]), held.get(HASH_SESSION_KEY, "")
    people = User.objects.filter(is_active=True).in_bulk({person for person, _ in signed.values()})
    return {
        key: person
        for key, (person, proof) in signed.items()
        if person in people and _proves(people[person], proof)
    }


def _proves(person: User, proof: str) -> bool:
    """Whether the session was made with the password the person has now."""
    hashes = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(constant_time_compare(proof, known) for known in hashes)


class Gate:
    """Asks `look` for whoever waits, in a few threads that keep one connection each."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[tuple[Visitor, asyncio.Future[Answer]]] = asyncio.Queue()
        self.threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="gate")

    async def ask(self, visitor: Visitor) -> Answer:
        """Return the answer for one visitor; raises what the database raised, or TimeoutError."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.put_nowait((visitor, answer))
        async with asyncio.timeout(PATIENCE):
            return await answer

    async def work(self) -> None:
        """Answer until cancelled; one such task per thread."""
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self.waiting.get()]
            while len(batch) < AT_ONCE and not self.waiting.empty():
                batch.append(self.waiting.get_nowait())
            visitors = [visitor for visitor, _ in batch]
            try:
                answers = await loop.run_in_executor(self.threads, _look_now, visitors)
            except Exception as error:  # noqa: BLE001 - handed to everybody who asked
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)


def _look_now(visitors: Sequence[Visitor]) -> list[Answer]:
    # What requests do at their start: a connection that died since the last question is made anew.
    connection.close_if_unusable_or_obsolete()
    return look(visitors, at=clock.now())
