"""The words this room stores."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What a person may do for a brand; docs/who-may-what.md is the table."""

    OBSERVER = "observer"
    EXECUTIVE = "executive"
    STAFF = "staff"
    APPROVER = "approver"
    LEAD = "lead"
    ADMIN = "admin"


class DigitStyle(models.TextChoices):
    """How a brand writes numbers in Arabic: 123 or ١٢٣, never mixed."""

    LATIN = "latin"
    ARABIC = "arabic"


class SwapState(models.TextChoices):
    """How far a swap of a watch is."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class TokenScope(models.TextChoices):
    """What an API token may be used for."""

    READ = "read"
    WRITE = "write"


class Source(StrEnum):
    """The edge a command came through; it is kept with what the command records."""

    WEB = "web"
    API = "api"
    TASK = "task"
    COMMAND = "command"
    CHAT = "chat"
