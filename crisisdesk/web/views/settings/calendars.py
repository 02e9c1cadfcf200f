"""Calendar addresses: made, shown once, revoked; and the file that a calendar program reads there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Gone, NotVisible
from crisisdesk.core.words import error_text
from crisisdesk.incidents.domain.calendars import ASK_AGAIN, address_of, calendar_of
from crisisdesk.incidents.domain.feeds import NewFeed, make_feed, open_feed, revoke_feed
from crisisdesk.incidents.enums import OPEN_STATUSES
from crisisdesk.incidents.queries.feeds import feeds_of
from crisisdesk.incidents.queries.visibility import visible_incident, visible_to
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import CalendarForm
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.settings.frame import page, settings_view

_OFFERED = 50  # open incidents in the list of what may stand in a calendar


@settings_view
@never_cache
def calendars(request: PersonRequest) -> HttpResponse:
    """List the person's calendar addresses; POST makes one and shows it this one time."""
    if request.method != "POST":
        asked = request.GET.get("incident", "")
        return _calendars_page(request, _form(request, initial={"incident": asked}))
    form = _form(request, data=request.POST)
    if form.is_valid():
        reference = form.cleaned_data["incident"]
        try:
            made = make_feed(
                incident_id=visible_incident(request.user, reference).pk if reference else None,
                actor=request.actor,
                at=clock.now(),
            )
            return _calendars_page(request, _form(request), made=made, status=201)
        except NotVisible:
            raise
        except DomainError as error:
            add_refusal(form, error)
    return _calendars_page(request, form, status=422)


@settings_view
@require_POST
def revoke(request: PersonRequest, feed_id: int) -> HttpResponse:
    """The address answers "gone" from now on."""
    revoke_feed(feed_id=feed_id, actor=request.actor, at=clock.now())
    messages.success(request, _("The calendar address was revoked."))
    return redirect("web:settings-calendars")


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar file; the address is the key, nobody signs in."""
    at = clock.now()
    try:
        found = open_feed(secret, at=at)
    except NotVisible as error:
        raise Http404 from error
    except Gone as error:
        return render(request, "410.html", {"words": error_text(error)}, status=error.status)
    answer = HttpResponse(calendar_of(found, at=at), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="crisis-desk.ics"'
    patch_cache_control(answer, private=True, max_age=int(ASK_AGAIN.total_seconds()) // 3)
    return answer


def _form(request: PersonRequest, **given: object) -> CalendarForm:
    rows = visible_to(request.user).filter(status__in=OPEN_STATUSES).order_by("-opened_at")
    offered = rows.values_list("reference", "title")[:_OFFERED]
    return CalendarForm(incidents=offered, **given)


def _calendars_page(
    request: PersonRequest, form: CalendarForm, *, made: NewFeed | None = None, status: int = 200
) -> HttpResponse:
    address = address_of(made.secret) if made else ""
    context = {"form": form, "address": address, "feeds": feeds_of(request.user)}
    return page(request, "calendars", "settings-calendars", context, status=status)
