"""When a person does not want to be disturbed."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class QuietHours(models.Model):
    """One span of quiet in a person's week, in minutes of their own clock; an end that is not after the beginning lies
    on the next day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="quiet_hours"
    )
    weekday = models.PositiveSmallIntegerField()
    begins = models.PositiveSmallIntegerField()
    ends = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("user_id", "weekday")
        constraints = [
            models.UniqueConstraint(fields=("user", "weekday"), name="one_quiet_span_a_weekday"),
            models.CheckConstraint(
                condition=models.Q(
                    weekday__gte=1, weekday__lte=7, begins__lt=24 * 60, ends__lt=24 * 60
                ),
                name="quiet_span_is_of_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.weekday} {self.begins}-{self.ends}"
