"""The frame of the room: who asks, which incident, what they may do, and what stands in the head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from crisisdesk.core import clock
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain.messages import way_to_subject
from crisisdesk.incidents.domain.transitions import NEXT
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries.desk import Promise
from crisisdesk.incidents.queries.head import Head, Reading, head_of, incident_of_room
from crisisdesk.incidents.queries.watching import watch_of
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.queries.watch_ahead import WatchAhead
from crisisdesk.web.requests import PersonRequest


@dataclass
class Room:
    """One request inside a room."""

    request: PersonRequest
    incident: Incident
    at: datetime

    @property
    def actor(self) -> Actor:
        """Who asks, through the browser."""
        return self.request.actor

    @cached_property
    def may(self) -> dict[str, bool]:
        """What this person may do here; the same table the commands ask."""
        return {name: rules.may(self.actor, name, self.incident) for name in rules.PERMISSIONS}

    @cached_property
    def head(self) -> Head:
        """The head, read once per request."""
        return head_of(self.incident)

    @cached_property
    def watch(self) -> WatchAhead | None:
        """Who watches the brand, read once per request; nothing where nobody keeps a rota or all is over."""
        if not self.head.has_rota:
            return None
        return watch_of(self.incident, self.request.user, at=self.at)


def room(request: PersonRequest, reference: str, *readings: Reading) -> Room:
    """Return the room of an incident that this person may see, or raise Http404; `readings` are what its page reads
    together with the incident."""
    try:
        incident = incident_of_room(request.user, reference, *readings)
    except NotVisible as error:
        raise Http404 from error
    return Room(request, incident, clock.now())


def context(here: Room, *, tab: str, **more: Any) -> dict[str, Any]:
    """Return what the frame needs, and whatever the page adds."""
    return {
        "nav": "incidents",
        "tab": tab,
        "room": here,
        "incident": here.incident,
        "may": here.may,
        "head": here.head,
        "watch": here.watch,
        "chips": [chip(here.incident, promise) for promise in here.head.strip],
        "next_status": NEXT[Status(here.incident.status)],
        "stream_url": stream_url(here.request, here.incident),
        **more,
    }


def chip(incident: Incident, promise: Promise) -> dict[str, Any]:
    """One clock with the page that meets it."""
    deadline = promise.deadline
    data = {"kind": deadline.kind, "subject": [deadline.subject_kind, deadline.subject_id]}
    href, action = way_to_subject(f"/incidents/{incident.reference}/", data)
    return {
        "promise": promise,
        "deadline": deadline,
        "holders": promise.holders,
        "href": href,
        "action": action,
    }


def stream_url(request: PersonRequest, incident: Incident) -> str:
    """Return where the live stream of this room is read: its own port on the host of the page."""
    origin = stream_origin(request)
    path = reverse("web:incident-stream", args=[incident.reference])
    return f"{origin}{path}" if origin else ""


def stream_origin(request: PersonRequest) -> str:
    """Return the stream's origin, built from the host that Django has validated; empty where none runs."""
    if settings.STREAM_ORIGIN:
        return str(settings.STREAM_ORIGIN).rstrip("/")
    if not settings.STREAM_PORT:
        return ""
    host = request.get_host()
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return f"{request.scheme}://{name}:{settings.STREAM_PORT}"
