"""Words that go out without approval in an emergency, and the look back at that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text
from crisisdesk.incidents.domain import publishing
from crisisdesk.incidents.queries import statements
from crisisdesk.incidents.queries.approvers import authors_of
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.words import OverrideForm
from crisisdesk.web.views.words.gate import ask_page, may, once, statement_url, words_view
from crisisdesk.web.views.words.posting import read
from playbooks.domain.lesson_book import read_book

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.incidents.models import Incident, StatementRevision
    from crisisdesk.organisation.models import Channel
    from crisisdesk.web.requests import PersonRequest


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def override(
    request: PersonRequest, incident: Incident, revision_id: int, channel: str
) -> HttpResponse:
    """The lead, not the author, records words that went out unapproved, with the reason."""
    revision, place, accounts = read(incident, revision_id, channel)
    form = OverrideForm(request.POST or None, accounts=accounts)
    if not form.is_valid():
        return _page(request, incident, revision, place, form, 422 if form.is_bound else 200)
    try:
        once(
            request,
            publishing.override_publication,
            revision_id=revision.pk,
            channel=channel,
            posting=form.posting(link_to_follow="follow" in request.POST),
            reason=form.cleaned_data["reason"],
        )
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, incident, revision, place, form, error.status)
    messages.success(request, _("On record, with the reason. A review is due within a day."))
    return redirect(statement_url(incident, revision.statement_id, revision.language))


def _page(
    request: PersonRequest,
    incident: Incident,
    revision: StatementRevision,
    place: Channel,
    form: OverrideForm,
    status: int,
) -> HttpResponse:
    own = request.user.pk in authors_of(revision.statement_language)
    context = {
        "revision": revision,
        "statement": revision.statement,
        "channel": place,
        "form": form,
        "is_own": own,
        "book": read_book(),
        "is_allowed": may(request, "override", incident) and not own,
    }
    return ask_page(request, "override", incident, context, status=status)


@words_view
@require_POST
def review(request: PersonRequest, incident: Incident, publication_id: int) -> HttpResponse:
    """What was learnt from words that went out without approval, in a line."""
    row = statements.publication_of(incident, publication_id)
    note = request.POST.get("note", "")
    try:
        once(request, publishing.review_override, publication_id=row.pk, note=note)
    except DomainError as error:
        context = {
            "publication": row,
            "statement": row.statement,
            "note": note,
            "error": error_text(error),
        }
        return ask_page(request, "review", incident, context, status=error.status)
    messages.success(request, _("The review is on record."))
    return redirect(statement_url(incident, row.statement_id, row.language))
