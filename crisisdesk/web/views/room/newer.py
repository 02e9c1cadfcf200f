"""What a newer revision of the playbook brings, and taking chosen parts of it into the running incident."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import taking_over
from crisisdesk.incidents.domain.newer import (
    NewItem,
    new_items,
    new_statements,
    read_news,
    taken_already,
)
from crisisdesk.incidents.enums import Phase
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.room.acting import ask, press
from crisisdesk.web.views.room.frame import Room, room
from crisisdesk.web.views.shelf.finding import SHARED
from crisisdesk.web.views.shelf.history import blocks
from playbooks.models import PlaybookRevision
from playbooks.queries.shelf import newer_revision


@login_required
@require_safe
def newer(request: PersonRequest, reference: str) -> HttpResponse:
    """What changed since the incident's plan was copied, with a box for each part that can be taken over."""
    return _page(room(request, reference))


def _page(here: Room, *, error: DomainError | None = None) -> HttpResponse:
    pk = here.incident.playbook_revision_id
    found = newer_revision(here.request.user, pk, whole=True)
    context: dict[str, Any] = {
        "revision": found,
        "ours": here.incident.plan["playbook"]["number"],
        "chosen": here.request.POST.getlist("items"),
        "chosen_words": here.request.POST.getlist("statements"),
    }
    if found is not None:
        context |= _parts(here, found)
    return ask(here, "web/room/newer.html", tab="checklists", error=error, **context)


def _parts(here: Room, revision: PlaybookRevision) -> dict[str, Any]:
    """Return what may be chosen by phase, what is here already, and what else changed."""
    news = read_news(here.incident, revision)
    items: dict[str, list[NewItem]] = {phase.value: [] for phase in Phase}
    for each in new_items(news, at=here.at):
        items[each.row.item.phase].append(each)
    ours = PlaybookRevision.objects.get(pk=here.incident.playbook_revision_id)
    page = reverse("web:playbook-history", args=[revision.playbook.slug])
    owner = revision.playbook.brand.key if revision.playbook.brand else SHARED
    return {
        "phases": [(phase, rows) for phase, rows in items.items() if rows],
        "statements": new_statements(news),
        "already": taken_already(news),
        "blocks": blocks(ours.content, revision.content, without_added=("items", "statements")),
        "history": f"{page}?brand={owner}&from={ours.number}&to={revision.number}",
        "may_choose": here.may["take_over"] and here.incident.is_open,
    }


@login_required
@require_POST
def take_over(request: PersonRequest, reference: str) -> HttpResponse:
    """Copy what was chosen into the incident; back to the checklists, where it stands."""
    here = room(request, reference)
    given = request.POST.get("revision", "")
    return press(
        here,
        lambda: taking_over.take_over(
            incident_id=here.incident.pk,
            revision_id=int(given) if given.isdecimal() and len(given) < 19 else 0,
            items=request.POST.getlist("items"),
            statements=request.POST.getlist("statements"),
            actor=here.actor,
            at=here.at,
        ),
        back=reverse("web:incident-checklists", args=[reference]),
        refused=lambda error: _page(here, error=error),
    )
