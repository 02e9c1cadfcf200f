"""Secrets that travel in links: shown once, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> tuple[str, str]:
    """Return a fresh secret and the hash to keep in its place."""
    secret = secrets.token_urlsafe(32)
    return secret, digest(secret)


def digest(secret: str) -> str:
    """Return the hash under which a secret is kept; 256 random bits need no salt and no slow
    hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
