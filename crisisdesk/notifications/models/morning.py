"""When a person's day begins, and what became of each morning's digest."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.notifications.enums import MorningState

EIGHT = 8 * 60


class MorningTime(models.Model):
    """At which minute of their day a person wants the digest, or that they want none; without a row: at eight."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="morning_time"
    )
    enabled = models.BooleanField(default=True)
    minute = models.PositiveSmallIntegerField(default=EIGHT)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minute__lt=24 * 60), name="morning_is_a_minute_of_the_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.minute}"


class Morning(models.Model):
    """One person's digest of one day. `incidents` are those it speaks of: whoever may no longer see one of them does
    not read it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mornings"
    )
    day = models.DateField()
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=MorningState.choices, default=MorningState.PENDING
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    incidents = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        ordering = ("-day", "-pk")
        constraints = [
            models.UniqueConstraint(fields=("user", "day"), name="one_morning_a_day"),
            models.UniqueConstraint(
                fields=("user",),
                condition=models.Q(state=MorningState.PENDING),
                name="one_morning_ahead",
            ),
        ]
        indexes = [
            models.Index(
                fields=("due_at", "id"),
                name="morning_due",
                condition=models.Q(state=MorningState.PENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day} {self.state}"
