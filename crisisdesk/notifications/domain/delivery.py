"""Delivering what waits: lease a batch, send outside any transaction, commit each result at once.

Each transport is leased for itself and has its turn of a few seconds, so that one that is slow or
away holds up no other. A worker that dies in the middle loses nothing: its rows come back when their
lease ends. Only the one row that had left but whose result had not been committed can go out twice,
under the same key.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth import get_user_model

from crisisdesk.core import languages
from crisisdesk.notifications import registry
from crisisdesk.notifications.domain import digests, settling
from crisisdesk.notifications.domain.holding import Clock, Hold
from crisisdesk.notifications.domain.hushing import hush, hushed
from crisisdesk.notifications.domain.leasing import BATCH, due_transports, give_back, lease, put_off
from crisisdesk.notifications.domain.screening import sift
from crisisdesk.notifications.domain.settling import Tally
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address, Notification
from crisisdesk.notifications.rules import retries
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Carrier, Parcel, Refused, Unreachable

logger = logging.getLogger(__name__)

TURN = 5.0  # seconds after which a transport lets the next one go first
NOT_SET_UP = "not_set_up"
ADDRESS_OFF = "address_off"


def deliver_all(*, clock: Clock) -> Tally:
    """Deliver batch after batch, transport after transport, until nothing is due that can be reached.

    It is given the clock and not the time: leases and results are stamped while the sending takes
    its time.
    """
    total = Tally()
    while due := due_transports(at=clock(), without=total.unreachable):
        before = total.leased
        for transport in due:
            total.add(deliver_batch(clock=clock, transport=transport))
        if total.leased == before:
            break  # other workers hold what is due
    return total


def deliver_batch(
    *, clock: Clock, transport: Transport = Transport.EMAIL, size: int = BATCH
) -> Tally:
    """Lease up to `size` due rows of this transport, send each or say why not, and return what became
    of them.
    """
    rows = lease(at=clock(), transport=transport, size=size)
    tally = Tally(leased=len(rows))
    if rows:
        people: dict[int, Any] = get_user_model()._default_manager.in_bulk(
            {row.recipient_id for row in rows}
        )
        rows = _screen(rows, people, tally, clock=clock)
        places = Address.objects.in_bulk({row.address_id for row in rows if row.address_id})
        _send(transport, rows, people, places, tally, clock=clock)
    return tally


def _screen(
    rows: list[Notification], people: dict[int, Any], tally: Tally, *, clock: Clock
) -> list[Notification]:
    """Withhold what its reader may no longer see, and every drill; return the rest in order, the
    digests written.
    """
    found = sift(rows, people, at=clock())
    for row, error in found.broken:
        settling.broken(row, tally, error, at=clock())
    for answer, group in found.refused.items():
        settling.withhold(group, tally, at=clock(), answer=answer)
    return digests.fill(found.passed, people, tally, at=clock())


def _send(
    transport: Transport,
    rows: list[Notification],
    people: dict[int, Any],
    places: dict[int, Address],
    tally: Tally,
    *,
    clock: Clock,
) -> None:
    carrier = CARRIERS.get(transport)
    if carrier is None or not carrier.is_set_up():
        for row in rows:
            settling.refused(row, tally, Refused(NOT_SET_UP, again=False), at=clock())
        return
    words: dict[tuple[Any, ...], registry.Rendered] = {}
    silent: set[int] = set()
    kept_back = hushed(rows)
    with Hold(rows, clock=clock) as hold, carrier.session() as session:
        for row in _for_a_turn(hold.in_turn()):
            place = places[row.address_id] if row.address_id else None
            if place and not place.is_usable:
                settling.withhold([row], tally, at=clock(), answer=ADDRESS_OFF)
                continue
            if row.address_id in silent:
                put_off(row, at=clock() + retries.UNREACHABLE_PAUSE)
                continue
            try:
                parcel = _parcel(row, people[row.recipient_id], place, words, clock=clock)
                if row.pk in kept_back:
                    # A carrier cannot give away what it is not given.
                    bare = hush(parcel.rendered, language=parcel.language)
                    parcel = replace(parcel, rendered=bare, data={})
            except Exception as error:
                # One message that cannot be written must not stop those behind it.
                logger.exception("Notification %s could not be written", row.pk)
                settling.broken(row, tally, error, at=clock())
                continue
            try:
                if _carry(session, parcel, row, tally, clock=clock) and row.address_id:
                    silent.add(row.address_id)
            except Unreachable as error:
                tally.unreachable[transport] = str(error)
                logger.warning("Nobody answers for %s: %s", transport, error)
                give_back(hold, at=clock() + retries.UNREACHABLE_PAUSE)
                return
        give_back(hold, at=clock())


def _carry(
    carrier: Carrier, parcel: Parcel, row: Notification, tally: Tally, *, clock: Clock
) -> bool:
    """Send one parcel, write down how it ended, and return whether nobody answered at this address; raises
    Unreachable, then nothing was written."""
    name = carrier.message_id(parcel)
    began = time.monotonic()

    def took() -> int:
        return round((time.monotonic() - began) * 1000)

    try:
        answer = carrier.send(parcel)
    except Unreachable:
        raise
    except Refused as error:
        settling.refused(row, tally, error, at=clock(), message_id=name, took_ms=took())
        if error.gone and parcel.address:
            parcel.address.off_at = clock()
        return error.silent
    except Exception as error:
        logger.exception("Notification %s could not be handed over", row.pk)
        settling.broken(row, tally, error, at=clock())
    else:
        settling.sent(row, tally, at=clock(), answer=answer, message_id=name, took_ms=took())
    return False


def _for_a_turn(rows: Iterable[Notification]) -> Iterator[Notification]:
    """Yield rows until the turn is over; the first one always."""
    over = time.monotonic() + TURN
    for row in rows:
        yield row
        if time.monotonic() > over:
            return


def _parcel(
    row: Notification,
    person: Any,
    place: Address | None,
    words: dict[tuple[Any, ...], registry.Rendered],
    *,
    clock: Clock,
) -> Parcel:
    """Write the news, or take the words written for another reader of the same language and zone."""
    data = json.dumps(row.data, sort_keys=True)
    key = (row.topic, row.topic_id, row.kind, data, person.language, person.zone)
    if key not in words:
        words[key] = registry.written(row, person)
    return Parcel(
        key=f"n-{row.pk}",
        address=place,
        person=person,
        rendered=words[key],
        language=person.language,
        direction=languages.direction(person.language),
        kind=row.kind,
        topic=row.topic,
        topic_id=row.topic_id,
        number=row.data.get("number"),
        created_at=row.created_at,
        at=clock(),
        attempt=row.attempts,
        urgent=row.urgent,
        data=row.data,
    )
