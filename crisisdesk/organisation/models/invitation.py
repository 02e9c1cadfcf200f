"""A door held open for a new colleague."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.organisation.enums import Role


class Invitation(models.Model):
    """An invitation to a brand in a role; only the hash of its secret is kept, and it opens
    once."""

    email = models.EmailField(max_length=254)
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=5)
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="invitations"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.email} {self.role}"
