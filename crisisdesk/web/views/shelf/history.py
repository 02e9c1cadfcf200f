"""The history of a playbook: its revisions, what differs between any two, and one of them brought back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.shelf.choices import Offer, label_of
from crisisdesk.web.views.shelf.editor import writer_view
from crisisdesk.web.views.shelf.fields import shown
from crisisdesk.web.views.shelf.finding import SHARED, shelved
from crisisdesk.web.views.shelf.parts import PARTS
from playbooks.domain import publishing
from playbooks.domain.comparing import Change, RowChange, compare
from playbooks.domain.desk_checks import PlaybookRefused
from playbooks.domain.places import PLACES
from playbooks.models import Playbook, PlaybookRevision
from playbooks.queries.drafts import drafts_open_to
from playbooks.queries.shelf import revisions_of
from playbooks.rules import may_write

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Line:
    """One changed place as it is read."""

    label: str
    language: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Block:
    """One row with its changed places, and what it is called."""

    part: str
    name: str
    kind: str
    lines: tuple[Line, ...]


@login_required
@require_safe
def history(request: PersonRequest, slug: str) -> HttpResponse:
    """Every revision with its note; ?from=&to= compares two of them, the newest with the one before by default."""
    found = shelved(request, slug)
    rows = list(
        revisions_of(request.user, found.playbook.pk).select_related("author").order_by("-number")
    )
    numbers = [str(row.number) for row in rows]
    draft = drafts_open_to(request.user).filter(playbook=found.playbook).first()
    newest = numbers[0]
    to = request.GET.get("to") or (DRAFT if request.GET.get("from") == newest and draft else newest)
    since = request.GET.get("from") or (numbers[1] if len(numbers) > 1 else newest)
    sides = [_content(found.playbook, name, draft) for name in (since, to)]
    if None in sides:
        raise Http404
    context = {
        "nav": "playbooks",
        "shelved": found,
        "owner": found.playbook.brand.key if found.playbook.brand else SHARED,
        "rows": rows,
        "draft": draft,
        "since": since,
        "to": to,
        "blocks": blocks(sides[0] or {}, sides[1] or {}),
        "may_write": may_write(request.actor, found.playbook.brand_id),
    }
    return render(request, "web/shelf/history.html", context)


def _content(playbook: Playbook, name: str, draft: Any) -> dict[str, Any] | None:
    if name == DRAFT:
        return draft.content if draft else None
    if not name.isdecimal() or len(name) > 8:
        return None
    row = PlaybookRevision.objects.filter(playbook=playbook, number=int(name)).first()
    return row.content if row else None


def blocks(
    old: dict[str, Any], new: dict[str, Any], *, without_added: Container[str] = ()
) -> list[tuple[str, list[Block]]]:
    """Return what changed, part by part, in the reader's words; rows added to the named parts are left out."""
    offer = Offer(new)
    offers = offer, offer.of(old)
    found: dict[str, list[Block]] = {}
    for row in compare(old, new):
        if row.kind == "added" and row.part in without_added:
            continue
        found.setdefault(_part_word(row), []).append(_block(row, offers))
    return list(found.items())


def _part_word(row: RowChange) -> str:
    homes = {
        "first_facts": "first",
        "reminders": "approval",
        "escalation": "approval",
        "lanes": "approval",
    }
    return str(PARTS[homes.get(row.part, row.part)])


def _block(row: RowChange, offers: tuple[Offer, Offer]) -> Block:
    offer = offers[1] if row.kind == "removed" else offers[0]
    name = offer.name_of(row.part, row.name) if row.name else ""
    return Block(row.part, name, row.kind, tuple(_lines(row.changes, offers)))


def _lines(changes: Iterable[Change], offers: tuple[Offer, Offer]) -> Iterable[Line]:
    for change in changes:
        new, old = (_told(change.path, value, offer)
                    for value, offer in ((change.new, offers[0]), (change.old, offers[1])))  # fmt: skip
        yield Line(label_of(change.path), change.language, old, new)


def _told(path: str, value: Any, offer: Offer) -> str:
    """Return a value in the reader's words, as the editor's choices call it."""
    if value is None:
        return ""
    if path.startswith("words.") or not _is_place(path):
        return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    raw = shown(
        "keys" if isinstance(value, list) else "truth" if isinstance(value, bool) else "start",
        value,
    )
    words = {each.value: each.word for each in offer.choices(path, raw, is_optional=False)}
    if isinstance(raw, list):
        return gettext(", ").join(str(words.get(part, part)) for part in raw)
    return words.get(raw, raw)


def _is_place(path: str) -> bool:
    return any(place[0] == path.split(".")[0] for place in PLACES)


@writer_view
@require_POST
def restore(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """Bring an older revision back as the next one."""
    number = request.POST.get("number", "")
    try:
        made = publishing.restore_revision(
            playbook_id=playbook.pk,
            number=int(number) if number.isdecimal() and len(number) < 9 else 0,
            note=request.POST.get("note", "")
            or gettext("As in revision %(number)s") % {"number": number},
            actor=request.actor,
            at=clock.now(),
        )
        said = gettext("Restored as revision %(number)s.")
        messages.success(request, said % {"number": made.number})
    except PlaybookRefused as error:
        first = next(fault for fault in error.faults if not fault.is_warning)
        messages.error(request, f"{error_text(error)} {first.path} {first.key}")
    except DomainError as error:
        messages.error(request, error_text(error))
    owner = playbook.brand.key if playbook.brand else SHARED
    return redirect(f"{reverse('web:playbook-history', args=[playbook.slug])}?brand={owner}")
