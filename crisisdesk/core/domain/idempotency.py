"""The same POST twice does one thing: the edge opens the transaction, takes the key, calls the one command,
keeps the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.core.models import IdempotencyKey

KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Answer:
    """What was answered; `repeated` says that the command did not run again."""

    status: int
    body: dict[str, Any]
    repeated: bool = False


def request_hash(*parts: Any) -> str:
    """Return a hash of what was asked, to tell a repeat from another request under the same key."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def run_once(
    *,
    user: Any,
    key: str,
    asked: str,
    at: datetime,
    command: Callable[[], tuple[int, dict[str, Any]]],
) -> Answer:
    """Run the command under the key, or replay its first answer.

    Command and key commit together; a refused command leaves no key, so that a corrected form may be sent again.
    Raises Invalid("idempotency_key_reused") when the key came with another request.
    """
    if not key:
        with transaction.atomic():
            return Answer(*command())
    try:
        with transaction.atomic():
            row = IdempotencyKey.objects.create(
                user=user, key=key[:80], request_hash=asked, created_at=at
            )
            status, body = command()
            row.status, row.body = status, body
            row.save(update_fields=["status", "body"])
            return Answer(status, body)
    except IntegrityError:
        found = IdempotencyKey.objects.filter(user=user, key=key[:80]).first()
        if found is None:
            raise
    if found.request_hash != asked:
        raise Invalid("idempotency_key_reused")
    return Answer(found.status, found.body, repeated=True)


def forget_old_keys(*, at: datetime) -> int:
    """Delete keys older than seven days and return how many went."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()[0]
