"""The report tab: figures, the drawn axis, the post-mortem, actions, exports."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import lifecycle, reviewing, transitions
from crisisdesk.incidents.enums import Severity, Status
from crisisdesk.incidents.models import ActionItem
from crisisdesk.incidents.queries import review as queries
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.reports.domain import axis_story, figures, pdf
from crisisdesk.reports.domain.document import voice_for
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.queries.visibility import visible_to
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.review import ActionForm, PostmortemForm
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import press
from crisisdesk.web.views.room.frame import Room, context, room
from playbooks.queries.lessons import listed_lessons

_SHORT = (Severity.SEV3,)
_LINE = (Severity.SEV4,)


@login_required
def report(request: PersonRequest, reference: str) -> HttpResponse:
    """The tab."""
    return _page(room(request, reference))


def _page(
    here: Room,
    *,
    form: PostmortemForm | None = None,
    action: ActionForm | None = None,
    error: DomainError | None = None,
) -> HttpResponse:
    incident = here.incident
    review = queries.review_of(incident)
    source = Source(incident, here.at)
    voice = voice_for(incident, here.request.LANGUAGE_CODE)
    moves = transitions.NEXT[Status(incident.status)]
    page = context(
        here,
        tab="report",
        review=review,
        six=figures.six(source.figures, voice),
        axis=axis_story.axis_of(source, voice),
        form=form or _form(here),
        short=incident.severity in _SHORT,
        one_line=incident.severity in _LINE,
        lessons=_lessons(here),
        actions=list(
            ActionItem.objects.filter(incident=incident)
            .select_related("owner")
            .order_by("due_date")
        ),
        action_form=action
        or ActionForm(people=_people(here), initial={"key": secrets.token_urlsafe(12)}),
        reasons=transitions.can_move_to(incident, moves) if moves else [],
        reports=list(visible_to(here.request.user).filter(incident=incident)[:30]),
        pdf_ready=pdf.is_available(),
        error=error,
        typed=here.request.POST,
        export_languages=("en", "ar", "he"),
    )
    refused = error or (form and form.errors) or (action and action.errors)
    status = error.status if error else 422 if refused else 200
    return render(here.request, "web/review/report.html", page, status=status)


def _people(here: Room) -> Any:
    roles = (Role.LEAD, Role.STAFF, Role.APPROVER)
    return User.objects.filter(
        is_active=True, memberships__brand=here.incident.brand_id, memberships__role__in=roles
    ).distinct()


def _form(here: Room, data: Any = None) -> PostmortemForm:
    review = queries.review_of(here.incident)
    suggested = {} if review else queries.suggestions(here.incident, at=here.at)
    return PostmortemForm(
        data, review=review, suggested=suggested, short=here.incident.severity in _SHORT
    )


def _lessons(here: Room) -> list[dict[str, Any]]:
    """The library with this incident's own lessons first, and which are chosen."""
    review = queries.review_of(here.incident)
    first = queries.suggested_lessons(here.incident)
    chosen = (
        here.request.POST.getlist("lessons")
        if here.request.method == "POST"
        else (review.lessons if review else [])
    )
    rows = sorted(listed_lessons(), key=lambda lesson: (lesson.key not in first, lesson.position))
    return [{"lesson": lesson, "chosen": lesson.key in chosen} for lesson in rows]


def _back(reference: str, anchor: str = "") -> str:
    return reverse("web:incident-report", args=[reference]) + anchor


@login_required
@require_POST
def save(request: PersonRequest, reference: str) -> HttpResponse:
    """Keep the post-mortem as far as it is written, or sign it."""
    here = room(request, reference)
    form = _form(here, request.POST)
    if not form.is_valid():
        return _page(here, form=form)
    given: dict[str, Any] = dict(form.cleaned_data)
    version = given.pop("version")
    given["cause_known"] = given["cause_known"] != "no"
    given["lessons"] = request.POST.getlist("lessons")

    def command() -> object:
        saved = reviewing.save_postmortem(
            incident_id=here.incident.pk,
            fields=given,
            version=version,
            actor=here.actor,
            at=here.at,
        )
        return saved

    def refused(error: DomainError) -> HttpResponse:
        add_refusal(form, error)
        return _page(here, form=form, error=error)

    return press(here, command, back=_back(reference, "#post-mortem"), refused=refused)


@login_required
@require_POST
def sign(request: PersonRequest, reference: str) -> HttpResponse:
    """The lead signs the review as it is kept."""
    here = room(request, reference)
    version = request.POST.get("version", "")
    return press(
        here,
        lambda: reviewing.finalise_postmortem(
            incident_id=here.incident.pk,
            version=int(version) if version.isdecimal() else -1,
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#post-mortem"),
        refused=lambda error: _page(here, error=error),
    )


@login_required
@require_POST
def line(request: PersonRequest, reference: str) -> HttpResponse:
    """The one line that a SEV4 incident closes with."""
    here = room(request, reference)
    return press(
        here,
        lambda: lifecycle.set_closing_line(
            incident_id=here.incident.pk,
            line=request.POST.get("line", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#post-mortem"),
        refused=lambda error: _page(here, error=error),
    )


@login_required
@require_POST
def add_action(request: PersonRequest, reference: str) -> HttpResponse:
    """One more thing that will be done so that it does not return."""
    here = room(request, reference)
    form = ActionForm(request.POST, people=_people(here))
    if not form.is_valid():
        return _page(here, action=form)
    given = form.cleaned_data

    def refused(error: DomainError) -> HttpResponse:
        add_refusal(form, error)
        return _page(here, action=form, error=error)

    return press(
        here,
        lambda: reviewing.add_action_item(
            incident_id=here.incident.pk,
            text=given["text"],
            owner=given["owner"],
            due_date=given["due_date"],
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#actions"),
        refused=refused,
    )


@login_required
@require_POST
def finish_action(request: PersonRequest, reference: str, action_id: int) -> HttpResponse:
    """Done."""
    here = room(request, reference)
    version = request.POST.get("version", "")
    return press(
        here,
        lambda: reviewing.finish_action_item(
            action_id=action_id,
            version=int(version) if version.isdecimal() else 0,
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#actions"),
        refused=lambda error: _page(here, error=error),
    )
