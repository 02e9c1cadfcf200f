"""Stored files go out as attachments, whatever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponseBase

if TYPE_CHECKING:
    from crisisdesk.core.models import StoredFile


def attachment(file: StoredFile, name: str) -> HttpResponseBase:
    """Return the bytes as a download under this name; the browser may not guess or show it."""
    response = FileResponse(
        default_storage.open(file.path),
        as_attachment=True,
        filename=name,
        content_type=file.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
