"""A place outside the desk where a person may be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.notifications.enums import Transport


class Address(models.Model):
    """A chat, a telephone number, an endpoint of one person; their own e-mail needs no row.

    Nothing is sent there before `verified_at`, after `off_at` (the other side said that it is gone)
    or after `removed_at`. What was sent there names the row for ever; what it held (`value`, `keys`,
    the secrets) is forgotten when it is removed.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="told_at"
    )
    transport = models.CharField(max_length=12, choices=Transport.choices)
    value = models.TextField(blank=True)
    label = models.CharField(max_length=80, blank=True)
    # What a browser's push service encrypts with: {"p256dh": …, "auth": …}.
    keys = models.JSONField(default=dict, blank=True)
    # What an endpoint knows our calls by; the previous one counts until `previous_until`.
    secret = models.TextField(blank=True)
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True, blank=True)
    code_attempts = models.PositiveSmallIntegerField(default=0)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    # When the last test went out, and what the other side said to it.
    tested_at = models.DateTimeField(null=True, blank=True)
    test_answer = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    off_at = models.DateTimeField(null=True, blank=True)
    off_reason = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("transport", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "transport", "value"),
                name="one_row_per_address",
                condition=models.Q(removed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=("user",),
                name="address_told",
                condition=models.Q(
                    verified_at__isnull=False, off_at__isnull=True, removed_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transport} {self.label or self.pk}"

    @property
    def is_usable(self) -> bool:
        """Whether news may be sent there."""
        return self.verified_at is not None and self.off_at is None and self.removed_at is None
