"""A playbook leaves and enters as one .zip of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Invalid, NotVisible
from crisisdesk.notifications.rules.bidi import isolate
from crisisdesk.organisation.models import Brand
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.shelf.finding import brands_written_by, read_address, shelved
from playbooks.domain.archive import MOST_BYTES, pack
from playbooks.domain.desk_checks import PlaybookRefused
from playbooks.domain.fault_words import fault_text
from playbooks.domain.importing import Imported, import_playbook
from playbooks.queries.shelf import revisions_of

if TYPE_CHECKING:
    from playbooks.domain.yaml_files import Fault

_MB = 1024 * 1024
_MOST_REMARKS = 5


@login_required
@require_safe
def export(request: PersonRequest, slug: str) -> HttpResponse:
    """Download the playbook, or one of its older revisions, as it is written in files."""
    found = shelved(request, slug)
    revision = found.revision
    asked = request.GET.get("revision", "")
    if asked:
        number = int(asked) if asked.isdecimal() and len(asked) < 8 else 0
        older = revisions_of(request.user, found.playbook.pk).filter(number=number).first()
        if older is None:
            raise Http404
        revision = older
    answer = HttpResponse(pack(revision.content), content_type="application/zip")
    answer["Content-Disposition"] = content_disposition_header(
        True, f"{slug}-{revision.number}.zip"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
def import_page(request: PersonRequest) -> HttpResponse:
    """Bring a playbook in from a file; a file with faults is explained line by line and changes nothing."""
    brands = brands_written_by(request.user)
    if not brands:
        raise Http404
    if request.method != "POST":
        return _page(request, brands)
    brand = next((row for row in brands if row.key == request.POST.get("brand")), None)
    made: list[Imported] = []
    try:
        if brand is None:
            raise Invalid("no_such_brand", field="brand")
        raw = _upload(request)

        def command() -> None:
            made.append(
                import_playbook(
                    raw,
                    brand_id=brand.pk,
                    note=request.POST.get("note", ""),
                    actor=request.actor,
                    at=clock.now(),
                )
            )

        press_once(request, command, at=clock.now())
    except PlaybookRefused as error:
        return _page(request, brands, error=error, faults=error.faults, status=error.status)
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        return _page(request, brands, error=error, status=error.status)
    for done in made:
        messages.success(request, _sentence(done))
        if done.warnings:
            messages.warning(request, _remarks(done.warnings))
        return redirect(read_address(done.playbook))
    return redirect(reverse("web:playbooks"))


def _upload(request: PersonRequest) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("archive_missing", field="file")
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("file_too_large", field="file", limit_mb=MOST_BYTES // _MB)
    return file.read()


def _sentence(done: Imported) -> str:
    if not done.is_new:
        return gettext("The playbook says exactly this already; nothing was changed.")
    return gettext("Imported as revision %(number)s.") % {"number": done.revision.number}


def _remarks(warnings: tuple[Fault, ...]) -> str:
    """Return what was not in the way but deserves another look, the first few by file and line."""
    said = ngettext(
        "%(count)s place to look at again:", "%(count)s places to look at again:", len(warnings)
    ) % {"count": len(warnings)}
    places = [
        f"{isolate(f'{fault.path}:{fault.line}', 'ltr')} {fault_text(fault)}"
        for fault in warnings[:_MOST_REMARKS]
    ]
    more = len(warnings) - _MOST_REMARKS
    if more > 0:
        places.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    return " ".join([said, *places])


def _page(
    request: PersonRequest,
    brands: list[Brand],
    *,
    error: DomainError | None = None,
    faults: tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "nav": "playbooks",
        "brands": brands,
        "chosen": request.POST.get("brand") or brands[0].key,
        "note": request.POST.get("note", ""),
        "error": error,
        "faults": faults,
    }
    return render(request, "web/shelf/import.html", context, status=status)
