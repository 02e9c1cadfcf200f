"""What beat sends, in code. Every entry is a sweep that is safe to run twice; late ones expire instead of piling up."""

from __future__ import annotations

from typing import Any

BEAT: dict[str, dict[str, Any]] = {
    "fire due reminders": {
        "task": "incidents.fire_due_reminders",
        "schedule": 10.0,
        "options": {"expires": 9},
    },
    "remind of gaps before announcements": {
        "task": "incidents.fire_due_plan_reminders",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "deliver what the broker lost": {
        "task": "notifications.sweep",
        "schedule": 20.0,
        "options": {"expires": 19},
    },
    "audit clocks, outbox and histories": {
        "task": "incidents.audit",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "remind of playbooks to read again": {
        "task": "playbooks.remind_reviews",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "render what the broker lost": {
        "task": "reports.sweep",
        "schedule": 60.0,
        "options": {"expires": 50},
    },
    "forget old idempotency keys": {
        "task": "core.sweep_idempotency_keys",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
}
