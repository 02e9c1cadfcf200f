"""Putting news into the outbox, in the transaction of what it tells of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from crisisdesk.core.jobs import after_commit
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Notification, Preference
from crisisdesk.notifications.models.preference import EVERY_KIND

WAKE_UP = "notifications.deliver"

# One statement whatever the number of messages: both transports, the reader's choice and the
# duplicates are settled in it. A drill never leaves the building, so it has no e-mail row. Rows go
# in by key, so that two transactions that tell the same people cannot wait for each other in a
# ring.
_INSERT = f"""
INSERT INTO {Notification._meta.db_table}
    (recipient_id, transport, topic, topic_id, kind, data, dedupe_key, state, is_drill, urgent,
     created_at, next_attempt_at, sent_at, attempts)
SELECT m.recipient_id, t.transport, m.topic, m.topic_id, m.kind, m.data::jsonb, m.dedupe_key,
       t.state, m.is_drill, m.urgent, %(at)s, CASE WHEN t.state = '{State.PENDING}' THEN %(at)s END,
       CASE WHEN t.state = '{State.SENT}' THEN %(at)s END, 0
FROM unnest(%(recipients)s::bigint[], %(topics)s::text[], %(topic_ids)s::bigint[],
            %(kinds)s::text[], %(datas)s::text[], %(keys)s::text[], %(urgent)s::boolean[],
            %(drills)s::boolean[])
     AS m(recipient_id, topic, topic_id, kind, data, dedupe_key, urgent, is_drill)
CROSS JOIN (VALUES ('{Transport.INBOX}', '{State.SENT}'), ('{Transport.EMAIL}', '{State.PENDING}'))
     AS t(transport, state)
WHERE t.transport = '{Transport.INBOX}'
   OR (NOT m.is_drill AND (m.urgent OR COALESCE(
        (SELECT p.enabled FROM {Preference._meta.db_table} p
         WHERE p.user_id = m.recipient_id AND p.transport = t.transport
           AND p.kind IN (m.kind, '{EVERY_KIND}')
         ORDER BY p.kind = '{EVERY_KIND}' LIMIT 1), TRUE)))
ORDER BY m.dedupe_key, m.recipient_id, t.transport
ON CONFLICT (recipient_id, transport, dedupe_key) DO NOTHING
"""  # noqa: S608 - built from our own names; every value is a parameter


@dataclass(frozen=True)
class Message:
    """News for one person. `dedupe_key` names the event ("incident:7:12"): the same key is told
    once.
    """

    recipient_id: int
    topic: str
    topic_id: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    dedupe_key: str = ""
    urgent: bool = False
    is_drill: bool = False


def enqueue_many(messages: Iterable[Message], *, at: datetime) -> int:
    """Write an inbox row and an e-mail row per message, wake the worker once after commit, and
    return the rows written.

    Must run inside the transaction of what it tells of. A message already told adds nothing; an
    e-mail that the reader does not want is left out unless it is urgent.
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
                "drills": [message.is_drill for message in told],
            },
        )
        written: int = cursor.rowcount
    if written:
        after_commit(WAKE_UP)
    return written
