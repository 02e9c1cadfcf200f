"""Alive and ready, for load balancers and alarms."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from kombu import Connection

from crisisdesk.core import clock
from crisisdesk.notifications.queries import heartbeat


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, migrations, broker, worker and beat are well; 503 with the names of what is not."""
    faults: dict[str, str] = {}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            faults["migrations"] = "not applied"
        for hand in heartbeat.late(clock.now()):
            faults[str(hand.hand)] = "silent"
    except DatabaseError:
        faults["database"] = "no answer"
    try:
        with Connection(str(settings.CELERY["broker_url"]), connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # noqa: BLE001 - whatever the broker's client raises means the same here
        faults["broker"] = "no answer"
    return JsonResponse({"ready": not faults, "faults": faults}, status=503 if faults else 200)
