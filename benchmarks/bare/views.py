"""The bare views of the measures: one query, fifty rows, fifty events in a template, all events."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from benchmarks.bare.models import Event, Incident, Words

_ROW = ("id", "reference", "title", "severity", "status", "opened_at", "last_number")
_EVENT = ("number", "kind", "occurred_at", "hash")
PAGE = 50


def one_query(request: HttpRequest, reference: str) -> JsonResponse:
    """One row by its index."""
    return JsonResponse(Incident.objects.filter(reference=reference).values(*_ROW)[0])


def rows(request: HttpRequest) -> JsonResponse:
    """The fifty newest rows as values."""
    found = Incident.objects.order_by("-opened_at", "-pk").values(*_ROW)[:PAGE]
    return JsonResponse({"results": list(found)})


def events_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One row and its fifty newest events with their words, through a Django template."""
    incident = Incident.objects.get(reference=reference)
    words = Words.objects.filter(event__incident=incident).select_related("event")
    newest = words.order_by("-event__number")[:PAGE]
    return render(request, "events.html", {"incident": incident, "words": newest})


def all_events(request: HttpRequest, reference: str) -> JsonResponse:
    """Every event with its words as values."""
    found = Event.objects.filter(incident__reference=reference).order_by("number")
    return JsonResponse({"results": list(found.values(*_EVENT, "words__text"))})
