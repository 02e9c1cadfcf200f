"""When a brand has to be watched."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models


def every_day() -> list[int]:
    """All weekdays by their ISO numbers."""
    return [1, 2, 3, 4, 5, 6, 7]


class Rota(models.Model):
    """The times at which somebody has to watch; a brand without a row has no rota and no gaps.

    `starts` and `ends` are local; equal ones mean around the clock. `since` is when it was made: nothing before counts.
    """

    brand = models.OneToOneField(
        "organisation.Brand", on_delete=models.PROTECT, related_name="rota"
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=every_day)
    starts = models.TimeField(default=time(0))
    ends = models.TimeField(default=time(0))
    on_days_off = models.BooleanField(default=True)
    since = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.brand_id} {self.starts}–{self.ends}"
