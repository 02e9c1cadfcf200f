"""What a browser's push service asks of us: a body only that browser reads, and a signature of this desk.

RFC 8291 (encryption) and RFC 8292 (VAPID). The libraries are loaded when the first message is sealed: a web process
that never does so does not pay for them.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

_SALT = 16
_RECORD = 4096
_AUTH = 16
_POINT = 65
_BELIEVED = timedelta(hours=12)  # a push service refuses a signature for more than a day


class BadKeys(ValueError):
    """What the browser gave is no key."""


@dataclass(frozen=True)
class Keys:
    """The keys of one browser, as bytes."""

    point: bytes
    auth: bytes


def read_keys(p256dh: str, auth: str) -> Keys:
    """Return the browser's keys; raises BadKeys for what is none."""
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above

    try:
        keys = Keys(_decoded(p256dh), _decoded(auth))
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), keys.point)
    except (ValueError, binascii.Error) as error:
        raise BadKeys(str(error)) from error
    if len(keys.auth) != _AUTH or len(keys.point) != _POINT:
        raise BadKeys("a key of the wrong length")
    return keys


def seal(words: bytes, keys: Keys) -> bytes:
    """Return the words so that only the browser with these keys reads them."""
    import http_ece  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above

    sealed: bytes = http_ece.encrypt(
        words,
        salt=secrets.token_bytes(_SALT),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=keys.point,
        auth_secret=keys.auth,
        rs=_RECORD,
        version="aes128gcm",
    )
    return sealed


def authorization(endpoint: str, *, at: datetime) -> str:
    """Return the header that tells the push service which desk asks."""
    from py_vapid import Vapid02  # noqa: PLC0415 - see above

    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + _BELIEVED).timestamp()),
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    header: str = Vapid02.from_raw(settings.VAPID_PRIVATE_KEY.encode()).sign(claims)[
        "Authorization"
    ]
    return header


def public_key() -> str:
    """Return the desk's public key as browsers want it, "" when the desk has none."""
    return _public(settings.VAPID_PRIVATE_KEY) if settings.VAPID_PRIVATE_KEY else ""


@cache
def _public(private: str) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415 - see above
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415 - see above
        Encoding,
        PublicFormat,
    )

    number = int.from_bytes(_decoded(private), "big")
    point = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(words: str) -> bytes:
    return base64.b64decode(words + "=" * (-len(words) % 4), altchars=b"-_", validate=True)
