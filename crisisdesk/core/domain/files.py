"""Keep an uploaded file by its content, after looking at what it really is."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from crisisdesk.core.errors import Invalid
from crisisdesk.core.models import StoredFile

ALLOWED_TYPES = frozenset(
    {
        "image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "text/csv",
        "video/mp4", "video/quicktime", "audio/mpeg", "audio/mp4", "message/rfc822",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)  # fmt: skip
_PLAIN_ENDINGS = {".txt": "text/plain", ".csv": "text/csv", ".eml": "message/rfc822"}


def sniff(content: bytes, name: str) -> str:
    """Return the content type found in the bytes themselves; the name decides only between kinds of plain text."""
    try:
        found = {
            match.mime_type
            for match in puremagic.magic_string(content[:65536], name)
            if match.confidence >= 0.4
        }
    except puremagic.PureError:
        found = set()
    for kind in sorted(found):
        if kind in ALLOWED_TYPES and not kind.startswith("text/"):
            return str(kind)
    ending = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending in _PLAIN_ENDINGS and b"\0" not in content[:65536]:
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            return "application/octet-stream"
        return _PLAIN_ENDINGS[ending]
    return "application/octet-stream"


def store_file(upload: Any, *, at: datetime) -> StoredFile:
    """Keep the upload and return its row; the same bytes are kept once.

    Raises Invalid("file_too_large") above 25 MB, ("file_empty"), ("file_type_not_allowed") by content, not by name.
    """
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise Invalid(
            "file_too_large", field="file", limit_mb=settings.UPLOAD_MAX_BYTES // (1024 * 1024)
        )
    content = upload.read()
    if not content:
        raise Invalid("file_empty", field="file")
    kind = sniff(content, upload.name or "")
    if kind not in ALLOWED_TYPES:
        raise Invalid("file_type_not_allowed", field="file", name=upload.name)
    return store_bytes(content, content_type=kind, at=at)


def store_bytes(content: bytes, *, content_type: str, at: datetime) -> StoredFile:
    """Keep bytes that the desk made itself (a PDF) or has already looked at, and return their row."""
    digest = hashlib.sha256(content).hexdigest()
    known = StoredFile.objects.filter(sha256=digest).first()
    if known:
        return known
    path = f"{digest[:2]}/{digest}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    row, _ = StoredFile.objects.get_or_create(
        sha256=digest,
        defaults={
            "size": len(content),
            "content_type": content_type,
            "path": path,
            "stored_at": at,
        },
    )
    return row


def read_file(file: StoredFile) -> bytes:
    """Return the bytes of a stored file."""
    with default_storage.open(file.path) as handle:
        content: bytes = handle.read()
    return content
