"""What beat sends, in code. Every entry is a sweep that is safe to run twice.

Sweeps that nobody took expire instead of piling up for a night. Beat says until when by its own clock and the worker
compares with its own, so the time is long: a worker whose clock is minutes ahead must not throw every sweep away.
"""

from __future__ import annotations

from typing import Any

TEN_MINUTES = 600

BEAT: dict[str, dict[str, Any]] = {
    "fire due reminders": {
        "task": "incidents.fire_due_reminders",
        "schedule": 5.0,
        "options": {"expires": TEN_MINUTES},
    },
    "remind of gaps before announcements": {
        "task": "incidents.fire_due_plan_reminders",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "make the digests of the morning": {
        "task": "incidents.fire_mornings",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "deliver what the broker lost": {
        "task": "notifications.sweep",
        "schedule": 5.0,
        "options": {"expires": TEN_MINUTES},
    },
    "audit clocks, outbox and histories": {
        "task": "incidents.audit",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "remind of playbooks to read again": {
        "task": "playbooks.remind_reviews",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "find gaps of the rota and tell of them": {
        "task": "organisation.sweep_rotas",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "hand open incidents over when the watch changes": {
        "task": "incidents.tell_watch_changes",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "render what the broker lost": {
        "task": "reports.sweep",
        "schedule": 60.0,
        "options": {"expires": TEN_MINUTES},
    },
    "forget old idempotency keys": {
        "task": "core.sweep_idempotency_keys",
        "schedule": 3600.0,
        "options": {"expires": 3000},
    },
}
