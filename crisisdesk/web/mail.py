"""Reading the folder in which the desk keeps its mail while no mail server is named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from email.message import EmailMessage
    from pathlib import Path

# Django's file backend ends every message with a line of 79 hyphens.
_END = re.compile(rb"\n-{79}\n")
_KEY = re.compile(r"(?P<file>[0-9A-Za-z-]+)\.(?P<number>[0-9]+)")


@dataclass(frozen=True)
class KeptMail:
    """One kept mail, as far as a list or a page shows it."""

    key: str
    subject: str
    sender: str
    recipient: str
    sent_at: datetime | None
    text: str


def kept_mail(folder: Path, *, limit: int) -> list[KeptMail]:
    """Return the newest mails of the folder, the newest first."""
    if not folder.is_dir():
        return []
    found: list[KeptMail] = []
    for file in sorted(
        folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True
    ):
        parts = _split(file)
        found += [
            _parse(f"{file.stem}.{number}", raw) for number, raw in reversed(list(enumerate(parts)))
        ]
        if len(found) >= limit:
            break
    return found[:limit]


def read_kept(folder: Path, key: str) -> KeptMail | None:
    """Return the mail with this key, or nothing; a key can name no file outside the folder."""
    named = _KEY.fullmatch(key)
    if not named:
        return None
    file = folder / f"{named['file']}.log"
    parts = _split(file) if file.is_file() else []
    number = int(named["number"])
    return _parse(key, parts[number]) if number < len(parts) else None


def _split(file: Path) -> list[bytes]:
    return [part for part in _END.split(file.read_bytes()) if part.strip()]


def _parse(key: str, raw: bytes) -> KeptMail:
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    date = message["Date"]
    return KeptMail(
        key=key,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        recipient=str(message["To"] or ""),
        sent_at=parsedate_to_datetime(str(date)) if date else None,
        text=str(body.get_content()).strip() if body else "",
    )
