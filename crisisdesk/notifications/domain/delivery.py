"""Delivering what waits: lease a batch, send outside any transaction, commit each result at once.

A worker that dies in the middle loses nothing: its rows come back when their lease ends. Only the
one row whose mail had left but whose result had not been committed can go out twice, under the same
Message-ID.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import translation

from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.holding import LEASE, Clock, Hold
from crisisdesk.notifications.enums import Outcome, State, Transport
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.rules import retries
from crisisdesk.notifications.transports import email

logger = logging.getLogger(__name__)

BATCH = 100
# After a restart of the database a living worker needs a moment to hold its rows again.
SETTLING = timedelta(seconds=10)
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
INSERT INTO {Delivery._meta.db_table} (notification_id, at, outcome, answer, message_id)
VALUES (%(id)s, %(at)s, %(outcome)s, %(answer)s, %(message_id)s)
"""  # noqa: S608 - built from our own names; every value is a parameter


@dataclass
class Tally:
    """How a run ended. `unreachable` holds why the rest waits, when the mail server does not
    answer.
    """

    leased: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unreachable: str = ""

    def __str__(self) -> str:
        parts = [f"{count} {outcome}" for outcome, count in sorted(self.outcomes.items())]
        return (
            ", ".join([*parts, *([self.unreachable] if self.unreachable else [])]) or "nothing due"
        )


def deliver_all(*, clock: Clock) -> Tally:
    """Deliver batch after batch until nothing is due or the mail server is away.

    It is given the clock and not the time: leases and results are stamped while the sending takes
    its time.
    """
    total = Tally()
    while not total.unreachable:
        batch = deliver_batch(clock=clock)
        if not batch.leased:
            break
        total.leased += batch.leased
        total.outcomes += batch.outcomes
        total.unreachable = batch.unreachable
    return total


def deliver_batch(*, clock: Clock, size: int = BATCH) -> Tally:
    """Lease up to `size` due rows, send each or say why not, and return what became of them."""
    rows = lease(at=clock(), size=size)
    tally = Tally(leased=len(rows))
    if rows:
        people: dict[int, Any] = get_user_model()._default_manager.in_bulk(
            {row.recipient_id for row in rows}
        )
        rows = _screen(rows, people, tally, at=clock())
        _send(rows, people, tally, clock=clock)
    return tally


@transaction.atomic
def lease(*, at: datetime, size: int = BATCH) -> list[Notification]:
    """Take due e-mail rows that nobody else holds, urgent ones first; they are ours until
    `lease_until`.
    """
    due = Notification.objects.filter(
        transport=Transport.EMAIL, state=State.PENDING, next_attempt_at__lte=at
    )
    rows = list(
        due.order_by("-urgent", "next_attempt_at", "pk").select_for_update(skip_locked=True)[:size]
    )
    until = at + LEASE
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SENDING, lease_until=until, next_attempt_at=None, attempts=F("attempts") + 1
    )
    for row in rows:
        row.state, row.lease_until, row.attempts = State.SENDING, until, row.attempts + 1
    return rows


@transaction.atomic
def reclaim(*, at: datetime) -> int:
    """Put rows whose worker died back in the queue, give up those that have had every attempt, and
    return how many.

    A lease that ran out while the database was away proves nothing until its worker could have come
    back.
    """
    over = Q(lease_until__lt=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        began: datetime = cursor.fetchone()[0]
    if began <= at < began + SETTLING:
        over = Q(lease_until__lt=began - timedelta(seconds=STUBBORN))
    lost = list(
        Notification.objects.filter(over, state=State.SENDING)
        .select_for_update(skip_locked=True)
        .only("pk", "attempts")
    )
    spent = [row.pk for row in lost if row.attempts >= retries.MOST_ATTEMPTS]
    again = [row.pk for row in lost if row.attempts < retries.MOST_ATTEMPTS]
    Notification.objects.filter(pk__in=spent).update(state=State.FAILED, lease_until=None)
    Notification.objects.filter(pk__in=again).update(
        state=State.PENDING, lease_until=None, next_attempt_at=at
    )
    Delivery.objects.bulk_create(
        Delivery(notification_id=row.pk, at=at, outcome=Outcome.LOST) for row in lost
    )
    return len(lost)


def _screen(
    rows: list[Notification], people: dict[int, Any], tally: Tally, *, at: datetime
) -> list[Notification]:
    """Withhold what its reader may no longer see, and every drill; return the rest in order."""
    by_topic: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_topic[row.topic].append(row)
    passed: set[int] = set()
    refused: list[Notification] = []
    for topic, group in by_topic.items():
        pairs = {(row.recipient_id, row.topic_id) for row in group}
        try:
            seen = registry.allowed(topic, pairs, people)
        except Exception as error:
            logger.exception("Topic %s could not say who may see it", topic)
            for row in group:
                _try_again(row, tally, f"{type(error).__name__}: {error}", at=at)
            continue
        for row in group:
            if (row.recipient_id, row.topic_id) in seen and not row.is_drill:
                passed.add(row.pk)
            else:
                refused.append(row)
    _withhold(refused, tally, at=at)
    return [row for row in rows if row.pk in passed]


@transaction.atomic
def _withhold(rows: list[Notification], tally: Tally, *, at: datetime) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in rows], state=State.SENDING).update(
        state=State.WITHHELD, lease_until=None
    )
    Delivery.objects.bulk_create(
        Delivery(notification_id=row.pk, at=at, outcome=Outcome.WITHHELD) for row in rows
    )
    tally.outcomes[Outcome.WITHHELD] += len(rows)


def _send(rows: list[Notification], people: dict[int, Any], tally: Tally, *, clock: Clock) -> None:
    letters: dict[tuple[Any, ...], email.Letter] = {}
    with Hold(rows, clock=clock) as hold, email.Mailer() as mailer:
        for row in hold.in_turn():
            person = people[row.recipient_id]
            try:
                letter = _letter(row, person, letters)
                mailer.send(email.address(letter, row, person, at=clock()))
            except email.Unreachable as error:
                tally.unreachable = str(error)
                logger.warning("The mail server does not answer: %s", error)
                _give_back(hold, at=clock())
                return
            except email.Refused as error:
                _try_again(row, tally, str(error), at=clock())
            except Exception as error:
                # One message that cannot be written must not stop those behind it.
                logger.exception("Notification %s could not be written", row.pk)
                _try_again(row, tally, f"{type(error).__name__}: {error}", at=clock())
            else:
                _settle(row, State.SENT, Outcome.SENT, at=clock())
                tally.outcomes[Outcome.SENT] += 1


def _letter(
    row: Notification, person: Any, letters: dict[tuple[Any, ...], email.Letter]
) -> email.Letter:
    """Write the mail, or take the one written for another reader of the same language and zone."""
    data = json.dumps(row.data, sort_keys=True)
    key = (row.topic, row.topic_id, row.kind, data, person.language, person.zone)
    if key not in letters:
        with translation.override(person.language):
            rendered = registry.topic(row.topic).render(
                kind=row.kind,
                data=row.data,
                topic_id=row.topic_id,
                language=person.language,
                zone=person.zone,
            )
        letters[key] = email.write(rendered, language=person.language)
    return letters[key]


def _try_again(row: Notification, tally: Tally, answer: str, *, at: datetime) -> None:
    again = retries.next_attempt_at(row.attempts, at=at)
    state, outcome = (State.PENDING, Outcome.RETRY) if again else (State.FAILED, Outcome.FAILED)
    _settle(row, state, outcome, at=at, answer=answer, next_attempt_at=again)
    tally.outcomes[outcome] += 1


def _settle(
    row: Notification,
    state: State,
    outcome: Outcome,
    *,
    at: datetime,
    answer: str = "",
    next_attempt_at: datetime | None = None,
) -> None:
    values: dict[str, Any] = {
        "id": row.pk,
        "state": state.value,
        "outcome": outcome.value,
        "at": at,
        "answer": answer[:2000],
        "message_id": email.message_id(row),
        "next_attempt_at": next_attempt_at,
        "attempts": row.attempts,
    }
    until = time.monotonic() + STUBBORN
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_SETTLE, values)
            return
        except (OperationalError, InterfaceError) as error:
            # The mail has left; forgetting that because the database restarts would send it twice.
            if connection.in_atomic_block or time.monotonic() > until:
                raise
            logger.warning("The result of %s is kept until the database answers: %s", row.pk, error)
            connection.close()
            time.sleep(0.3)


def _give_back(hold: Hold, *, at: datetime) -> None:
    """Let go of what was not tried: a server that is away costs no message an attempt, however long
    it is away.
    """
    Notification.objects.filter(
        pk__in=hold.left(), state=State.SENDING, lease_until=hold.until
    ).update(
        state=State.PENDING,
        lease_until=None,
        next_attempt_at=at + retries.UNREACHABLE_PAUSE,
        attempts=F("attempts") - 1,
    )
