"""A signature given in peacetime under a playbook's acknowledgement."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models


class PresignedText(models.Model):
    """One approver's signature under exact words in one language for one brand; withdrawn, never
    changed or deleted.

    `text_hash` covers the words and which facts may be filled into them (domain/presigning.py).
    """

    revision = models.ForeignKey(
        "playbooks.PlaybookRevision", on_delete=models.PROTECT, related_name="presigned"
    )
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="presigned"
    )
    statement_key = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    text_hash = models.CharField(max_length=64)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="presigned"
    )
    signed_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-signed_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=("revision", "brand", "statement_key", "language"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="presigned_text_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="presigned_text_withdrawn_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=("brand", "text_hash"),
                condition=models.Q(withdrawn_at__isnull=True),
                name="presigned_text_in_force",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="presigned_text_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="presigned_text_is_exact",
                fields=[
                    "revision",
                    "brand",
                    "statement_key",
                    "language",
                    "text_hash",
                    "approver",
                    "signed_at",
                ],
            ),
            pgtrigger.Protect(
                name="presigned_text_stays_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_key} {self.language} #{self.pk}"
