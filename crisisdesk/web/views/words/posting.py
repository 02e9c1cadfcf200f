"""Copy and post: one person has the text for five minutes, then says where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crisisdesk.core import clock, counting
from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.incidents.domain import publishing
from crisisdesk.incidents.enums import PublicationState, RevisionState
from crisisdesk.incidents.queries import statements
from crisisdesk.organisation.models import Channel, OfficialAccount
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.words import PostingForm
from crisisdesk.web.views.words.gate import ask_page, may, once, statement_url, words_view
from playbooks.domain.lesson_book import read_book

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.incidents.models import Incident, Publication, StatementRevision
    from crisisdesk.web.requests import PersonRequest


@words_view
@require_http_methods(["GET", "HEAD", "POST"])
def post(
    request: PersonRequest, incident: Incident, revision_id: int, channel: str
) -> HttpResponse:
    """The words to copy and the place for the link; POST records that they are out."""
    revision, place, accounts = read(incident, revision_id, channel)
    pasted = {"url": request.GET.get("url", "")}
    form = PostingForm(request.POST or None, accounts=accounts, initial=pasted)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return _page(request, incident, revision, place, accounts, form, status=status)
    posting = form.posting(link_to_follow="follow" in request.POST)
    try:
        once(
            request,
            publishing.record_publication,
            revision_id=revision.pk,
            channel=channel,
            posting=posting,
        )
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, incident, revision, place, accounts, form, status=error.status)
    messages.success(request, _("On record. The clocks that it meets have stopped."))
    return redirect(statement_url(incident, revision.statement_id, revision.language))


@words_view
@require_POST
def claim(
    request: PersonRequest, incident: Incident, revision_id: int, channel: str
) -> HttpResponse:
    """Take the text for this channel for five minutes, or take it over from who has it; a link that was pasted
    already comes along."""
    revision, place, accounts = read(incident, revision_id, channel)
    try:
        once(
            request,
            publishing.claim_posting,
            revision_id=revision.pk,
            channel=channel,
            take_over="take_over" in request.POST,
        )
    except DomainError as error:
        form = PostingForm(accounts=accounts)
        return _page(
            request, incident, revision, place, accounts, form, refused=error, status=error.status
        )
    page = reverse("web:post", args=[incident.reference, revision.pk, channel])
    pasted = request.POST.get("url", "").strip()
    return redirect(f"{page}?{urlencode({'url': pasted})}" if pasted else page)


@words_view
@require_POST
def release(
    request: PersonRequest, incident: Incident, revision_id: int, channel: str
) -> HttpResponse:
    """Give the text back without having posted it."""
    revision = statements.revision_of(incident, revision_id)
    row = statements.posting(revision, channel)
    if row is None:
        raise NotVisible
    publishing.release_posting(publication_id=row.pk, actor=request.actor, at=clock.now())
    messages.success(request, _("Given back. Anybody may post it now."))
    return redirect(statement_url(incident, revision.statement_id, revision.language))


@words_view
@require_POST
def add_link(request: PersonRequest, incident: Incident, publication_id: int) -> HttpResponse:
    """Add the link of a post that was recorded without one."""
    row = statements.publication_of(incident, publication_id)
    revision, place, accounts = read(incident, row.revision_id, row.channel)
    try:
        once(
            request,
            publishing.add_publication_link,
            publication_id=row.pk,
            url=request.POST.get("url", ""),
        )
    except DomainError as error:
        form = PostingForm(request.POST, accounts=accounts)
        add_refusal(form, error)
        return _page(request, incident, revision, place, accounts, form, status=error.status)
    messages.success(request, _("The link is on record."))
    return redirect(statement_url(incident, row.statement_id, row.language))


def read(
    incident: Incident, revision_id: int, channel: str
) -> tuple[StatementRevision, Channel, list[OfficialAccount]]:
    """Return the text, the channel and our accounts there, or raise NotVisible."""
    revision = statements.revision_of(incident, revision_id)
    place = get_object_or_404(Channel, key=channel)
    accounts = OfficialAccount.objects.filter(brand=incident.brand_id, channel=place)
    return revision, place, list(accounts.order_by("pk"))


def _page(
    request: PersonRequest,
    incident: Incident,
    revision: StatementRevision,
    place: Channel,
    accounts: list[OfficialAccount],
    form: PostingForm,
    *,
    refused: DomainError | None = None,
    status: int,
) -> HttpResponse:
    now = clock.now()
    row = statements.posting(revision, place.key)
    context = {
        "revision": revision,
        "statement": revision.statement,
        "newest": statements.newest_revision(revision),
        "channel": place,
        "account": accounts[0] if accounts else None,
        "form": form,
        "row": row,
        "held": _holder(row, request, now),
        "count": counting.count(
            revision.text, place.counting, place.link_length, limit=place.limit
        ),
        "is_approved": revision.state == RevisionState.APPROVED,
        "may_publish": may(request, "publish", incident),
        "may_override": may(request, "override", incident),
        "refused": refused,
        "book": read_book,  # read only where a gate is shown
        "more_open": bool(form.errors) and set(form.errors) - {"url"},
    }
    return ask_page(request, "post", incident, context, status=status)


def _holder(row: Publication | None, request: PersonRequest, now: Any) -> str:
    """Return who has the text for this channel: nobody, mine, other, or that it is out already."""
    if row is None:
        return "nobody"
    if row.state == PublicationState.PUBLISHED:
        return "out"
    if row.state != PublicationState.CLAIMED or not row.claimed_until or row.claimed_until <= now:
        return "nobody"
    return "mine" if row.claimed_by_id == request.user.pk else "other"
