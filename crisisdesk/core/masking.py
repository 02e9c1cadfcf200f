"""Addresses as others see them: enough to know which one is meant, too little to use it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

GAP = "…"
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+")
_PHONE = re.compile(r"\+?\d[\d\s().-]{6,}\d")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


def masked(value: str) -> str:
    """Return the beginning and the end of an address: j…@example.org, +972…12, U0…7K; of one of the web the host alone,
    because its path or password may be a key."""
    if "://" in value:
        return urlsplit(value).hostname or GAP
    if "@" in value:
        name, _, host = value.rpartition("@")
        return f"{name[:1]}{GAP}@{host}"
    if value.startswith("+"):
        return f"{value[:4]}{GAP}{value[-2:]}"
    return f"{value[:2]}{GAP}{value[-2:]}" if len(value) > 5 else GAP


def without_addresses(text: str, value: str = "") -> str:
    """Return words of another machine with this address, and whatever looks like one, masked."""
    if value:
        text = text.replace(value, masked(value))
    for pattern in (_URL, _MAIL, _PHONE):
        text = pattern.sub(lambda found: masked(found[0]), text)
    return text
