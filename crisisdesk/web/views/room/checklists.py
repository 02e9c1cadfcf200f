"""The checklists of a room, and every press on an item."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.incidents.domain import checklist
from crisisdesk.incidents.models import ChecklistItem
from crisisdesk.incidents.queries import checklist as queries
from crisisdesk.incidents.queries import duty
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.visibility import people_visible_to
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.frame import Room, context, room
from playbooks.queries.shelf import newer_revision


@login_required
def checklists(request: PersonRequest, reference: str) -> HttpResponse:
    """All phases, filtered by channel, mine or late."""
    return _page(room(request, reference))


def _page(here: Room, *, error: DomainError | None = None) -> HttpResponse:
    asked = here.request.GET
    filters = queries.Filters(
        channel=asked.get("channel", ""),
        mine=asked.get("mine") == "1",
        late=asked.get("late") == "1",
        hidden=asked.get("hidden") == "1",
    )
    shared = _shared(here)  # first: it also reads the people on duty, whom the head names
    page = context(
        here,
        tab="checklists",
        board=queries.board(
            here.incident, here.request.user, filters, at=here.at, clocks=here.head.clocks
        ),
        filters=filters,
        error=error,
        newer=_newer(here),
        **shared,
    )
    return render(
        here.request, "web/room/checklists.html", page, status=error.status if error else 200
    )


def _newer(here: Room) -> dict[str, Any] | None:
    """A revision of the playbook that came after this incident's plan was copied; the plan itself stays (law 8)."""
    pk = here.incident.playbook_revision_id
    found = newer_revision(here.request.user, pk) if pk and here.incident.is_open else None
    if found is None:
        return None
    return {
        "number": found.number,
        "ours": here.incident.plan["playbook"]["number"],
        "note": found.note,
        "is_taken": str(found.pk) in here.incident.plan.get("taken_over", {}),
    }


def _shared(here: Room) -> dict[str, Any]:
    """What the page and a single row both need."""
    return {
        "incident": here.incident,
        "may": here.may,
        "team": duty.team(here.incident).members,
    }


def _press(
    request: PersonRequest, reference: str, item_id: int, command: Callable[[Room], Any]
) -> HttpResponse:
    """Make one call about one item; answer with its row (HTMX) or lead back to it."""
    here = room(request, reference)
    try:
        press_once(request, lambda: command(here), at=here.at)
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        return _row(here, item_id, error=error)
    if request.headers.get("HX-Request"):
        there = room(request, reference)
        moved = _moves_others(there, item_id)
        return _told(_list(there) if moved else _row(there, item_id), since=here, now=there)
    back = request.POST.get("back", "")
    return redirect(
        back if back.startswith(f"/incidents/{reference}/") else _at(reference, item_id)
    )


def _moves_others(here: Room, item_id: int) -> bool:
    """Whether other rows change with this one: they wait for it, count from it, or it has left the list."""
    row = ChecklistItem.objects.filter(pk=item_id).values_list("key", "is_hidden").get()
    return row[1] or row[0] in here.incident.plan.get("moves", {}).get("items", ())


def _list(here: Room) -> HttpResponse:
    """The whole list in the place of a row, narrowed as the person's page is."""
    shown = urlsplit(here.request.headers.get("HX-Current-URL", "")).query
    here.request.GET = QueryDict(shown)  # type: ignore[assignment]
    response = _page(here)
    response["HX-Retarget"] = response["HX-Reselect"] = "#items"
    return response


def _told(response: HttpResponse, *, since: Room, now: Room) -> HttpResponse:
    """Tell the list which events are this person's own: nobody is offered news of what they did themselves."""
    seen = {"since": since.incident.last_number, "number": now.incident.last_number}
    response["HX-Trigger"] = json.dumps({"desk:seen": seen})
    return response


def _row(here: Room, item_id: int, *, error: DomainError | None = None) -> HttpResponse:
    """One item as it now stands: its row (HTMX), else its own page, for a list may be narrowed or fold it away."""
    found = queries.rows(here.incident, item_id=item_id)
    if not found:
        raise Http404
    more = {
        "row": found[0],
        "error": error,
        "opened": item_id if error else 0,
        "typed": here.request.POST,
        "is_open": here.incident.is_open,
    }
    status = error.status if error else 200
    if here.request.headers.get("HX-Request"):
        shown = {**_shared(here), **more}
        return render(here.request, "web/room/item.html", shown, status=status)
    page = context(here, tab="checklists", **more, **_shared(here))
    return render(here.request, "web/room/item_page.html", page, status=status)


@login_required
def item(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """One item with its detail, evidence, skip and hand-on; with HTMX the detail alone."""
    here = room(request, reference)
    found = queries.rows(here.incident, item_id=item_id)
    if not found:
        raise Http404
    more = {"row": found[0], "opened": item_id, "is_open": here.incident.is_open, **_shared(here)}
    if request.headers.get("HX-Request"):
        return render(request, "web/room/item_detail.html", more)
    return render(request, "web/room/item_page.html", context(here, tab="checklists", **more))


def _at(reference: str, item_id: int) -> str:
    return reverse("web:incident-checklists", args=[reference]) + f"#item-{item_id}"


@login_required
@require_POST
def tick(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """Done."""
    return _press(
        request,
        reference,
        item_id,
        lambda here: checklist.tick_item(
            item_id=item_id, times=_times(request), actor=here.actor, at=here.at
        ),
    )


@login_required
@require_POST
def undo(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """Not done after all."""
    return _press(
        request,
        reference,
        item_id,
        lambda here: checklist.undo_item(
            item_id=item_id, times=_times(request), actor=here.actor, at=here.at
        ),
    )


def _times(request: PersonRequest) -> int | None:
    """How often the person saw it done."""
    times = request.POST.get("times", "")
    return int(times) if times.isdecimal() else None


@login_required
@require_POST
def skip(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """Left out, with a reason."""
    reason = request.POST.get("reason", "")
    return _press(
        request,
        reference,
        item_id,
        lambda here: checklist.skip_item(
            item_id=item_id, reason=reason, actor=here.actor, at=here.at
        ),
    )


@login_required
@require_POST
def assign(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """One item to one person, or to nobody."""
    owner = _person(request, request.POST.get("owner", ""))
    return _press(
        request,
        reference,
        item_id,
        lambda here: checklist.assign_items(
            incident_id=here.incident.pk,
            item_ids=[item_id],
            owner=owner,
            actor=here.actor,
            at=here.at,
        ),
    )


@login_required
@require_POST
def assign_many(request: PersonRequest, reference: str) -> HttpResponse:
    """Several items to one person at once."""
    here = room(request, reference)
    ids = [int(value) for value in request.POST.getlist("items") if value.isdecimal()]
    owner = _person(request, request.POST.get("owner", ""))
    try:
        checklist.assign_items(
            incident_id=here.incident.pk, item_ids=ids, owner=owner, actor=here.actor, at=here.at
        )
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        return _page(here, error=error)
    return redirect("web:incident-checklists", reference)


def _person(request: PersonRequest, pk: str) -> User | None:
    if not pk.isdecimal():
        return None
    found: User | None = people_visible_to(request.user).filter(pk=int(pk)).first()
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def attach(request: PersonRequest, reference: str, item_id: int) -> HttpResponse:
    """A file or a link that shows it."""
    return _press(
        request,
        reference,
        item_id,
        lambda here: checklist.add_evidence(
            incident_id=here.incident.pk,
            item_id=item_id,
            upload=request.FILES.get("file"),
            url=request.POST.get("url", ""),
            name=request.POST.get("name", ""),
            actor=here.actor,
            at=here.at,
        ),
    )
