"""A file kept by its content: the same bytes are stored once, under their SHA-256."""

from __future__ import annotations

from django.db import models


class StoredFile(models.Model):
    """Bytes on disk (or in object storage) at `path`; the name is what the first person called it."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.content_type}, {self.size} bytes)"
