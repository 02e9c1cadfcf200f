"""The tab Statements: what stands where, by stage, and a statement the playbook has no words for."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import drafting
from crisisdesk.incidents.enums import Stage
from crisisdesk.incidents.queries import now
from crisisdesk.incidents.queries.statements import all_statements
from crisisdesk.organisation.models import Channel
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.words import StatementForm
from crisisdesk.web.views.room.frame import Room, context
from crisisdesk.web.views.words.gate import ask_page, may, once, statement_url, words_view

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Incident
    from crisisdesk.web.requests import PersonRequest


@words_view
@require_safe
def board(request: PersonRequest, incident: Incident) -> HttpResponse:
    """Every statement by stage: state per language, approvals had and needed, where it is out."""
    here = Room(request, incident, clock.now())
    said = all_statements(incident, at=here.at, clocks=here.head.clocks)
    stages = [
        {"stage": stage, "statements": list(rows)}
        for stage, rows in groupby(said, key=lambda one: one.statement.stage)
    ]
    more = {
        "incident": incident,
        "stages": stages,
        "coverage": now.coverage(incident, now.as_said(said)) if said else [],
        "channels": list(Channel.objects.all()),
        "may_draft": may(request, "draft", incident),
    }
    page = context(here, tab="statements", **more)
    return render(request, "web/words/board.html", page)


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PersonRequest, incident: Incident) -> HttpResponse:
    """Add a statement; what it says is written in the editor."""
    form = StatementForm(
        request.POST or None,
        channels=Channel.objects.filter(key__in=incident.channels),
        languages=incident.languages,
        initial={
            "reader": request.LANGUAGE_CODE,
            "channels": incident.channels,
            "languages": incident.languages,
            "stage": Stage.UPDATE,
            "audience": "public",
        },
    )
    shown = {"form": form, "is_allowed": may(request, "draft", incident)}
    if not form.is_valid():
        return ask_page(request, "new", incident, shown, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        made = once(
            request,
            drafting.add_statement,
            incident_id=incident.pk,
            stage=Stage(given["stage"]),
            title=given["title"],
            channels=given["channels"],
            languages=given["languages"],
            audience=given["audience"],
        )
    except DomainError as error:
        add_refusal(form, error)
        return ask_page(request, "new", incident, shown, status=error.status)
    messages.success(request, _("Added. Now the words."))
    return redirect(statement_url(incident, made))
