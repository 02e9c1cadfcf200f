"""The first tab: what to do next, what we say, what is known, who is on duty."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core import words
from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import notebook
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import DeadlineKind
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries import now as queries
from crisisdesk.incidents.queries.dead_steps import dead_steps, with_dead_steps
from crisisdesk.incidents.queries.deadlines import commitments
from crisisdesk.incidents.queries.situation import questions_of
from crisisdesk.incidents.queries.strategy import line_taken, with_line
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import moment, press
from crisisdesk.web.views.room.frame import Room, context, room
from crisisdesk.web.views.room.next_steps import steps

KINDS = ("note", "fact", "decision", "question")


@login_required
def now(request: PersonRequest, reference: str) -> HttpResponse:
    """The tab, or with HTMX one of its live parts."""
    return _page(room(request, reference, with_line, with_dead_steps))


def _page(here: Room, *, error: DomainError | None = None) -> HttpResponse:
    incident = here.incident
    team = duty.team(incident)  # first: it also reads the people on duty, whom the head names
    statements = queries.said(incident)
    asked = queries.questions(incident)
    facts = queries.facts(incident)
    next_steps, step_count = steps(here, statements)
    page = context(
        here,
        tab="now",
        error=error,
        typed=here.request.POST,
        kind=here.request.POST.get("kind", "note"),
        steps=next_steps,
        step_count=step_count,
        say=queries.in_hand(statements),
        posted=queries.last_posted(statements),
        coverage=queries.coverage(incident, statements),
        stages_out=queries.stages_out(statements),
        silent_announcements=queries.announcements_without_reply(statements, asked),
        dead_steps=dead_steps(incident, at=here.at) if incident.is_open else [],
        stopped=[row for row in here.head.clocks if row.stopped_at],
        requests=[row for row in here.head.clocks if row.kind == DeadlineKind.UPDATE_REQUEST],
        laws_open=here.head.laws_open if here.may["answer_regulator"] and incident.is_open else 0,
        questions=asked,
        known=[fact for fact in facts if fact.is_known],
        unknown=[fact for fact in facts if not fact.is_known],
        first_facts=_in(here.request.LANGUAGE_CODE, incident.plan.get("first_facts", {})),
        screening=questions_of(incident),
        trap=in_language(incident.plan.get("trap", {})),
        line=line_taken(incident),
        duties=queries.duties(incident),
        promised=commitments(incident),
        events=queries.last_events(incident),
        askers=words.choices("asker"),
        channels=[(key, words.word("channel", key)) for key in incident.channels],
        team=team.members if here.may["assign_role"] else [],
    )
    return render(here.request, "web/room/now.html", page, status=error.status if error else 200)


def _in(language: str, lists: dict[str, list[str]]) -> list[str]:
    """The list in the reader's language, or in English."""
    return lists.get(language) or lists.get("en") or []


@login_required
@require_POST
def write(request: PersonRequest, reference: str) -> HttpResponse:
    """The Now box: one note, fact, decision or question."""
    here = room(request, reference)
    given = request.POST
    happened = moment(given.get("occurred_at", ""))
    common: dict[str, Any] = {"incident_id": here.incident.pk, "actor": here.actor, "at": here.at}

    def command() -> Any:
        if given.get("kind") == "fact":
            return notebook.state_fact(
                text=given.get("text", ""), is_known=given.get("known") != "no", **common
            )
        if given.get("kind") == "decision":
            return notebook.make_decision(
                question=given.get("question", ""),
                choice=given.get("choice", ""),
                reason=given.get("reason", ""),
                **common,
            )
        if given.get("kind") == "question":
            times = given.get("times", "1")
            return notebook.ask_question(
                text=given.get("text", ""),
                asker=given.get("asker", ""),
                asker_name=given.get("asker_name", ""),
                channel=given.get("channel", ""),
                url=given.get("url", ""),
                times_asked=int(times) if times.isdecimal() else 0,
                asked_at=happened,
                **common,
            )
        return notebook.add_note(text=given.get("text", ""), occurred_at=happened, **common)

    return press(
        here,
        command,
        back=reverse("web:incident", args=[reference]) + "#h-box",
        refused=lambda error: _page(here, error=error),
    )


@login_required
def head(request: PersonRequest, reference: str) -> HttpResponse:
    """The head alone, fetched again when there is news."""
    here = room(request, reference)
    return render(request, "web/room/head.html", context(here, tab=request.GET.get("tab", "now")))


@login_required
def news(request: PersonRequest, reference: str) -> JsonResponse:
    """The number of the last event, for pages whose stream is silent."""
    return JsonResponse({"number": room(request, reference).incident.last_number})
