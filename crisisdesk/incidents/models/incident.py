"""One thing we respond to."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.incidents.enums import OPEN_STATUSES, CancelReason, Severity, Status


class Incident(models.Model):
    """The head of the room. Written only by commands in incidents/domain, under its own row lock.

    `plan` is the copy of what cannot be rows: clocks per severity, words to avoid, first facts (law 8).
    `last_number` and `last_hash` are the end of the timeline's chain, so that a cut tail shows (law 3).
    """

    reference = models.CharField(max_length=20, unique=True)
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="incidents"
    )
    title = models.CharField(max_length=200)
    title_language = models.CharField(max_length=5)
    severity = models.CharField(max_length=4, choices=Severity.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DECLARED)
    cancel_reason = models.CharField(max_length=12, choices=CancelReason.choices, blank=True)
    same_matter_as = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="duplicates"
    )
    is_drill = models.BooleanField(default=False)
    is_restricted = models.BooleanField(default=False)
    self_disclosed = models.BooleanField(default=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    playbook_revision = models.ForeignKey(
        "playbooks.PlaybookRevision", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.JSONField(default=dict)
    languages = ArrayField(models.CharField(max_length=5))
    channels = ArrayField(models.CharField(max_length=20))
    origin_channel = models.CharField(max_length=20, blank=True)
    origin_url = models.URLField(max_length=500, blank=True)
    first_signal_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField()
    aware_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    contained_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    last_number = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, blank=True)
    closing_line = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    search_text = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["brand", "-opened_at", "-id"], name="incident_by_brand"),
            models.Index(fields=["-opened_at", "-id"], name="incident_newest"),
            models.Index(
                fields=["brand", "severity"],
                name="incident_open",
                condition=models.Q(status__in=OPEN_STATUSES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        """Whether work goes on: not closed and not cancelled."""
        return self.status in OPEN_STATUSES


class IncidentAccess(models.Model):
    """A person whom the lead of a restricted incident has named."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "user"], name="one_access_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} may see {self.incident_id}"


class ReferenceCounter(models.Model):
    """The last number given in a year, so that references have no gaps and no two incidents share one."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
