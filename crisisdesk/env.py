"""Settings from the environment: typed getters that fail loudly and name the variable.

No variable set means the embedded default. A secret may lie in a file: `NAME_FILE` is read when `NAME` is not set.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadSetting(RuntimeError):
    """A variable holds something that cannot be used; the message names it and says what is wanted."""


def text(name: str, default: str = "") -> str:
    """Return the variable, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """Return a yes/no variable; only 1, true, yes, 0, false, no are understood."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    raise BadSetting(f"{name} must be 1 or 0 (true/false, yes/no), not {value!r}.")


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """Return a whole number between least and most."""
    value = text(name)
    if not value:
        return default
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise BadSetting(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated list."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


def secret(name: str) -> str:
    """Return a secret from NAME, or from the file that NAME_FILE names; empty when neither is set."""
    value = text(name)
    path = text(f"{name}_FILE")
    if value or not path:
        return value
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE names {path!r}, which cannot be read: {error}.") from error


def address(name: str, default: str = "") -> str:
    """Return the address of a service without the slash at its end; empty when there is none."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
        raise BadSetting(f"{name} must start with https:// (or http://), not {value!r}.")
    return value


def secrets(name: str) -> list[str]:
    """Return the secrets in NAME, or in the file that NAME_FILE names, with commas between them."""
    return [part.strip() for part in secret(name).split(",") if part.strip()]


def vapid_key(name: str, made: str) -> str:
    """Return the key of browser push from NAME or the file in NAME_FILE, else the one the desk made: 32 bytes in
    base64url, as push libraries write it."""
    value = secret(name) or made
    if not value:
        return ""
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise BadSetting(f"{name} must be 32 bytes in base64url (43 letters).")
    return value.rstrip("=")


def database(url: str) -> dict[str, Any]:
    """Turn `postgresql://user:password@host:port/name?host=/socket/folder` into a Django database entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise BadSetting(
            "DATABASE_URL must start with postgresql:// — Crisis Desk runs on PostgreSQL only."
        )
    options = dict(parse_qsl(parts.query))
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
    return entry


def mail(url: str) -> dict[str, Any]:
    """Turn `smtp[s]://user:password@host:port` (or smtp+tls://) into Django's e-mail settings."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"}:
        raise BadSetting("EMAIL_URL must start with smtp://, smtps:// or smtp+tls://.")
    return {
        "EMAIL_BACKEND": "crisisdesk.notifications.transports.smtp_mail.AnsweringBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_TIMEOUT": 20,
    }
