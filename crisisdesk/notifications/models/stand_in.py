"""Who is told in a person's place, and for how long."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StandIn(models.Model):
    """While it holds, the stand-in gets the person's duty messages as well.

    `silent`: meanwhile the person themselves is told in the inbox only, as far as the stand-in may see what is told.
    It is over at `until_at`, or at `ended_at` where somebody gave it up before.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stand_ins"
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="stands_in_for"
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    silent = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ("from_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_at__gt=models.F("from_at")),
                name="stand_in_has_a_length",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("stand_in")), name="stand_in_is_another"
            ),
        ]
        indexes = [
            models.Index(
                fields=("person", "until_at"),
                name="stand_in_of",
                condition=models.Q(ended_at__isnull=True),
            ),
            models.Index(
                fields=("stand_in", "until_at"),
                name="stand_in_for",
                condition=models.Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in_id} for {self.person_id}"
