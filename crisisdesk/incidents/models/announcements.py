"""What is made ready before a decision is announced (domain.md L3, L4, L7, L11)."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.incidents.enums import IncidentRole, PlanStatus, PointKind, ReminderState


class AnnouncementPlan(models.Model):
    """A decision that will be announced, and the answer to it. Written only by commands, under its own row lock.

    `playbook_revision` is the words it prepares from, as they were when it was opened (law 8). Once it is announced
    it has its incident and never changes again; `gaps` then holds what was open, `reason` why it went out all the same.
    """

    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="announcement_plans"
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=5)
    decision = models.TextField()
    announce_at = models.DateTimeField()
    languages = ArrayField(models.CharField(max_length=5))
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(
        max_length=10, choices=PlanStatus.choices, default=PlanStatus.PREPARING
    )
    playbook_revision = models.ForeignKey(
        "playbooks.PlaybookRevision", on_delete=models.PROTECT, related_name="+"
    )
    incident = models.OneToOneField(
        "incidents.Incident",
        null=True,
        on_delete=models.PROTECT,
        related_name="announcement_plan",
    )
    reason = models.TextField(blank=True)
    gaps = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status=PlanStatus.ANNOUNCED) ^ models.Q(incident__isnull=True),
                name="announced_plan_has_its_incident",
            )
        ]
        indexes = [models.Index(fields=["brand", "announce_at"], name="plans_by_brand")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_preparing(self) -> bool:
        """Whether work on it goes on: neither announced nor dropped."""
        return self.status == PlanStatus.PREPARING


class PlanPoint(models.Model):
    """A group that is affected, a question that will be asked, or a way to misread the decision.

    `detail` says how it touches the group, or what is right instead of the misreading.
    """

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=10, choices=PointKind.choices)
    text = models.CharField(max_length=300)
    detail = models.TextField(blank=True)
    language = models.CharField(max_length=5)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_removed = models.BooleanField(default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.plan_id} {self.text[:40]}"


class PlanText(models.Model):
    """One edition of prepared words in one language: the answer to a question, or a statement of the playbook by `key`.

    A change is a new edition, so that an approval names exact words and everybody who wrote is known (law 7).
    """

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="texts")
    point = models.ForeignKey(
        PlanPoint, null=True, on_delete=models.PROTECT, related_name="answers"
    )
    key = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=5)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "point", "key", "language", "number"],
                nulls_distinct=False,
                name="plan_editions_are_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(point__isnull=True) ^ models.Q(key=""),
                name="plan_text_is_answer_or_statement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.key or self.point_id} {self.language} {self.number}"


class PlanDuty(models.Model):
    """Who is on duty in which part of the hours after the announcement, and as what."""

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="duties")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=IncidentRole.choices)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(from_at__lt=models.F("to_at")), name="plan_duty_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.role} {self.person_id}"


class PlanReach(models.Model):
    """Whether an approver could be reached when somebody last tried."""

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="reaches")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField()
    tested_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "person"], name="one_reach_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.person_id} {self.reached}"


class PlanChange(models.Model):
    """One line of the plan's history: who changed what, when. Never changed itself."""

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="plan_history_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind}"


class PlanReminder(models.Model):
    """One alarm before an announcement: whoever owns a gap that is open then is told (a sweep finds what is due)."""

    plan = models.ForeignKey(AnnouncementPlan, on_delete=models.PROTECT, related_name="reminders")
    due_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING
    )
    fired_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="plan_reminders_due",
                condition=models.Q(state=ReminderState.PENDING),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.due_at:%Y-%m-%d %H:%M}"
