"""An account that is really ours."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from crisisdesk.organisation.models.channel import in_language


class OfficialAccount(models.Model):
    """A brand's own account on a channel, who can open it, and where people can reach us in
    private."""

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="accounts"
    )
    channel = models.ForeignKey(
        "organisation.Channel", on_delete=models.PROTECT, related_name="accounts"
    )
    handle = models.CharField(max_length=120)
    url = models.URLField(max_length=500, blank=True)
    contact_url = models.URLField(max_length=500, blank=True)
    contact_line = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accounts_owned",
    )
    backup_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="accounts_backed",
    )
    last_access_test = models.DateTimeField(null=True, blank=True)
    access_worked = models.BooleanField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("brand_id", "channel_id", "handle", "pk")
        constraints = [
            models.UniqueConstraint(
                "brand", "channel", Lower("handle"), name="official_account_once"
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def contact_line_in(self, language: str) -> str:
        """Return the line that invites people to write to us in private, in this language."""
        return in_language(self.contact_line, language)
