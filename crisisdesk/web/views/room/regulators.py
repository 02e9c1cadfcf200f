"""Who must be told by law: the questions, the clocks, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError, Invalid
from crisisdesk.incidents.domain import regulators as commands
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.models import RegulatorClock, RegulatorNotice
from crisisdesk.incidents.queries.regulators import RegulatorRow, others, regulators_of
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.room.acting import moment, press
from crisisdesk.web.views.room.frame import Room, context, room
from playbooks.enums import RegulatorStart

_CONTENT = "contents."


@login_required
def regulators(request: PersonRequest, reference: str) -> HttpResponse:
    """Every duty that was asked about, with its answer, its clock and what was told."""
    return _page(room(request, reference))


def _page(here: Room, *, error: DomainError | None = None, at: int = 0) -> HttpResponse:
    """The page; a refusal stands at the duty it is about, with all that was typed."""
    rows = regulators_of(here.incident)
    page = context(
        here,
        tab="regulators",
        duties=[_shown(here, row, is_refused=row.clock.pk == at) for row in rows],
        others=others(rows),
        error=error,
        error_at=at,
        typed=here.request.POST,
        typed_contents=bool(_contents(here.request)),
    )
    return render(
        here.request, "web/room/regulators.html", page, status=error.status if error else 200
    )


def _shown(here: Room, row: RegulatorRow, *, is_refused: bool) -> dict[str, Any]:
    """One duty with the fields of its forms; what was typed into a refused one stands in it again."""
    given = here.request.POST if is_refused else {}
    started = row.clock.started_at
    if started is None and row.duty.start == RegulatorStart.AWARE:
        started = here.incident.aware_at
    return {
        "row": row,
        "started": given.get("started_at")
        or (
            f"{started.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}"
            if started
            else ""
        ),
        "asked": [
            {
                "name": _CONTENT + name,
                "id": f"{name}-{row.clock.pk}",
                "label": in_language(words),
                "value": given.get(_CONTENT + name, ""),
            }
            for name, words in row.asked_fields
        ],
    }


def _contents(request: PersonRequest) -> dict[str, str]:
    return {
        name.removeprefix(_CONTENT): str(words)
        for name, words in request.POST.items()
        if name.startswith(_CONTENT)
    }


def _back(here: Room, clock_id: int | None = None) -> str:
    page = reverse("web:regulators", args=[here.incident.reference])
    return f"{page}#regulator-{clock_id}" if clock_id else page


def _here(request: PersonRequest, reference: str, clock_id: int) -> Room:
    here = room(request, reference)
    if not RegulatorClock.objects.filter(pk=clock_id, incident=here.incident).exists():
        raise Http404
    return here


def _press(here: Room, command: Callable[[], object], clock_id: int) -> HttpResponse:
    """Run a command on one clock; back to that clock, or the page with what was refused beside it."""
    return press(
        here,
        command,
        back=_back(here, clock_id),
        refused=lambda error: _page(here, error=error, at=clock_id),
    )


@login_required
@require_POST
def add(request: PersonRequest, reference: str) -> HttpResponse:
    """Ask about an authority that the playbook does not name."""
    here = room(request, reference)
    return press(
        here,
        lambda: commands.add_regulator(
            incident_id=here.incident.pk,
            key=request.POST.get("key", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=_back(here),
        refused=lambda error: _page(here, error=error),
    )


@login_required
@require_POST
def answer(request: PersonRequest, reference: str, clock_id: int) -> HttpResponse:
    """It applies, from when; or it does not."""
    here = _here(request, reference, clock_id)

    def command() -> RegulatorClock:
        return commands.answer_regulator(
            clock_id=clock_id,
            applies=request.POST.get("applies") == "yes",
            started_at=_moment(request, "started_at"),
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        )

    return _press(here, command, clock_id)


@login_required
@require_POST
def notice(request: PersonRequest, reference: str, clock_id: int) -> HttpResponse:
    """What was told, when, and why late if it was."""
    here = _here(request, reference, clock_id)

    def command() -> RegulatorNotice:
        return commands.record_notice(
            clock_id=clock_id,
            sent_at=_moment(request, "sent_at") or here.at,
            contents=_contents(request),
            receipt=request.POST.get("receipt", ""),
            late_reason=request.POST.get("late_reason", ""),
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        )

    return _press(here, command, clock_id)


def _moment(request: PersonRequest, name: str) -> datetime | None:
    """Return the time of a field, None where it was left empty; refuse what is no time."""
    given = request.POST.get(name, "").strip()
    found = moment(given)
    if given and found is None:
        raise Invalid("time_unreadable", field=name)
    return found
