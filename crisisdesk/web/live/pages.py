"""What a page server says at the stream's address."""

from __future__ import annotations

from typing import NoReturn

from django.http import Http404, HttpRequest


def elsewhere(request: HttpRequest, reference: str) -> NoReturn:
    """404: the stream is read on its own port (crisisdesk/asgi.py)."""
    raise Http404
