"""Putting news into the outbox, in the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Address, Notification, Preference, StandIn
from crisisdesk.notifications.models.preference import EVERY_KIND
from crisisdesk.notifications.rules.news import is_duty, news_of

WAKE_UP = "notifications.deliver"

IN_PLACE_OF = "stand_in:"

# One statement whatever the number of messages: every way to a person, their choice, whoever stands
# in for them and the duplicates are settled in it. A drill never leaves the building, so it has the
# inbox row only. Rows go in by key, so that two transactions that tell the same people cannot wait
# for each other in a ring; who is told for their own sake comes before the same person as a stand-in,
# and is called in quiet hours where either of the two would be.
_INSERT = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(
        %(recipients)s::bigint[], %(topics)s::text[], %(topic_ids)s::bigint[], %(kinds)s::text[],
        %(datas)s::text[], %(keys)s::text[], %(urgent)s::boolean[], %(drills)s::boolean[],
        %(whys)s::text[], %(transports)s::text[], %(news)s::text[], %(duties)s::boolean[],
        %(graves)s::boolean[])
    AS m(recipient_id, topic, topic_id, kind, data, dedupe_key, urgent, is_drill, why, transports,
         news, is_duty, grave)
), told AS (
    SELECT given.*, FALSE AS in_place FROM given
    UNION ALL
    SELECT s.stand_in_id, g.topic, g.topic_id, g.kind, g.data, g.dedupe_key, g.urgent, g.is_drill,
           '{IN_PLACE_OF}' || g.recipient_id, g.transports, g.news, g.is_duty, g.grave, TRUE
    FROM given g
    JOIN {StandIn._meta.db_table} s ON s.person_id = g.recipient_id AND s.ended_at IS NULL
         AND s.from_at <= %(at)s AND s.until_at > %(at)s
    JOIN {get_user_model()._meta.db_table} u ON u.id = s.stand_in_id AND u.is_active
    WHERE g.is_duty
)
INSERT INTO {Notification._meta.db_table}
    (recipient_id, transport, address_id, why, topic, topic_id, kind, data, dedupe_key, state,
     is_drill, urgent, grave, held, created_at, next_attempt_at, sent_at, attempts)
SELECT m.recipient_id, way.transport, way.address_id, m.why, m.topic, m.topic_id, m.kind,
       m.data::jsonb, m.dedupe_key, way.state, m.is_drill, m.urgent,
       bool_or(m.grave) OVER (PARTITION BY m.recipient_id, m.dedupe_key), '', %(at)s,
       CASE WHEN way.state = '{State.PENDING}' THEN %(at)s END,
       CASE WHEN way.state = '{State.SENT}' THEN %(at)s END, 0
FROM told m
CROSS JOIN LATERAL (
    VALUES ('{Transport.INBOX}', NULL::bigint, '{State.SENT}'),
           ('{Transport.EMAIL}', NULL, '{State.PENDING}')
    UNION ALL
    SELECT a.transport, a.id, '{State.PENDING}' FROM {Address._meta.db_table} a
    WHERE a.user_id = m.recipient_id AND a.verified_at IS NOT NULL AND a.off_at IS NULL
      AND a.removed_at IS NULL
) AS way(transport, address_id, state)
WHERE way.transport = '{Transport.INBOX}'
   OR (NOT m.is_drill AND (
        (m.urgent AND way.transport = '{Transport.EMAIL}')
        OR way.transport = ANY(string_to_array(m.transports, ','))
        OR COALESCE(
            (SELECT p.enabled FROM {Preference._meta.db_table} p
             WHERE p.user_id = m.recipient_id AND p.transport = way.transport
               AND p.kind IN (m.news, '{EVERY_KIND}')
             ORDER BY p.kind = '{EVERY_KIND}' LIMIT 1), TRUE)))
ORDER BY m.dedupe_key, m.recipient_id, way.transport, way.address_id, m.in_place
ON CONFLICT (recipient_id, transport, address_id, dedupe_key) DO NOTHING
"""  # noqa: S608 - built from our own names; every value is a parameter


@dataclass(frozen=True)
class Message:
    """News for one person. `dedupe_key` names the event ("incident:7:12"): the same key is told
    once.

    `why` is a code: why this person is told ("lead", "step:2" …). `transports` are used whatever the
    person chose, where they have a verified address there: an escalation step says by what it
    reaches them. What is `urgent` is always mailed, goes first and comes by itself, unless it waited
    for the end of quiet hours. What is `grave`
    breaks through quiet hours: SEV1 and SEV2, and whatever calls somebody because they are on watch.
    """

    recipient_id: int
    topic: str
    topic_id: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str = ""
    urgent: bool = False
    grave: bool = False
    is_drill: bool = False
    transports: tuple[str, ...] = ()
    why: str = ""


def enqueue_many(messages: Iterable[Message], *, at: datetime) -> int:
    """Write a row per message for the inbox, the reader's e-mail and each of their verified
    addresses, the same for whoever stands in for a reader who has something to do, wake the worker
    once after commit, and return the rows written.

    Must run inside the transaction of what it tells of. A message already told adds nothing. What the
    reader does not want is left out, unless the message names the transport, or it is the e-mail of
    an urgent message.
    """
    told = list(messages)
    if not told:
        return 0
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("News is written with what it tells of.")
    if not all(message.dedupe_key for message in told):
        raise ValueError("Every message names its event in dedupe_key.")
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "at": at,
                "recipients": [message.recipient_id for message in told],
                "topics": [message.topic for message in told],
                "topic_ids": [message.topic_id for message in told],
                "kinds": [message.kind for message in told],
                "datas": [json.dumps(message.data, cls=DjangoJSONEncoder) for message in told],
                "keys": [message.dedupe_key for message in told],
                "urgent": [message.urgent for message in told],
                "graves": [message.grave for message in told],
                "drills": [message.is_drill for message in told],
                "whys": [message.why for message in told],
                "transports": [",".join(message.transports) for message in told],
                "news": [news_of(message.kind).value for message in told],
                "duties": [is_duty(message.kind, urgent=message.urgent) for message in told],
            },
        )
        written: int = cursor.rowcount
    if written:
        after_commit(WAKE_UP)
    return written
