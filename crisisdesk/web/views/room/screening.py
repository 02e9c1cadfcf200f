"""The answers that shape the plan, and where and in which languages we speak."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.core.languages import CHOICES
from crisisdesk.incidents.domain import reach as reaching
from crisisdesk.incidents.domain import screening
from crisisdesk.incidents.models import ScreeningQuestion
from crisisdesk.organisation.models import Channel
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import room


@login_required
@require_POST
def answer(request: PersonRequest, reference: str, screening_id: int) -> HttpResponse:
    """Yes, no or not known yet, in one press; leads back to where it was pressed."""
    here = room(request, reference)
    if not ScreeningQuestion.objects.filter(incident=here.incident, pk=screening_id).exists():
        raise Http404
    page = "incident-checklists" if request.POST.get("tab") == "checklists" else "incident"
    return press(
        here,
        lambda: screening.answer_screening_question(
            question_id=screening_id,
            answer=request.POST.get("answer", ""),
            expected=request.POST.get("expected", ""),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse(f"web:{page}", args=[reference]) + f"#screening-{screening_id}",
        refused=lambda error: ask(here, "web/room/refused.html", error=error),
    )


@login_required
def reach(request: PersonRequest, reference: str) -> HttpResponse:
    """Channels in use and languages, changed while the incident runs; the plan follows."""
    here = room(request, reference)
    if request.method == "GET" and not here.may["change_reach"]:
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        typed = request.method == "POST" and not (error and error.status == 409)
        return ask(
            here,
            "web/room/reach.html",
            error=error,
            channels=[
                (row.key, row.name_in(request.LANGUAGE_CODE))
                for row in Channel.objects.order_by("position", "pk")
            ],
            languages=CHOICES,
            chosen=request.POST.getlist("channels") if typed else here.incident.channels,
            spoken=request.POST.getlist("languages") if typed else here.incident.languages,
        )

    if request.method != "POST":
        return page()
    return press(
        here,
        lambda: reaching.change_reach(
            incident_id=here.incident.pk,
            channels=request.POST.getlist("channels"),
            languages=request.POST.getlist("languages"),
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident-checklists", args=[reference]),
        refused=page,
    )
