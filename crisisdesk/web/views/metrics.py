"""Figures for a watch outside (Prometheus), and who may ask for them."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from crisisdesk.core import clock
from crisisdesk.web.exposition import DeskCollector

PATIENCE = "2s"  # for each question to the database: a scrape must not weigh on what it measures
_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure as it stands in the database now; 404 for whoever may not ask, 503 while the database is away."""
    if not _may_ask(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [PATIENCE])
            registry.register(DeskCollector(clock.of_desk()()))
            return HttpResponse(generate_latest(registry), CONTENT_TYPE_PLAIN_0_0_4)
    except DatabaseError:
        return HttpResponse("the database does not answer\n", "text/plain", status=503)


def _may_ask(request: HttpRequest) -> bool:
    """Whether the caller brings the token, or, where there is none, sits on this machine itself.

    Behind a proxy everybody seems to sit on this machine: what was passed on is refused.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        return hmac.compare_digest(given.encode(), wanted.encode())
    try:
        caller = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return caller.is_loopback and not any(name in request.META for name in _FORWARDED)
