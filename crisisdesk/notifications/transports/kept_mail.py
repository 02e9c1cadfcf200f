"""Mail that is kept in a folder instead of being sent: one .eml file a message, for desks without a
mail server.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from crisisdesk.core import clock


class KeptMailBackend(BaseEmailBackend):
    """Writes each message whole or not at all, under a name that sorts by time."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self._folder = Path(settings.EMAIL_FILE_PATH)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the messages and return how many there were."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{clock.now():%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}"
            draft = self._folder / f"{name}.part"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(self._folder / f"{name}.eml")
        return len(email_messages)
