"""The incident's own copies of the playbook's plan (law 8)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.incidents.enums import IncidentRole, ItemState, Phase


class ChecklistItem(models.Model):
    """One step with an owner or a role and, mostly, a due time. `words` and `detail` hold every language.

    `when`, `starts`, `after` and `repeat` are the playbook's (playbooks/domain/conditions.py). `is_hidden` says that
    the condition does not hold and nobody has touched it. An item that comes back stays to do, and counts `times_done`.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="items"
    )
    key = models.CharField(max_length=80)
    phase = models.CharField(max_length=20, choices=Phase.choices)
    position = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    words = models.JSONField()
    detail = models.JSONField(default=dict)
    required = models.BooleanField(default=False)
    role = models.CharField(max_length=12, choices=IncidentRole.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    minutes = models.JSONField(default=dict)
    when = models.JSONField(default=dict)
    starts = models.JSONField(default=dict)
    after = ArrayField(models.CharField(max_length=80), default=list)
    repeat = models.JSONField(default=dict)
    is_hidden = models.BooleanField(default=False)
    times_done = models.PositiveSmallIntegerField(default=0)
    meets = models.CharField(max_length=20, blank=True)
    provenance = models.JSONField(default=dict)
    lesson = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.TODO)
    skip_reason = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="one_item_per_key")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"


class ApprovalLane(models.Model):
    """How many approvals a text of this lane needs, by severity."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="lanes"
    )
    key = models.CharField(max_length=40)
    approvals = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="one_lane_per_key")]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"


class EscalationStep(models.Model):
    """Whom to tell next, once this share of a deadline's time is used or so many minutes after it was due; by which
    transports besides their own choice, and until when ("" until it is met or waived)."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="escalation_steps"
    )
    position = models.PositiveSmallIntegerField()
    after_percent = models.PositiveSmallIntegerField(null=True)
    after_minutes = models.PositiveIntegerField(null=True)
    who = models.CharField(max_length=16)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    transports = ArrayField(models.CharField(max_length=12), default=list)
    until = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "position"], name="one_step_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.position} {self.who}"


class Evidence(models.Model):
    """A file or a link that shows what happened; it may belong to one item."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="evidence"
    )
    item = models.ForeignKey(
        ChecklistItem, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    file = models.ForeignKey(
        "core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=200)
    url = models.URLField(max_length=500, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    linked_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )  # a duplicate's evidence, seen from the incident it was merged into

    def __str__(self) -> str:
        return f"{self.incident_id} {self.name}"
