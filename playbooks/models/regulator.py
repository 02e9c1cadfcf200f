"""A duty to tell an authority, or the people concerned, by a fixed time."""

from __future__ import annotations

from django.db import models


class Regulator(models.Model):
    """One entry of fixtures/regulators.yaml. An incident copies what it needs (law 8), so a later change of the file
    moves no clock that runs. One that leaves the file stays here, unlisted.
    """

    key = models.SlugField(max_length=60, unique=True)
    content = models.JSONField()
    is_listed = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key
