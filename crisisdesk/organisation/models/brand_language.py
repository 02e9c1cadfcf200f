"""A language a brand speaks, and who approves words in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class BrandLanguage(models.Model):
    """Names the approver and the deputy for one brand in one language."""

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="brand_languages"
    )
    language = models.CharField(max_length=5)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approves_for",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deputises_for",
    )

    # Where this language's readers live: the same hour is another clock time there. Empty: the
    # brand's zone.
    zone = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("brand_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=("brand", "language"), name="brand_language_once"),
            models.CheckConstraint(
                condition=models.Q(approver__isnull=True)
                | models.Q(deputy__isnull=True)
                | ~models.Q(approver=models.F("deputy")),
                name="brand_language_deputy_is_another_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} {self.language}"
