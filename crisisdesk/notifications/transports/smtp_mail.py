"""Django's mail by SMTP, which also keeps what the server said when it took a message."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend


class _Keeping(smtplib.SMTP):
    """Remembers the answer to the last message: it often holds the server's own number for it."""

    said = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send a message as ever."""
        code, said = super().data(msg)
        self.said = f"{code} {said.decode('utf-8', 'replace')}"
        return code, said


class _KeepingSSL(_Keeping, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class AnsweringBackend(EmailBackend):
    """`answer` is what the server said to the last message."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return what connects."""
        return _KeepingSSL if self.use_ssl else _Keeping

    @property
    def answer(self) -> str:
        """Return the server's words, empty before the first message."""
        return str(getattr(self.connection, "said", ""))
