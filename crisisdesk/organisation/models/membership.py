"""What a person may do for a brand."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.organisation.enums import Role


class Membership(models.Model):
    """One role of one person for one brand; a person may hold several."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role.choices)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("brand_id", "user_id", "pk")
        constraints = [
            models.UniqueConstraint(fields=("user", "brand", "role"), name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.brand_id}"
