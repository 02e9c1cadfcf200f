"""What the desk would have sent, newest first (Settings → Mail)."""

from __future__ import annotations

import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class KeptMail:
    """One message in the folder; `name` finds it again."""

    name: str
    to: str
    subject: str
    date: datetime | None
    text: str
    html: str


def newest(limit: int = 50) -> list[KeptMail]:
    """Return the newest kept messages."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [_read(file) for file in files]


def one(name: str) -> KeptMail | None:
    """Return the message of this name, or None; no path leads out of the folder."""
    for file in Path(settings.EMAIL_FILE_PATH).glob("*.eml"):
        if file.stem == name:
            return _read(file)
    return None


def _read(file: Path) -> KeptMail:
    message = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.read_bytes())
    date = message["Date"]
    return KeptMail(
        name=file.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        date=parsedate_to_datetime(date) if date else None,
        text=_body(message, "plain"),
        html=_body(message, "html"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
