"""Open an incident, or join one that is open already."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.domain.idempotency import request_hash, run_once
from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.incidents.domain.lifecycle import recent_of_brand
from crisisdesk.incidents.domain.opening import Opening, join_incident, open_incident
from crisisdesk.incidents.domain.screening import answers_given
from crisisdesk.incidents.queries.visibility import visible_incident
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, Channel
from crisisdesk.organisation.queries.roles import brands_with_role
from crisisdesk.web.forms.opening import OpenForm
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.requests import PersonRequest
from playbooks.queries import shelf


@login_required
def open_page(request: PersonRequest) -> HttpResponse:
    """Ask three things; POST opens the incident and leads to its room."""
    brands = list(
        Brand.objects.filter(pk__in=brands_with_role(request.user, Role.LEAD)).order_by(
            "name", "pk"
        )
    )
    if not brands:
        raise Http404
    at = clock.now()
    brand = _brand(request, brands)
    form = _form(request, brands, brand)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("web:incident", _open(request, form, at))
        except NotVisible as error:
            raise Http404 from error
        except DomainError as error:
            add_refusal(form, error)
    context = {
        "nav": "incidents",
        "form": form,
        "recent": recent_of_brand(request.actor, brand.pk, at=at),
        "brands": brands,
        "plans": form.plans,
        "seen": form["seen"].value() or "",
    }
    if request.headers.get("HX-Request") and request.method == "GET":
        part = (
            "of_playbook" if request.headers.get("HX-Trigger") == "open-playbooks" else "of_brand"
        )
        return render(request, f"web/desk/open.html#{part}", context)
    return render(request, "web/desk/open.html", context, status=422 if form.errors else 200)


def _brand(request: PersonRequest, brands: list[Brand]) -> Brand:
    """The brand that is chosen on the page, else the first one."""
    asked = request.POST.get("brand") or request.GET.get("brand", "")
    return next((brand for brand in brands if str(brand.pk) == asked), brands[0])


def _form(request: PersonRequest, brands: list[Brand], brand: Brand) -> OpenForm:
    """The form with the playbooks of this brand; everything that can be known is filled in."""
    language = (get_language() or "en")[:2]
    shelved = shelf.published(request.user, brand_id=brand.pk)
    channels = list(Channel.objects.order_by("position", "pk"))
    kwargs: dict[str, Any] = {
        "brands": brands,
        "shelf": shelved,
        "channels": channels,
        "language": language,
    }
    if request.method == "POST":
        return OpenForm(request.POST, **kwargs)
    wanted = request.GET.get("playbook", "")
    chosen = next(
        (each for each in shelved if wanted in (each.playbook.slug, str(each.revision.pk))), None
    )
    initial: dict[str, Any] = {
        "key": secrets.token_urlsafe(16),
        "brand": brand.pk,
        "seen": request.GET.get("seen", ""),
        "languages": list(brand.languages),
    }
    form = OpenForm(initial=initial, **kwargs)
    if chosen:
        plan = form.plans[str(chosen.revision.pk)]
        form.initial.update(
            playbook=str(chosen.revision.pk),
            severity=plan.default_severity,
            origin_channel=plan.origin_channel,
            channels=list(plan.channels),
        )
    return form


def _open(request: PersonRequest, form: OpenForm, at: datetime) -> str:
    """Make the one domain call under the form's key and return the reference."""
    given = form.cleaned_data
    revision = shelf.revision(request.user, int(given["playbook"]))
    if revision is None:
        raise NotVisible("no_such_playbook", field="playbook")
    said = {row.key: row.answer for row in form.asked_by(given["playbook"])}
    opening = Opening(
        seen=given["seen"],
        brand_id=int(given["brand"]),
        revision=revision,
        severity=given["severity"],
        detected_at=given["detected_at"] or at,
        first_signal_at=given["first_signal_at"],
        origin_channel=given["origin_channel"],
        origin_url=given["origin_url"],
        languages=tuple(given["languages"]),
        channels=tuple(given["channels"]),
        is_restricted=given["is_restricted"],
        is_drill=given["is_drill"],
        answers=answers_given(said),
    )

    def command() -> tuple[int, dict[str, Any]]:
        return 201, {"reference": open_incident(opening, actor=request.actor, at=at).reference}

    asked = request_hash("open", {name: str(value) for name, value in (given | said).items()})
    answer = run_once(user=request.user, key=given["key"], asked=asked, at=at, command=command)
    return str(answer.body["reference"])


@login_required
@require_POST
def join(request: PersonRequest, reference: str) -> HttpResponse:
    """Bring what was seen to an incident that is open already."""
    try:
        incident = visible_incident(request.user, reference)
        join_incident(
            incident_id=incident.pk,
            seen=request.POST.get("seen", ""),
            actor=request.actor,
            at=clock.now(),
        )
    except NotVisible as error:
        raise Http404 from error
    except DomainError as error:
        return render(
            request,
            "web/desk/join_refused.html",
            {"error": error, "reference": reference},
            status=error.status,
        )
    return redirect("web:incident", reference)
