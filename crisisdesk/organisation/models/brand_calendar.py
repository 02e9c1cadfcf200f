"""Which days a brand works."""

from __future__ import annotations

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models


class BrandCalendar(models.Model):
    """The country whose holidays a brand keeps, the place of its sunset, its short day and its hours.

    The weekend and the first day of the week stand on the brand itself. `own_days` are the brand's own days off, by
    date with their names; `switched_off` are dates of the country on which it works all the same.
    """

    brand = models.OneToOneField(
        "organisation.Brand", on_delete=models.PROTECT, related_name="calendar"
    )
    country = models.CharField(max_length=2, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    by_sunset = models.BooleanField(default=False)
    short_day = models.PositiveSmallIntegerField(null=True, blank=True)
    short_until = models.TimeField(null=True, blank=True)
    work_from = models.TimeField(default=time(9))
    work_until = models.TimeField(default=time(18))
    ramadan = models.BooleanField(default=False)
    ramadan_from = models.TimeField(default=time(9))
    ramadan_until = models.TimeField(default=time(15))
    own_days = models.JSONField(default=dict, blank=True)
    switched_off = ArrayField(models.DateField(), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="brand_calendar_place_is_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(by_sunset=False) | models.Q(latitude__isnull=False),
                name="brand_calendar_sunset_has_a_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.country or '-'}"
