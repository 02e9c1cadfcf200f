"""The fixed words of this room."""

from __future__ import annotations

from django.db import models


class Transport(models.TextChoices):
    """A way in which news reaches a person."""

    INBOX = "inbox"
    EMAIL = "email"
    PUSH = "push"
    SLACK = "slack"
    TEAMS = "teams"
    MATTERMOST = "mattermost"
    TELEGRAM = "telegram"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    SERVICE = "service"
    WEBHOOK = "webhook"


class State(models.TextChoices):
    """Where an outbox row stands."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHHELD = "withheld"
    BUNDLED = "bundled"


class Outcome(models.TextChoices):
    """How one attempt ended."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    WITHHELD = "withheld"
    LOST = "lost"
    HELD = "held"


class Held(models.TextChoices):
    """Why a row waits although nothing went wrong."""

    QUIET = "quiet"
    DIGEST = "digest"


class MorningState(models.TextChoices):
    """What became of a morning's digest."""

    PENDING = "pending"
    SENT = "sent"
    EMPTY = "empty"
    SKIPPED = "skipped"


class Hand(models.TextChoices):
    """What must keep moving for reminders to arrive."""

    BEAT = "beat"
    WORKER = "worker"
    REMINDERS = "reminders"
    DELIVERY = "delivery"
    AUDITOR = "auditor"
