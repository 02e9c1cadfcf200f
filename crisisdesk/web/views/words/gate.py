"""What every page about words shares: who comes in, one command per press, how a refusal is told."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crisisdesk.core import clock
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents import rules
from crisisdesk.incidents.queries.head import incident_of_room
from crisisdesk.web.once import press_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.incidents.models import Incident
    from crisisdesk.incidents.queries.head import Reading
    from crisisdesk.web.requests import PersonRequest


def words_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one incident for who is signed in; it gets the incident, or the page does not
    exist."""
    return words_view_reading()(view)


def words_view_reading(
    *readings: Reading,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The same for a page that reads more together with the incident."""

    def gated(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def shown(
            request: PersonRequest, reference: str, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            try:
                incident = incident_of_room(request.user, reference, *readings)
                return view(request, incident, *args, **kwargs)
            except NotVisible as error:
                raise Http404 from error

        return shown

    return gated


def once(request: PersonRequest, command: Callable[..., Any], **asked: Any) -> Any:
    """Run the one command of this press with who asks and now; return the id of what it returned."""
    at = clock.now()
    made = press_once(request, lambda: command(**asked, actor=request.actor, at=at), at=at)
    return made.body["pk"]


def may(request: PersonRequest, permission: str, incident: Incident) -> bool:
    """Whether this person may do this here and the incident still goes on."""
    return incident.is_open and rules.may(request.actor, permission, incident)


def ask_page(
    request: PersonRequest,
    template: str,
    incident: Incident,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render one of the pages that ask one thing and fill a phone's screen."""
    shared = {"incident": incident, "nav": "incidents"}
    return render(request, f"web/words/{template}.html", shared | context, status=status)


def statement_url(incident: Incident, statement_id: int, language: str = "") -> str:
    """Return the editor's address, with the language to look at."""
    path = reverse("web:statement", args=[incident.reference, statement_id])
    return f"{path}?language={language}" if language else path
