"""The shelf: playbooks to read before they are needed, and acknowledgements to sign in peacetime."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible
from crisisdesk.core.words import error_text
from crisisdesk.organisation.models import Brand, BrandLanguage
from crisisdesk.organisation.queries.visibility import brands_visible_to
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.shelf import reviews
from crisisdesk.web.views.shelf.finding import SHARED, brands_written_by, read_address, shelved
from crisisdesk.web.views.shelf.reading import Reading
from playbooks.domain.content import Content, parse
from playbooks.domain.lesson_book import read_book
from playbooks.domain.presigning import presigned_texts, sign_acknowledgement, withdraw_signature
from playbooks.enums import Stage
from playbooks.queries import lessons, shelf
from playbooks.queries.drafts import drafts_open_to
from playbooks.rules import is_signatory, may_write


@login_required
def playbooks(request: PersonRequest) -> HttpResponse:
    """What stands on the shelf, with when to take it."""
    rows = [
        {"shelved": each, "content": parse(each.revision), "href": read_address(each.playbook)}
        for each in shelf.published(request.user)
    ]
    context = {"nav": "playbooks", "rows": rows, "writes": brands_written_by(request.user)}
    context["drafts"] = list(drafts_open_to(request.user))
    return render(request, "web/desk/playbooks.html", context)


@login_required
def playbook(request: PersonRequest, slug: str) -> HttpResponse:
    """One playbook as it will be copied into an incident."""
    return _page(request, shelved(request, slug))


def _page(
    request: PersonRequest, found: shelf.Shelved, *, refused: DomainError | None = None
) -> HttpResponse:
    content = parse(found.revision)
    language = (get_language() or "en")[:2]
    context = {
        "nav": "playbooks",
        "shelved": found,
        "owner": found.playbook.brand.key if found.playbook.brand else SHARED,
        "may_write": may_write(request.actor, found.playbook.brand_id),
        "writes": brands_written_by(request.user),
        "content": content,
        "reading": Reading(content),
        "avoid": content.avoid.get(language, ()),
        "first_facts": content.first_facts.get(language, ()),
        "sources": lessons.sources_by_key(),
        "lessons": lessons.lessons_by_key(content.lessons).values(),
        "book": read_book(),
        "signing": [
            row
            for brand in brands_visible_to(request.user)
            for row in _signing(request, found, content, brand)
        ],
        "reviews": reviews.boards(request, found.playbook.pk, content, at=clock.now()),
        "refused": refused,
        "typed": request.POST,
    }
    status = refused.status if refused else 200
    return render(request, "web/desk/playbook.html", context, status=status)


def _signing(
    request: PersonRequest, found: shelf.Shelved, content: Content, brand: Brand
) -> list[dict[str, Any]]:
    """Which acknowledgements are signed for the brand, by whom, and where the reader may sign or withdraw."""
    signed = {
        (row.statement_key, row.language): row for row in presigned_texts(found.revision, brand)
    }
    names = {row.language: row for row in BrandLanguage.objects.filter(brand=brand)}
    rows = []
    for statement in content.statements_for(Stage.ACKNOWLEDGEMENT):
        for language in brand.languages:
            held = signed.get((statement.key, language))
            rows.append(
                {
                    "brand": brand,
                    "statement": statement,
                    "language": language,
                    "text": statement.text[language],
                    "signed": held,
                    "signer": held.approver if held else None,
                    "may": is_signatory(request.actor, names.get(language))
                    and request.user.can_read(language),
                }
            )
    return rows


@login_required
@require_POST
def sign(request: PersonRequest, slug: str) -> HttpResponse:
    """Sign an acknowledgement's words in one language, or take the signature back."""
    found = shelved(request, slug)
    given, at = request.POST, clock.now()
    try:
        if given.get("withdraw", "").isdecimal():
            withdraw_signature(presigned_id=int(given["withdraw"]), actor=request.actor, at=at)
            messages.info(request, gettext("The signature is taken back."))
        else:
            sign_acknowledgement(
                revision_id=found.revision.pk,
                brand_id=int(given.get("brand", "0") or 0),
                statement_key=given.get("statement", ""),
                language=given.get("language", ""),
                actor=request.actor,
                at=at,
            )
            messages.info(
                request,
                gettext("Signed. With only facts filled in, these words may be posted at once."),
            )
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error_text(error))
    return redirect(read_address(found.playbook))


@login_required
@require_POST
def review(request: PersonRequest, slug: str) -> HttpResponse:
    """Say of the ticked parts that they are still right, set their day, or give them to somebody."""
    found, at = shelved(request, slug), clock.now()
    try:
        command, said = reviews.press(request, at=at)
        press_once(request, command, at=at)
    except NotVisible as error:
        raise Http404 from error
    except NotAllowed as error:
        raise PermissionDenied from error
    except DomainError as error:
        return _page(request, found, refused=error)
    messages.success(request, said)
    return redirect(f"{read_address(found.playbook)}#review")
