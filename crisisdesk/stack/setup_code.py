"""The one-time code that lets the first person set a real desk up."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

# Without letters and digits that look alike on paper or a screen.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GROUPS, LENGTH = 3, 4


def make(path: Path) -> str:
    """Return a new code; only its hash is kept, and an earlier code stops working."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(GROUPS))
    code = "-".join(groups)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(_hash(code))
    return code


def matches(path: Path, typed: str) -> bool:
    """Whether this is the code; spaces, dashes and small letters do not matter."""
    try:
        kept = path.read_text()
    except OSError:
        return False
    return hmac.compare_digest(kept, _hash(typed))


def use_up(path: Path) -> None:
    """The code has done its work and never works again."""
    path.unlink(missing_ok=True)


def _hash(code: str) -> str:
    # About 59 random bits, so a plain hash cannot be turned back by trying.
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
