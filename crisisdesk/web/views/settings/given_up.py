"""Messages that were given up: to whom, why, and once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.domain.outgoing import list_given_up, send_again
from crisisdesk.web.views.settings.frame import page, settings_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest

_LARGEST = 2**63 - 1


@settings_view
@require_safe
def given_up(request: PersonRequest) -> HttpResponse:
    """What the other side would not take, the newest first."""
    return _page(request)


@settings_view
@require_POST
def again(request: PersonRequest) -> HttpResponse:
    """Try the chosen messages from the start."""
    ids = _numbers(request.POST.getlist("message"))
    try:
        count = send_again(ids, actor=request.actor, at=clock.now())
    except Invalid as error:
        return _page(request, refusal=error)
    said = ngettext(
        "%(count)s message goes out again within seconds.",
        "%(count)s messages go out again within seconds.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("web:settings-given-up")


def _page(request: PersonRequest, *, refusal: Invalid | None = None) -> HttpResponse:
    before = _numbers([request.GET["before"]])[0] if "before" in request.GET else None
    shown = {"given_up": list_given_up(request.user, before=before), "refusal": refusal}
    return page(request, "given_up", "settings-health", shown, status=422 if refusal else 200)


def _numbers(given: list[str]) -> list[int]:
    """Return the numbers of rows, or answer 404 to what is none."""
    if not all(each.isascii() and each.isdigit() and int(each) <= _LARGEST for each in given):
        raise Http404
    return [int(each) for each in given]
