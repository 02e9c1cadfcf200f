"""Small presses of the Now tab: roles, facts, questions."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import notebook, roles
from crisisdesk.incidents.models import Fact, Question
from crisisdesk.organisation.models import Channel, OfficialAccount
from crisisdesk.organisation.queries.visibility import people_visible_to
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import Room, room


def _home(here: Room, anchor: str = "") -> str:
    return reverse("web:incident", args=[here.incident.reference]) + anchor


@login_required
@require_POST
def role(request: PersonRequest, reference: str) -> HttpResponse:
    """Take a free role, or give one to somebody."""
    here = room(request, reference)
    user = request.POST.get("user", "")
    person = (
        people_visible_to(request.user).filter(pk=int(user)).first() if user.isdecimal() else None
    )
    if person is None:
        raise Http404
    return press(
        here,
        lambda: roles.assign_role(
            incident_id=here.incident.pk,
            role=request.POST.get("role", ""),
            user=person,
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here, "#now-duty"),
        refused=lambda error: ask(here, "web/room/refused.html", error=error),
    )


@login_required
def fact(request: PersonRequest, reference: str, fact_id: int) -> HttpResponse:
    """Settle, reword or withdraw a fact."""
    here = room(request, reference)
    row = Fact.objects.filter(incident=here.incident, pk=fact_id).first()
    if row is None or (request.method == "GET" and not here.may["work"]):
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(here, "web/room/fact.html", error=error, fact=row)

    if request.method != "POST":
        return page()
    given = request.POST
    return press(
        here,
        lambda: notebook.change_fact(
            fact_id=fact_id,
            version=typed_version(request),
            text=given.get("text", ""),
            is_known=given.get("known") == "yes",
            is_withdrawn=given.get("do") == "withdraw",
            actor=here.actor,
            at=here.at,
        ),
        back=_home(here, "#now-known"),
        refused=page,
    )


@login_required
def question(request: PersonRequest, reference: str, question_id: int) -> HttpResponse:
    """Answer a question, take it private with the right line for its channel, close it in public."""
    here = room(request, reference)
    row = Question.objects.filter(incident=here.incident, pk=question_id).first()
    if row is None:
        raise Http404

    def page(error: DomainError | None = None) -> HttpResponse:
        return ask(
            here, "web/room/question.html", error=error, question=row, **_private_line(here, row)
        )

    if request.method != "POST":
        return page()
    given = request.POST
    same: dict[str, Any] = {
        "question_id": question_id,
        "version": typed_version(request),
        "actor": here.actor,
        "at": here.at,
    }

    def command() -> Any:
        if given.get("do") == "private":
            return notebook.take_private(**same)
        if given.get("do") == "close":
            return notebook.post_closing_line(url=given.get("closing_url", ""), **same)
        return notebook.answer_question(
            answer=given.get("answer", ""), url=given.get("url", ""), **same
        )

    back = reverse("web:question", args=[reference, question_id])
    return press(here, command, back=back, refused=page)


def _private_line(here: Room, row: Question) -> dict[str, Any]:
    """The line that invites the asker to write in private, in their language, and what the channel needs first."""
    account = (
        OfficialAccount.objects.filter(brand=here.incident.brand_id, channel__key=row.channel)
        .select_related("channel")
        .first()
    )
    if account is None:
        found = Channel.objects.filter(key=row.channel).first()
        return {
            "route": found.private_route_in(here.request.LANGUAGE_CODE) if found else "",
            "line": "",
        }
    line = f"{account.contact_line_in(row.language)}\n{account.contact_url}".strip()
    return {"route": account.channel.private_route_in(here.request.LANGUAGE_CODE), "line": line}
