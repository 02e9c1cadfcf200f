"""A sign of life."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a hand last moved, and what it did."""

    name = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
