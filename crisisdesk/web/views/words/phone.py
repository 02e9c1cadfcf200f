"""Approvals given by voice or message, and the approver who does not answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import approving, chasing
from crisisdesk.incidents.queries import statements
from crisisdesk.incidents.queries.approvers import authors_of, people_to_ask
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.words import PhoneForm
from crisisdesk.web.views.words.approve import approve_page
from crisisdesk.web.views.words.gate import ask_page, may, once, statement_url, words_view

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Incident, StatementRevision
    from crisisdesk.web.requests import PersonRequest


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def by_phone(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """Record who said yes, when and how; it is marked until that person confirms it."""
    revision = statements.revision_of(incident, revision_id)
    authors = authors_of(revision.statement_language)
    people = people_to_ask(incident, revision.language, authors=authors)
    form = PhoneForm(
        request.POST or None,
        request.FILES or None,
        people=people,
        reader=request.LANGUAGE_CODE,
        initial={"approver": revision.asked_id},
    )
    if not form.is_valid():
        return _page(request, incident, revision, form, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        once(
            request,
            approving.record_phone_approval,
            revision_id=revision.pk,
            approver=next(person for person in people if person.pk == given["approver"]),
            said_at=given["said_at"] or clock.now(),
            comment=given["comment"],
            proof=given["proof"],
        )
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, incident, revision, form, status=error.status)
    messages.success(request, _("Recorded: by phone, to be confirmed."))
    page = statement_url(incident, revision.statement_id, revision.language)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": page})
    return redirect(page)


def _page(
    request: PersonRequest,
    incident: Incident,
    revision: StatementRevision,
    form: PhoneForm,
    *,
    status: int,
) -> HttpResponse:
    own = request.user.pk in authors_of(revision.statement_language)
    context: dict[str, Any] = {
        "revision": revision,
        "statement": revision.statement,
        "form": form,
        "is_allowed": may(request, "record_phone_approval", incident) and not own,
        "is_own": own,
    }
    return ask_page(request, "phone", incident, context, status=status)


@words_view
@require_POST
def confirm(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """The approver says in the desk what was said by phone."""
    revision = statements.revision_of(incident, revision_id)
    mine = next(
        (row for row in statements.answers_to(revision) if row.approver_id == request.user.pk), None
    )
    try:
        once(request, approving.confirm_phone_approval, approval_id=mine.pk if mine else 0)
    except DomainError as error:
        return approve_page(request, incident, revision, refused=error)
    messages.success(request, _("Confirmed. It now counts as your own answer."))
    return redirect("web:approve", incident.reference, revision.pk)


@words_view
@require_POST
def chase(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """The lead has called the approver: reached, or no answer, which asks the deputy."""
    revision = statements.revision_of(incident, revision_id)
    reached = request.POST.get("reached") == "yes"
    try:
        once(request, chasing.chase_approver, revision_id=revision.pk, reached=reached)
    except DomainError as error:
        return approve_page(request, incident, revision, refused=error)
    said = _("Noted: reached.") if reached else _("Noted: no answer. The deputy has been asked.")
    messages.success(request, said)
    return redirect(statement_url(incident, revision.statement_id, revision.language))
