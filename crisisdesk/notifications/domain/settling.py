"""Writing down how an attempt ended: state and log entry, one commit a message."""

from __future__ import annotations

import logging
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

from crisisdesk.notifications.enums import Outcome, State
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.rules import retries
from crisisdesk.notifications.rules.news import DIGEST
from crisisdesk.notifications.transports.carrying import ANSWER, Refused

logger = logging.getLogger(__name__)

# A result that is known is written down even if the database is away for so long.
STUBBORN = 60.0

# State and log entry in one statement, hence one commit a message. What was sent is sent, whoever
# holds the row by now; any other result counts only while the row is ours, which the number of its
# attempt says. The log keeps every attempt.
_SETTLE = f"""
WITH settled AS (
    UPDATE {Notification._meta.db_table}
    SET state = %(state)s, next_attempt_at = %(next_attempt_at)s, lease_until = NULL,
        sent_at = CASE WHEN %(state)s = '{State.SENT}' THEN %(at)s END
    WHERE id = %(id)s
      AND ((state = '{State.SENDING}' AND attempts = %(attempts)s)
           OR (%(state)s = '{State.SENT}' AND state IN ('{State.PENDING}', '{State.SENDING}')))
)
INSERT INTO {Delivery._meta.db_table} (notification_id, at, outcome, answer, message_id, took_ms)
VALUES (%(id)s, %(at)s, %(outcome)s, %(answer)s, %(message_id)s, %(took_ms)s)
"""  # noqa: S608 - built from our own names; every value is a parameter

# A digest takes with it, in the same statement, what goes out in it; while it is tried again they wait.
_SETTLE_DIGEST = _SETTLE.replace(
    "\n)\nINSERT",
    f"""
    RETURNING id
), went AS (
    UPDATE {Notification._meta.db_table} n
    SET state = %(state)s, sent_at = CASE WHEN %(state)s = '{State.SENT}' THEN %(at)s::timestamptz END
    FROM settled
    WHERE n.digest_id = settled.id AND n.state = '{State.BUNDLED}' AND %(state)s <> '{State.PENDING}'
)
INSERT""",  # noqa: S608 - built from our own names; every value is a parameter
)


@dataclass
class Tally:
    """How a run ended. `unreachable` holds, by transport, why the rest of it waits."""

    leased: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unreachable: dict[str, str] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count what another run did as ours."""
        self.leased += other.leased
        self.outcomes += other.outcomes
        self.unreachable |= other.unreachable

    def __str__(self) -> str:
        parts = [f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items())]
        parts += [f"{transport}: {why}" for transport, why in sorted(self.unreachable.items())]
        return ", ".join(parts) or "nothing due"


def sent(
    row: Notification,
    tally: Tally,
    *,
    at: datetime,
    answer: str = "",
    message_id: str = "",
    took_ms: int | None = None,
) -> None:
    """The other side took it."""
    _settle(
        row,
        State.SENT,
        Outcome.SENT,
        at=at,
        answer=answer,
        message_id=message_id,
        took_ms=took_ms,
    )
    tally.outcomes[Outcome.SENT] += 1


def refused(
    row: Notification,
    tally: Tally,
    error: Refused,
    *,
    at: datetime,
    message_id: str = "",
    took_ms: int | None = None,
) -> None:
    """The other side did not take it: it is tried again, or given up when that is of no use.

    An address that is gone is switched off, and what else waits for it is withheld when its turn
    comes.
    """
    again = None
    if error.again:
        again = retries.next_attempt_at(row.attempts, at=at, after=error.after)
    state, outcome = (State.PENDING, Outcome.RETRY) if again else (State.FAILED, Outcome.FAILED)
    _settle(
        row,
        state,
        outcome,
        at=at,
        answer=error.answer,
        message_id=message_id,
        next_attempt_at=again,
        took_ms=took_ms,
    )
    tally.outcomes[outcome] += 1
    if error.gone and row.address_id:
        switch_off(row.address_id, reason=error.answer, at=at)


def broken(row: Notification, tally: Tally, error: Exception, *, at: datetime) -> None:
    """It could not be written or handed over for a reason of our own: it is tried again."""
    refused(row, tally, Refused(f"{type(error).__name__}: {error}"), at=at)


@transaction.atomic
def withhold(
    rows: list[Notification],
    tally: Tally,
    *,
    at: datetime,
    answer: str = "",
    state: State = State.SENDING,
) -> None:
    """These are told to nobody; `answer` is a code where something else than the reader's sight is why: the
    address, a stand-in, or that it is over."""
    ids = [row.pk for row in rows]
    Notification.objects.filter(pk__in=ids, state=state).update(
        state=State.WITHHELD, lease_until=None
    )
    Notification.objects.filter(digest__in=ids, state=State.BUNDLED).update(state=State.WITHHELD)
    Delivery.objects.bulk_create(
        Delivery(notification_id=row.pk, at=at, outcome=Outcome.WITHHELD, answer=answer)
        for row in rows
    )
    tally.outcomes[Outcome.WITHHELD] += len(rows)


def switch_off(address_id: int, *, reason: str, at: datetime) -> None:
    """Nothing is sent to this address any more; the first reason stands."""
    Address.objects.filter(pk=address_id, off_at=None).update(off_at=at, off_reason=reason[:ANSWER])


def _settle(
    row: Notification,
    state: State,
    outcome: Outcome,
    *,
    at: datetime,
    answer: str = "",
    message_id: str = "",
    next_attempt_at: datetime | None = None,
    took_ms: int | None = None,
) -> None:
    values: dict[str, Any] = {
        "id": row.pk,
        "state": state.value,
        "outcome": outcome.value,
        "at": at,
        "answer": answer[:ANSWER].replace("\0", ""),
        "message_id": message_id[:200],
        "next_attempt_at": next_attempt_at,
        "attempts": row.attempts,
        "took_ms": took_ms,
    }
    until = time.monotonic() + STUBBORN
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_SETTLE_DIGEST if row.topic == DIGEST else _SETTLE, values)
            return
        except (OperationalError, InterfaceError) as error:
            # The message has left; forgetting that because the database restarts would send it twice.
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("The result of %s is kept until the database answers: %s", row.pk, error)
            connection.close()
            time.sleep(0.3)
