"""One watch that somebody else takes."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.organisation.enums import SwapState


class WatchSwap(models.Model):
    """From one moment to another `cover` watches in the place of `away`; without `away`, where nobody did.

    Whoever is asked accepts or declines; what a PR lead or an administrator sets is accepted at once. An exchange is
    two rows that are asked, answered and taken back as one: the second, in which the two change places, is
    `in_return_of` the first.
    """

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="watch_swaps"
    )
    away = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="watches_given",
    )
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="watches_taken"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    together = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    in_return_of = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="in_return"
    )

    class Meta:
        ordering = ("starts_at", "pk")
        indexes = [models.Index(fields=("brand", "ends_at"), name="watch_swap_of_brand")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="watch_swap_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=models.Q(away__isnull=True) | ~models.Q(away=models.F("cover")),
                name="watch_swap_is_between_two",
            ),
        ]

    @property
    def halves(self) -> tuple[WatchSwap, ...]:
        """This swap and, in an exchange, the watch that is given for it."""
        given: WatchSwap | None = getattr(self, "in_return", None)
        return (self, given) if given else (self,)

    def __str__(self) -> str:
        return f"{self.brand_id} {self.away_id}→{self.cover_id} {self.state}"
