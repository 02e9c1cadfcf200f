"""The approver's screen: the exact words, what changed in them, and two buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import approving
from crisisdesk.incidents.enums import ApprovalHow, RevisionState
from crisisdesk.incidents.queries import statements
from crisisdesk.organisation.models import Channel
from crisisdesk.web.views.words.gate import ask_page, may, once, statement_url, words_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.incidents.models import Incident, StatementRevision
    from crisisdesk.web.requests import PersonRequest


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """Show the words to be approved; POST approves exactly the words that were shown."""
    revision = statements.revision_of(incident, revision_id)
    if request.method != "POST":
        return approve_page(request, incident, revision)
    try:
        once(
            request,
            approving.approve,
            revision_id=revision.pk,
            text_hash=request.POST.get("text_hash", "") or "-",
        )
    except DomainError as error:
        return approve_page(request, incident, revision, refused=error)
    messages.success(request, _("Approved. Whoever asked has been told."))
    return redirect("web:approve", incident.reference, revision.pk)


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """Ask what must change; POST returns the words to their author with that."""
    revision = statements.revision_of(incident, revision_id)
    if request.method != "POST":
        return approve_page(request, incident, revision, backing=True)
    comment = request.POST.get("comment", "")
    try:
        once(
            request,
            approving.send_back,
            revision_id=revision.pk,
            comment=comment,
            text_hash=request.POST.get("text_hash", "") or "-",
        )
    except DomainError as error:
        return approve_page(
            request, incident, revision, refused=error, backing=True, comment=comment
        )
    messages.success(request, _("Sent back. The author has been told what must change."))
    return redirect("web:approve", incident.reference, revision.pk)


@words_view
@require_POST
def take_back(request: PersonRequest, incident: Incident, revision_id: int) -> HttpResponse:
    """End the asking: whoever wrote or sent the words, or the lead, goes on writing."""
    revision = statements.revision_of(incident, revision_id)
    try:
        once(request, approving.take_back, revision_id=revision.pk)
    except DomainError as error:
        return approve_page(request, incident, revision, refused=error)
    messages.success(request, _("Taken back. Whoever was asked has been told."))
    return redirect(statement_url(incident, revision.statement_id, revision.language))


def approve_page(
    request: PersonRequest,
    incident: Incident,
    revision: StatementRevision,
    *,
    refused: DomainError | None = None,
    **more: Any,
) -> HttpResponse:
    """Render the screen as things stand now, whatever was refused."""
    if refused is not None:
        revision = statements.revision_of(incident, revision.pk)
    reader = request.user
    newest, authors = statements.newest_and_authors(revision)
    said = statements.answers_to(revision)
    spoken = [code for code in (reader.language, *reader.reads) if reader.can_read(code)]
    clock = statements.answer_clock(revision)
    channels = Channel.objects.in_bulk(revision.statement.channels, field_name="key")
    context = {
        "revision": revision,
        "statement": revision.statement,
        "newest": newest,
        "said": said,
        "mine": next((row for row in said if row.approver_id == reader.pk), None),
        "compared": statements.compared_with(revision, reader_id=reader.pk),
        "gloss": next(iter(statements.glosses(revision, spoken)), None),
        "answer": clock,
        "next_asked": revision.deputy if clock and not revision.deputy_asked_at else None,
        "channels": [channels[key] for key in revision.statement.channels if key in channels],
        "standing": _standing(request, incident, revision, newest.pk, authors, said),
        "may_record": may(request, "record_phone_approval", incident)
        and revision.state == RevisionState.IN_REVIEW
        and reader.pk not in authors,
        "may_chase": may(request, "chase_approver", incident)
        and revision.state == RevisionState.IN_REVIEW,
        "refused": refused,
        "zone_of_reader": reader.zone,
    }
    status = refused.status if refused else 200
    return ask_page(request, "approve", incident, context | more, status=status)


def _standing(
    request: PersonRequest,
    incident: Incident,
    revision: StatementRevision,
    newest: int,
    authors: set[int],
    said: list[Any],
) -> str:
    """Return in one word whether this reader may answer now, or why not, the first reason first."""
    reader = request.user
    if newest != revision.pk:
        return "older"
    unconfirmed = any(
        row.approver_id == reader.pk
        and row.how == ApprovalHow.BY_PHONE
        and row.confirmed_at is None
        for row in said
    )
    if unconfirmed:
        return "to_confirm"
    if revision.state != RevisionState.IN_REVIEW:
        return str(revision.state)
    if not incident.is_open:
        return "ended"
    if any(row.approver_id == reader.pk for row in said):
        return "answered"
    if reader.pk in authors:
        return "own_text"
    if not may(request, "approve", incident):
        return "not_asked"
    if not reader.can_read(revision.language):
        return "unread"
    return "decide"
