"""What every page about words shares: who comes in, one command per press, how a refusal is told."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crisisdesk.core import clock
from crisisdesk.core.domain.idempotency import request_hash, run_once
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents import rules
from crisisdesk.incidents.queries.visibility import visible_incident

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.incidents.models import Incident
    from crisisdesk.web.requests import PersonRequest

_NOT_ASKED = {"csrfmiddlewaretoken", "key"}


def words_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one incident for who is signed in; it gets the incident, or the page does not
    exist."""

    @login_required
    @wraps(view)
    def shown(request: PersonRequest, reference: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            incident = visible_incident(request.user, reference)
            return view(request, incident, *args, **kwargs)
        except NotVisible as error:
            raise Http404 from error

    return shown


def once(request: PersonRequest, command: Callable[..., Any], **asked: Any) -> Any:
    """Run the one command of this press, or answer a repeat of the press with its first result.

    Returns the id of what the command returned.
    """
    at = clock.now()

    def act() -> tuple[int, dict[str, Any]]:
        made = command(**asked, actor=request.actor, at=at)
        return 200, {"pk": getattr(made, "pk", None)}

    typed = {name: values for name, values in request.POST.lists() if name not in _NOT_ASKED}
    files = {name: [str(file), getattr(file, "size", 0)] for name, file in request.FILES.items()}
    answer = run_once(
        user=request.user,
        key=request.POST.get("key", ""),
        asked=request_hash(request.path, typed, files),
        at=at,
        command=act,
    )
    return answer.body["pk"]


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
    shared = {"incident": incident, "key": new_key(), "nav": "incidents"}
    return render(request, f"web/words/{template}.html", shared | context, status=status)


def new_key() -> str:
    """Return a key for one form: sent twice, it does one thing."""
    return uuid4().hex


def statement_url(incident: Incident, statement_id: int, language: str = "") -> str:
    """Return the editor's address, with the language to look at."""
    path = reverse("web:statement", args=[incident.reference, statement_id])
    return f"{path}?language={language}" if language else path
