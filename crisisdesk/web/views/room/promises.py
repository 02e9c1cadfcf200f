"""What we promised in public, and every clock of the room."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError, Invalid
from crisisdesk.incidents.domain import promises
from crisisdesk.incidents.domain.alarms import rules_of
from crisisdesk.incidents.domain.reasons import clock_reasons
from crisisdesk.incidents.models import Commitment
from crisisdesk.incidents.queries.dead_steps import dead_among
from crisisdesk.incidents.queries.deadlines import settled
from crisisdesk.incidents.queries.ringing import steps_now
from crisisdesk.incidents.queries.situation import questions_of
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, moment, press
from crisisdesk.web.views.room.frame import Room, chip, context, room
from playbooks.domain.lesson_book import read_book


@login_required
def deadlines(request: PersonRequest, reference: str) -> HttpResponse:
    """Every clock: those that run, the late ones first, and what became of the others."""
    here = room(request, reference)
    steps = steps_now(here.incident, at=here.at)  # first: it reads most holders, too
    reasons = clock_reasons(here.incident, questions_of(here.incident))
    running = [
        {**chip(here.incident, promise), "why": reasons.get(promise.deadline.key, "")}
        for promise in here.head.promises
    ]
    page = context(
        here,
        tab="deadlines",
        running=running,
        settled=settled(here.incident),
        steps=steps,
        rules=rules_of(here.incident),
        dead_steps=dead_among(steps) if here.incident.is_open else [],
        book=read_book(),
    )
    return render(request, "web/room/deadlines.html", page)


@login_required
@require_POST
def promise(request: PersonRequest, reference: str) -> HttpResponse:
    """Something we promised in public, with its time."""
    here = room(request, reference)

    def command() -> Commitment:
        due_at = moment(request.POST.get("due_at", ""))
        if due_at is None:
            raise Invalid("due_in_past", field="due_at")
        return promises.make_commitment(
            incident_id=here.incident.pk,
            text=request.POST.get("text", ""),
            due_at=due_at,
            actor=here.actor,
            at=here.at,
        )

    return press(here, command, back=_back(here), refused=lambda error: _again(here, error))


def _again(here: Room, error: DomainError) -> HttpResponse:
    return ask(here, "web/room/promise.html", error=error)


@login_required
@require_POST
def kept(request: PersonRequest, reference: str, commitment_id: int) -> HttpResponse:
    """A promise was kept."""
    here = room(request, reference)
    return press(
        here,
        lambda: promises.keep_commitment(commitment_id=commitment_id, actor=here.actor, at=here.at),
        back=_back(here),
        refused=lambda error: ask(here, "web/room/refused.html", error=error),
    )


def _back(here: Room) -> str:
    return reverse("web:incident", args=[here.incident.reference]) + "#now-promises"
