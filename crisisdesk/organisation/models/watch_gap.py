"""A time when nobody watches."""

from __future__ import annotations

from django.db import models


class WatchGap(models.Model):
    """A gap of the rota that was found ahead. `due_at` is when the brand's PR leads are told next; empty: nothing more
    is said. `filled_at` is when somebody took it, or it was no longer needed."""

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="watch_gaps"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    found_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = [
            models.Index(
                fields=("due_at",),
                condition=models.Q(filled_at__isnull=True, due_at__isnull=False),
                name="watch_gap_due",
            ),
            models.Index(
                fields=("brand", "starts_at"),
                condition=models.Q(filled_at__isnull=True),
                name="watch_gap_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.starts_at}–{self.ends_at}"
