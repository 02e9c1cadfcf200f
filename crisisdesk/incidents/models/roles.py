"""Who does what on one incident, and the page on which it changes hands."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.incidents.enums import IncidentRole


class RoleAssignment(models.Model):
    """A role held from one moment to another; the row without an end is the present holder."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="roles"
    )
    role = models.CharField(max_length=12, choices=IncidentRole.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="incident_roles"
    )
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role", "user"],
                condition=models.Q(to_at=None),
                name="one_open_role_per_person",
            ),
            models.UniqueConstraint(
                fields=["incident"],
                condition=models.Q(to_at=None, role=IncidentRole.LEAD),
                name="one_lead_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "incident"], name="role_holders", condition=models.Q(to_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.role} {self.user_id}"


class HandOver(models.Model):
    """A role offered to the next person: until `accepted_at` the giver stays on duty (domain.md L28, L72)."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="handovers"
    )
    role = models.CharField(max_length=12, choices=IncidentRole.choices)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    page = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=5, default="en")
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "role"],
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                name="one_open_handover_per_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.role}: {self.giver_id} to {self.receiver_id}"
