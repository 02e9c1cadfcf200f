"""Which line to take: three plain questions, the advice with its reasons and sources, and the choice as a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.urls import reverse

from crisisdesk.core.words import WORDS, word
from crisisdesk.incidents.domain import strategy as commands
from crisisdesk.incidents.domain.strategy_advice import (
    BLAME,
    LEVELS,
    Situation,
    advise,
    hints,
    source_of,
    warnings,
)
from crisisdesk.incidents.enums import Line
from crisisdesk.incidents.queries.strategy import start_of
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import room
from playbooks.domain.lesson_book import read_book

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpResponse, QueryDict

    from crisisdesk.core.errors import DomainError
    from crisisdesk.incidents.queries.strategy import Start
    from crisisdesk.web.requests import PersonRequest
    from crisisdesk.web.views.room.frame import Room


@login_required
def strategy(request: PersonRequest, reference: str) -> HttpResponse:
    """The advice for the answers as they are given; a press writes the chosen line down."""
    here = room(request, reference)
    start = start_of(here.incident, request.user)
    given = request.POST if request.method == "POST" else request.GET
    situation, lines = _situation(given, start), _lines(given, start)
    if request.method != "POST":
        return _page(here, start, situation, lines)
    return press(
        here,
        lambda: commands.choose_line(
            incident_id=here.incident.pk,
            situation=situation,
            lines=lines,
            reason=given.get("reason", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident-strategy", args=[reference]),
        refused=lambda error: _page(here, start, situation, lines, error=error),
    )


def _situation(given: QueryDict, start: Start) -> Situation:
    """The answers as given; where nobody has answered yet, what the newest choice or the playbook says."""
    if "cluster" not in given:
        return Situation(
            start.cluster, start.had_similar, start.bad_reputation, start.proven_rumour
        )
    cluster = given["cluster"]
    return Situation(
        cluster if cluster in BLAME else start.cluster,
        had_similar=given.get("had_similar") == "yes",
        bad_reputation=given.get("bad_reputation") == "yes",
        proven_rumour=given.get("proven_rumour") == "yes",
    )


def _lines(given: QueryDict, start: Start) -> list[str]:
    if "cluster" in given:
        return [line for line in given.getlist("lines") if line in set(Line)]
    return list(start.choices[0].lines) if start.choices else []


def _page(
    here: Room,
    start: Start,
    situation: Situation,
    lines: list[str],
    *,
    error: DomainError | None = None,
) -> HttpResponse:
    advice = advise(situation)
    incident = here.incident
    told = hints(
        self_disclosed=incident.self_disclosed, is_public=incident.first_signal_at is not None
    )
    return ask(
        here,
        "web/room/strategy.html",
        error=error,
        start=start,
        situation=situation,
        lines=lines,
        advice=advice,
        levels=LEVELS,
        reasons=_sourced(advice.reasons),
        against=_sourced(warnings(situation, lines)),
        hints=_sourced(told),
        blame=[(key, WORDS["cluster"][key], WORDS["advice"][f"blame_{key}"]) for key in BLAME],
        choices=[
            (line, word("public_line", line), word("public_line_means", line))
            for line in Line.values
        ],
        book=read_book(),
    )


def _sourced(codes: Iterable[str]) -> list[dict[str, Any]]:
    return [{"words": word("advice", code), "source": source_of(code)} for code in codes]
