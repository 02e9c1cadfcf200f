"""The editor of a playbook: structure on one side, words of three languages on the other, saved place by place."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotVisible, Stale
from crisisdesk.core.words import error_text
from crisisdesk.web.requests import PersonRequest, typed_version
from crisisdesk.web.views.shelf import fields, parts
from crisisdesk.web.views.shelf.choices import Offer
from crisisdesk.web.views.shelf.finding import read_address
from playbooks.domain import drafting
from playbooks.domain.desk_checks import check_content
from playbooks.models import Playbook, PlaybookDraft
from playbooks.queries.drafts import drafts_open_to, written_by

if TYPE_CHECKING:
    from collections.abc import Callable


def writer_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one playbook for who writes it; for everybody else it does not exist."""

    @login_required
    @wraps(view)
    def shown(request: PersonRequest, playbook_id: int, **kwargs: Any) -> HttpResponse:
        playbook = written_by(request.user).select_related("brand").filter(pk=playbook_id).first()
        if playbook is None:
            raise Http404
        try:
            return view(request, playbook, **kwargs)
        except NotVisible as error:
            raise Http404 from error

    return shown


def editor_address(playbook_id: int, part: str = "", row: str = "") -> str:
    """Return the editor's page, at a part and a row."""
    path = reverse("web:playbook-edit", args=[playbook_id])
    asked = "&".join(f"{name}={value}" for name, value in (("part", part), ("row", row)) if value)
    return f"{path}?{asked}" if asked else path


@writer_view
def edit(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """The draft, part by part; POST opens one where there is none."""
    draft = drafts_open_to(request.user).filter(playbook=playbook).first()
    if request.method == "POST":
        drafting.open_draft(playbook_id=playbook.pk, actor=request.actor, at=clock.now())
        return redirect(editor_address(playbook.pk))
    if draft is None:
        return redirect(read_address(playbook))
    context = page_context(draft, request.GET.get("part", ""), request.GET.get("row", ""))
    return render(request, "web/shelf/editor.html", context)


def page_context(draft: PlaybookDraft, part: str, row: str) -> dict[str, Any]:
    """Return what the editor's page and its fragments show."""
    faults = fields.Faults(check_content(draft.content, brand_id=draft.playbook.brand_id))
    shown = parts.read_part(draft.content, part, row, faults, brand_id=draft.playbook.brand_id)
    return {
        "nav": "playbooks",
        "draft": draft,
        "playbook": draft.playbook,
        "title": Offer(draft.content),
        "part": shown,
        "tabs": parts.tabs_of(draft.content, faults),
        "faults": faults,
        "named_by_hand": shown.name in parts.NAMED_BY_HAND,
    }


@writer_view
@require_POST
def save(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """Keep one place as typed; a place that somebody else changed meanwhile is shown with both texts."""
    path = request.POST.get("path", "")
    error: DomainError | None = None
    draft: PlaybookDraft | None
    raw: Any = ""
    try:
        raw = fields.sent(request.POST, path)
        draft = drafting.save_place(
            playbook_id=playbook.pk,
            path=path,
            value=fields.meant(path, raw),
            was=fields.meant(path, fields.was_of(request.POST)),
            actor=request.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        error = refused
        draft = drafts_open_to(request.user).filter(playbook=playbook).first()
    if not request.headers.get("HX-Request"):
        return _without_scripts(request, playbook, path, error)
    if draft is None or (error is not None and error.code == "no_such_place"):
        return render(request, "web/shelf/told.html", {"error": error}, status=422)
    return _told(request, draft, path, raw, error)


def _told(
    request: PersonRequest, draft: PlaybookDraft, path: str, raw: Any, error: DomainError | None
) -> HttpResponse:
    part, row = request.POST.get("part", ""), request.POST.get("row", "")
    context = page_context(draft, part, row)
    context["field"] = fields.field_at(
        draft.content, path, Offer(draft.content, draft.playbook.brand_id), context["faults"]
    )
    context["error"] = error
    if isinstance(error, Stale):
        context |= {"both": error.current, "typed": raw, "began": fields.was_of(request.POST)}
    status = error.status if error is not None else 200
    return render(request, "web/shelf/saved.html", context, status=status)


def _without_scripts(
    request: PersonRequest, playbook: Playbook, path: str, error: DomainError | None
) -> HttpResponse:
    if error is not None:
        messages.error(request, error_text(error))
    else:
        messages.success(request, gettext("Saved."))
    part, row = request.POST.get("part", ""), request.POST.get("row", "")
    return redirect(editor_address(playbook.pk, part, row))


@writer_view
@require_POST
def change_rows(request: PersonRequest, playbook: Playbook) -> HttpResponse:
    """Add, take out or move a row: the pressed button says `change|part|name|to`."""
    change, part, name, to = (*request.POST.get("press", "").split("|"), "", "", "", "")[:4]
    shown, row = request.POST.get("part", ""), request.POST.get("row", "")
    draft: PlaybookDraft | None
    try:
        draft, made = drafting.change_rows(
            playbook_id=playbook.pk,
            change=change,
            part=part,
            name=request.POST.get("name", "") if change == "add" else name,
            after=name if change == "add" else "",
            to=int(to) if to.lstrip("-").isdecimal() else 0,
            version=typed_version(request),
            actor=request.actor,
            at=clock.now(),
        )
        row = made if change == "add" and part == shown else row
    except DomainError as error:
        messages.error(request, error_text(error))
    # The row that was pressed keeps the focus, so that it can be moved on from the keyboard.
    pressed = f"#r-{part}-{name}".replace(".", "--") if change == "move" else "#rows"
    return redirect(editor_address(playbook.pk, shown, row) + pressed)
