"""Alive and ready, for load balancers and alarms."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection

from crisisdesk.core import clock
from crisisdesk.incidents.queries import findings
from crisisdesk.notifications.queries import heartbeat
from crisisdesk.web.templatetags.health import kind_words, silent_line


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations, broker, worker, beat and auditor are well; 503 with the names of what is not.

    What is late stands in words too, in the language that was asked for: also one worker of several, and what the
    auditor found.
    """
    faults: dict[str, str] = {}
    late: list[str] = []
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            faults["migrations"] = "not applied"
        at = clock.now()
        for silence in heartbeat.late(at):
            faults[str(silence.hand)] = "silent"
            late.append(silent_line(silence))
        late += [
            silent_line(heartbeat.Silence(worker.name, worker.at))
            for worker in heartbeat.workers(at)
            if worker.is_late
        ]
        late += [kind_words(kind, count) for kind, count in findings.open_counts().items()]
    except DatabaseError:
        faults["database"] = "no answer"
    try:
        with Connection(str(settings.CELERY["broker_url"]), connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # noqa: BLE001 - whatever the broker's client raises means the same here
        faults["broker"] = "no answer"
    return JsonResponse(
        {"ready": not faults, "faults": faults, "late": late}, status=503 if faults else 200
    )
