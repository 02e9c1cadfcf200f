"""One person's weekly shift."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class WatchShift(models.Model):
    """On these weekdays this person watches, from and until a local time of the brand; an empty time is sunset.

    `every` counts weeks from `valid_from`; `together` says that two people in one slot are meant. A shift is never
    edited: it ends, and another begins, so that who watched last week stays known.
    """

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="watch_shifts"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="watch_shifts"
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    every = models.PositiveSmallIntegerField(default=1)
    together = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("brand_id", "valid_from", "pk")
        indexes = [models.Index(fields=("brand", "valid_until"), name="watch_shift_of_brand")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every__gte=1), name="watch_shift_every_is_a_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.person_id} {self.weekdays}"
