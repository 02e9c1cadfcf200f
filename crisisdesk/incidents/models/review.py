"""Looking back: the post-mortem and what changes because of it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class Postmortem(models.Model):
    """The review record of an incident. SEV1–2 use all of it, SEV3 three lines (summary, cause, changes)."""

    incident = models.OneToOneField(
        "incidents.Incident", on_delete=models.PROTECT, related_name="postmortem"
    )
    language = models.CharField(max_length=5)
    verdict = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    cause_known = models.BooleanField(default=True)
    affected = models.TextField(blank=True)
    affected_known = models.BooleanField(default=True)
    business_effect = models.TextField(blank=True)
    business_effect_known = models.BooleanField(default=True)
    went_well = models.TextField(blank=True)
    went_badly = models.TextField(blank=True)
    what_could_return = models.TextField(blank=True)
    decisions_asked = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    lessons = ArrayField(models.CharField(max_length=80), default=list)
    is_final = models.BooleanField(default=False)
    edition = models.PositiveSmallIntegerField(default=0)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finalised_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"post-mortem of {self.incident_id}"


class ActionItem(models.Model):
    """What will be done so that it does not return, by whom and by when (domain.md L82)."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="action_items"
    )
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=5)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    due_date = models.DateField()
    is_prevention = models.BooleanField(default=True)
    done_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.text[:40]}"
