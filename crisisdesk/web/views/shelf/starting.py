"""A playbook begins and a draft ends: new, copied, published, thrown away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Invalid, NotVisible, Stale
from crisisdesk.core.words import error_text
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.shelf.editor import editor_address, page_context, writer_view
from crisisdesk.web.views.shelf.fields import Faults
from crisisdesk.web.views.shelf.finding import brands_written_by, read_address
from playbooks.domain import drafting, publishing
from playbooks.domain.content import parse
from playbooks.domain.desk_checks import PlaybookRefused
from playbooks.domain.sharing import shared_texts
from playbooks.models import Playbook
from playbooks.queries import shelf
from playbooks.queries.drafts import drafts_open_to


@login_required
def new(request: PersonRequest) -> HttpResponse:
    """Begin a playbook: empty, or as a copy of one on the shelf."""
    brands = brands_written_by(request.user)
    if not brands:
        raise Http404
    error: DomainError | None = None
    if request.method == "POST":
        made: list[int] = []
        brand = next((row for row in brands if row.key == request.POST.get("brand")), None)
        source = request.POST.get("source", "")
        try:
            if brand is None:
                raise Invalid("no_such_brand", field="brand")
            chosen = brand.pk

            def command() -> None:
                draft = drafting.start_playbook(
                    brand_id=chosen,
                    slug=request.POST.get("slug", ""),
                    title=request.POST.get("title", ""),
                    language=request.POST.get("language", ""),
                    from_revision=int(source) if source.isdecimal() else None,
                    actor=request.actor,
                    at=clock.now(),
                )
                made.append(draft.playbook_id)

            press_once(request, command, at=clock.now())
            return redirect(editor_address(made[0]) if made else reverse("web:playbooks"))
        except NotVisible as refused:
            raise Http404 from refused
        except DomainError as refused:
            error = refused
    given = request.POST if request.method == "POST" else request.GET
    context = {
        "nav": "playbooks",
        "brands": brands,
        "given": given,
        "brand": given.get("brand") or brands[0].key,
        "language_now": given.get("language") or (get_language() or "en")[:2],
        "error": error,
        "sources": [
            {"shelved": each, "content": parse(each.revision)}
            for each in shelf.published(request.user)
        ],
    }
    return render(request, "web/shelf/new.html", context, status=error.status if error else 200)


@writer_view
def publish(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """What still stands in the way, and the note; POST makes the draft the next revision."""
    draft = drafts_open_to(request.user).filter(playbook=playbook).first()
    if draft is None:
        return redirect(read_address(playbook))
    error: DomainError | None = None
    if request.method == "POST":
        over = request.POST.get("over", "")
        try:
            made = publishing.publish_draft(
                playbook_id=playbook.pk,
                version=typed_version(request),
                note=request.POST.get("note", ""),
                over=int(over) if over.isdecimal() else None,
                actor=request.actor,
                at=clock.now(),
            )
            said = gettext("Published as revision %(number)s. Running incidents keep their plan.")
            messages.success(request, said % {"number": made.number})
            return redirect(read_address(playbook))
        except DomainError as refused:
            error = refused
            draft = drafts_open_to(request.user).filter(playbook=playbook).first() or draft
    others = [row for row in shelf.published(request.user) if row.playbook.pk != playbook.pk]
    context: dict[str, Any] = page_context(draft, "about", "")
    context |= {
        "faults": Faults((*context["faults"].all, *shared_texts(draft.content, others))),
        "error": error,
        "note": request.POST.get("note", ""),
        "newest": shelf.newest_revision(playbook),
        "refused": isinstance(error, PlaybookRefused),
    }
    return render(request, "web/shelf/publish.html", context, status=error.status if error else 200)


@writer_view
@require_POST
def discard(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """Throw the draft away; what is published stays."""
    try:
        kept = drafting.discard_draft(
            playbook_id=playbook.pk,
            version=typed_version(request),
            actor=request.actor,
            at=clock.now(),
        )
    except Stale as error:
        messages.error(request, error_text(error))
        return redirect("web:playbook-publish", playbook.pk)
    except DomainError as error:
        messages.error(request, error_text(error))
        return redirect("web:playbooks")
    messages.success(request, gettext("The draft is thrown away."))
    return redirect(read_address(kept) if kept.pk else reverse("web:playbooks"))
