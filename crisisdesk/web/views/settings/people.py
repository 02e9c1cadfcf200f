"""People: who works here, in which roles; asking in, pausing, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock, words
from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.organisation.domain import memberships, people
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership
from crisisdesk.organisation.queries.invitations import waiting_invitations
from crisisdesk.organisation.queries.search import matching
from crisisdesk.organisation.queries.stand_ins import stand_ins_of
from crisisdesk.organisation.queries.visibility import (
    brands_administered_by,
    brands_visible_to,
    people_visible_to,
)
from crisisdesk.web.views.settings.frame import page, require_admin, settings_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User
    from crisisdesk.web.requests import PersonRequest

PAGE = 50


@settings_view
@require_safe
def people_list(request: PersonRequest) -> HttpResponse:
    """Everybody the administrator may see, found by name in any script, fifty at a time."""
    require_admin(request)
    typed = request.GET.get("q", "").strip()
    start = int(request.GET["from"]) if request.GET.get("from", "").isdigit() else 0
    rows = _with_roles(
        request, people_visible_to(request.user).filter(anonymised_at=None).filter(matching(typed))
    )
    found = list(rows.order_by("-is_active", "full_name", "pk")[start : start + PAGE + 1])
    away = stand_ins_of([colleague.pk for colleague in found], at=clock.now())
    context = {
        "people": [(colleague, away.get(colleague.pk)) for colleague in found[:PAGE]],
        "older": start + PAGE if len(found) > PAGE else None,
        "typed": typed,
        "invitations": waiting_invitations(request.user, at=clock.now()),
    }
    return page(request, "people", "settings-people", context)


@settings_view
@require_safe
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One person: their roles, and what an administrator may do."""
    return _person_page(request, pk)


@settings_view
@require_POST
def give_role(request: PersonRequest, pk: int) -> HttpResponse:
    """The person holds a role for a brand."""
    return _change(request, pk, memberships.set_membership, **_asked_role(request))


@settings_view
@require_POST
def take_role(request: PersonRequest, pk: int) -> HttpResponse:
    """The person no longer holds a role."""
    return _change(request, pk, memberships.remove_membership, **_asked_role(request))


@settings_view
@require_POST
def deactivate(request: PersonRequest, pk: int) -> HttpResponse:
    """The person cannot sign in for now."""
    return _change(request, pk, people.deactivate_user)


@settings_view
@require_POST
def reactivate(request: PersonRequest, pk: int) -> HttpResponse:
    """The person can sign in again."""
    return _change(request, pk, people.reactivate_user)


@settings_view
@require_POST
def anonymise(request: PersonRequest, pk: int) -> HttpResponse:
    """The person has left for good; the form asks for a tick first."""
    if request.POST.get("sure") != "yes":
        return _person_page(request, pk, unsure=True, status=422)
    return _change(request, pk, people.anonymise_user, then="web:settings-people")


def _change(
    request: PersonRequest,
    pk: int,
    command: Callable[..., object],
    *,
    then: str = "",
    **details: Any,
) -> HttpResponse:
    """Make the one domain call and return to the page, or show there why it was refused."""
    try:
        command(user_id=pk, **details, actor=request.actor, at=clock.now())
    except NotVisible:
        raise
    except DomainError as error:
        return _person_page(request, pk, refusal=error, status=error.status)
    messages.success(request, _("Saved."))
    return redirect(then) if then else redirect("web:settings-person", pk)


def _asked_role(request: PersonRequest) -> dict[str, Any]:
    brand = request.POST.get("brand", "")
    if not brand.isdigit():
        raise NotVisible
    return {"brand_id": int(brand), "role": request.POST.get("role", "")}


def _person_page(
    request: PersonRequest,
    pk: int,
    *,
    refusal: DomainError | None = None,
    unsure: bool = False,
    status: int = 200,
) -> HttpResponse:
    require_admin(request)
    shown = get_object_or_404(_with_roles(request, people_visible_to(request.user)), pk=pk)
    administered = list(brands_administered_by(request.user))
    held: dict[int, set[str]] = {brand.pk: set() for brand in administered}
    for membership in shown.memberships.all():
        held.get(membership.brand_id, set()).add(membership.role)
    context = {
        "person": shown,
        "away": stand_ins_of([shown.pk], at=clock.now()).get(shown.pk),
        "brands": [
            {
                "brand": brand,
                "held": [role for role in Role.values if role in held[brand.pk]],
                "free": [
                    (role, words.word("role", role))
                    for role in Role.values
                    if role not in held[brand.pk]
                ],
            }
            for brand in administered
        ],
        "is_self": shown.pk == request.user.pk,
        "refusal": refusal,
        "unsure": unsure,
    }
    return page(request, "person", "settings-people", context, status=status)


def _with_roles(request: PersonRequest, rows: QuerySet[User]) -> QuerySet[User]:
    """Join the roles that lie in brands the reader may see: other brands are nobody's business
    here."""
    seen = Membership.objects.filter(brand__in=brands_visible_to(request.user)).select_related(
        "brand"
    )
    return rows.prefetch_related(
        Prefetch("memberships", queryset=seen.order_by("brand__name", "role"))
    )
