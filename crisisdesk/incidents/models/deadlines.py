"""Every promise about time, and the alarms that go with it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    IncidentRole,
    ReminderState,
    Status,
)


class Deadline(models.Model):
    """A due time with its start, its length and what meets it. Minutes are absolute.

    `subject_kind` and `subject_id` name the row it is about (item, revision, question …; "incident" for a clock of the
    plan). `owner` has it, or else whoever holds `role` on the incident.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="deadlines"
    )
    kind = models.CharField(max_length=20, choices=DeadlineKind.choices)
    key = models.CharField(max_length=80, blank=True)
    subject_kind = models.CharField(max_length=16, default="incident")
    subject_id = models.BigIntegerField(default=0)
    label = models.JSONField(default=dict)
    channel = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, blank=True)
    role = models.CharField(max_length=12, choices=IncidentRole.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    start_event = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    length_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    lives_until = models.CharField(max_length=10, choices=Status.choices)
    state = models.CharField(
        max_length=10, choices=DeadlineState.choices, default=DeadlineState.RUNNING
    )
    met_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    missed_before_opening = models.BooleanField(default=False)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Its last alarm has rung and it still runs: since when nobody is reminded, and how often it rang.
    stopped_at = models.DateTimeField(null=True)
    times_rung = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["incident", "due_at"],
                name="deadlines_running",
                condition=models.Q(state=DeadlineState.RUNNING),
            ),
            models.Index(fields=["subject_kind", "subject_id"], name="deadlines_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.key}"


class Reminder(models.Model):
    """One alarm of a deadline: a share of its time. The database is the clock: a sweep finds what is due (law 4).

    One of a `person` rings for them alone, when they have asked not to hear of it until then. After the `is_last` one
    nothing rings any more.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="reminders"
    )
    deadline = models.ForeignKey(Deadline, on_delete=models.PROTECT, related_name="reminders")
    percent = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING
    )
    fired_at = models.DateTimeField(null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_last = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # A deadline that moved rings again at its new time.
            models.UniqueConstraint(
                fields=["deadline", "percent", "due_at", "person"],
                name="one_alarm_per_share_and_time",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="reminders_due",
                condition=models.Q(state=ReminderState.PENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} at {self.percent}%"


class Commitment(models.Model):
    """Something we promised in public, with a time: "next update by 15:30", "analysis by Friday" (domain.md L39)."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="commitments"
    )
    publication = models.ForeignKey(
        "incidents.Publication", null=True, on_delete=models.PROTECT, related_name="commitments"
    )
    is_next_update = models.BooleanField(default=False)
    text = models.TextField()
    language = models.CharField(max_length=5)
    due_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.incident_id} by {self.due_at:%Y-%m-%d %H:%M}"
