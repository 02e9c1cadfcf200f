"""The report tab: the page, and writing and signing the post-mortem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core.errors import DomainError, Invalid, Stale
from crisisdesk.incidents.domain import lifecycle, reviewing
from crisisdesk.incidents.queries.review import review_of, with_review
from crisisdesk.incidents.queries.standing import with_standing
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.stale import with_version
from crisisdesk.web.requests import typed_version
from crisisdesk.web.views.review import tab
from crisisdesk.web.views.room.acting import press
from crisisdesk.web.views.room.frame import Room, room

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.incidents.models import Postmortem
    from crisisdesk.web.forms.review import PostmortemForm
    from crisisdesk.web.requests import PersonRequest


@login_required
@require_safe
def report(request: PersonRequest, reference: str) -> HttpResponse:
    """Figures against target, the course in time, the post-mortem, actions, exports."""
    return tab.show(room(request, reference, with_review, with_standing))


@login_required
@require_POST
def save(request: PersonRequest, reference: str) -> HttpResponse:
    """Keep the post-mortem as far as it is written; a stale save shows both texts."""
    here = room(request, reference)
    form = tab.postmortem_form(here, review_of(here.incident), request.POST)
    if not form.is_valid():
        return tab.show(here, form=form)
    fields = form.given()
    if not form.short:
        fields["lessons"] = request.POST.getlist("lessons")

    def refused(error: DomainError) -> HttpResponse:
        if isinstance(error, Stale):
            return _stale(here, form, error)
        add_refusal(form, error)
        return tab.show(here, form=form, error=error)

    return press(
        here,
        lambda: reviewing.save_postmortem(
            incident_id=here.incident.pk,
            fields=fields,
            version=form.cleaned_data["version"],
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#post-mortem"),
        refused=refused,
    )


@login_required
@require_POST
def sign(request: PersonRequest, reference: str) -> HttpResponse:
    """The lead signs the review as it is kept; words typed since then are not signed unseen."""
    here = room(request, reference)
    review = review_of(here.incident)
    form = tab.postmortem_form(here, review, request.POST)
    if not form.is_valid():
        return tab.show(here, form=form)
    version = form.cleaned_data["version"]
    stands = review.version if review else 0
    lessons = request.POST.getlist("lessons")
    typed = version == stands and form.is_typed()
    unkept = review is None or (typed and form.differences_from(review, lessons))
    if unkept and here.may["finalise_postmortem"]:
        error = Invalid("words_not_kept")
        add_refusal(form, error)
        return tab.show(here, form=form, error=error)

    def refused(error: DomainError) -> HttpResponse:
        if isinstance(error, Stale):
            return _stale(here, form, error)
        add_refusal(form, error)
        return tab.show(here, form=form, error=error)

    return press(
        here,
        lambda: reviewing.finalise_postmortem(
            incident_id=here.incident.pk, version=version, actor=here.actor, at=here.at
        ),
        back=_back(reference, "#post-mortem"),
        refused=refused,
    )


def _stale(here: Room, form: PostmortemForm, error: Stale) -> HttpResponse:
    """Both texts, line by line; what was typed stays in the form, and saving it again is a decision."""
    stands: Postmortem | None = error.current
    found = form.differences_from(stands, here.request.POST.getlist("lessons"))
    again = with_version(here.request.POST, stands.version if stands else 0)
    form = tab.postmortem_form(here, stands, again)
    return tab.show(here, form=form, error=error, stale=found)


@login_required
@require_POST
def line(request: PersonRequest, reference: str) -> HttpResponse:
    """The one line that a SEV4 incident closes with; a stale one is shown beside the line as it stands."""
    here = room(request, reference)
    return press(
        here,
        lambda: lifecycle.set_closing_line(
            incident_id=here.incident.pk,
            line=request.POST.get("line", ""),
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#post-mortem"),
        refused=lambda error: tab.show(here, error=error),
    )


@login_required
@require_POST
def add_action(request: PersonRequest, reference: str) -> HttpResponse:
    """One more thing that will be done so that it does not return."""
    here = room(request, reference)
    form = tab.action_form(here, request.POST)
    if not form.is_valid():
        return tab.show(here, action=form)
    given = form.cleaned_data

    def refused(error: DomainError) -> HttpResponse:
        add_refusal(form, error)
        return tab.show(here, action=form, error=error)

    return press(
        here,
        lambda: reviewing.add_action_item(
            incident_id=here.incident.pk,
            text=given["text"],
            owner=form.people[given["owner"]],
            due_date=given["due_date"],
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#actions"),
        refused=refused,
    )


@login_required
@require_POST
def finish_action(request: PersonRequest, reference: str, action_id: int) -> HttpResponse:
    """An action is done."""
    here = room(request, reference)
    return press(
        here,
        lambda: reviewing.finish_action_item(
            action_id=action_id,
            version=typed_version(request),
            actor=here.actor,
            at=here.at,
        ),
        back=_back(reference, "#actions"),
        refused=lambda error: tab.show(here, error=error),
    )


def _back(reference: str, anchor: str) -> str:
    return reverse("web:incident-report", args=[reference]) + anchor
