"""The hand: Celery carries wake-ups, never business deadlines (those are rows with a due time)."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crisisdesk.settings")

from django.conf import settings  # noqa: E402 - settings must be named first

from crisisdesk.schedule import BEAT  # noqa: E402

app = Celery("crisisdesk")
app.set_default()  # without it only the thread that imports this module would know our broker
app.conf.update(settings.CELERY)
app.conf.beat_schedule = BEAT
app.steps["worker"].add("crisisdesk.notifications.tasks:WorkerPulse")
app.autodiscover_tasks()
