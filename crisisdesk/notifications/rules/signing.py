"""Signatures of webhooks after the Standard Webhooks convention: HMAC-SHA256 over id, moment and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

PREFIX = "whsec_"
_BYTES = 32
# How long a receiver may have to learn the new secret: until then both sign.
BOTH_SIGN = timedelta(days=1)


def new_secret() -> str:
    """Return a secret as receivers' libraries read it: whsec_ and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def headers(body: bytes, *, key: str, at: datetime, keys: Iterable[str]) -> dict[str, str]:
    """Return the three headers that prove who sent this body and when; one signature for each secret.

    `key` is the same at every attempt, so that a receiver that remembers it acts once.
    """
    moment = str(int(at.timestamp()))
    return {
        "webhook-id": key,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(body, key, moment, secret) for secret in keys),
    }


def _signature(body: bytes, key: str, moment: str, secret: str) -> str:
    signed = b".".join((key.encode(), moment.encode(), body))
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
