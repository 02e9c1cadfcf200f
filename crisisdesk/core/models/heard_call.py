"""A signed call from outside that was taken once and is not taken again."""

from __future__ import annotations

from django.db import models


class HeardCall(models.Model):
    """The hash of what made the call unique: its signature, or the id that its sender gave it. Swept once the call
    would be too old anyway."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
