"""A press in the room: one domain call, then back to the page, or the page again with the refusal and all that
was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.web.once import press_once
from crisisdesk.web.views.room.frame import Room, context


def press(
    here: Room,
    command: Callable[[], Any],
    *,
    back: str,
    refused: Callable[[DomainError], HttpResponse],
) -> HttpResponse:
    """Make the call and lead back; a refusal is answered by `refused`, with the status of its kind."""
    try:
        press_once(here.request, command, at=here.at)
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        return refused(error)
    return redirect(back)


def ask(
    here: Room, template: str, *, tab: str = "now", error: DomainError | None = None, **more: Any
) -> HttpResponse:
    """Return a small page of the room that asks for one thing, with the refusal where there was one."""
    page = context(here, tab=tab, error=error, typed=here.request.POST, **more)
    return render(here.request, template, page, status=error.status if error else 200)


def moment(text: str) -> datetime | None:
    """Return what a date field says, read in the person's zone; None for nothing or nonsense."""
    try:
        found = parse_datetime(text) if text else None
    except ValueError:
        return None
    if found is not None and timezone.is_naive(found):
        return timezone.make_aware(found)
    return found
