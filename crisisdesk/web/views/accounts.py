"""Ways in, and the choices people make before and after: language, light or dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.utils import perform_login
from allauth.account.views import login as allauth_login
from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Invalid
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.domain import first_setup, invitations, profile, sign_in_links
from crisisdesk.organisation.models import User
from crisisdesk.web.context import THEMES
from crisisdesk.web.forms.accounts import FirstSetupForm, InvitationForm
from crisisdesk.web.forms.refused import add_refusal

if TYPE_CHECKING:
    from crisisdesk.organisation.models import Invitation
    from crisisdesk.web.requests import VisitorRequest

DEMO_ROLES = ("lead", "staff", "approver", "deputy", "executive", "stranger")
YEAR = 365 * 24 * 60 * 60


def safe_next(request: VisitorRequest, fallback: str = settings.LOGIN_REDIRECT_URL) -> str:
    """Return where the form asks to go next, if that is on this desk, else the fallback."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    ):
        return wanted
    return resolve_url(fallback)


@never_cache
def sign_in(request: VisitorRequest) -> HttpResponse:
    """The sign-in page; a desk that nobody has set up yet leads to its set-up instead."""
    if request.method == "GET" and first_setup.is_waiting():
        return redirect("web:first-setup")
    return allauth_login(request)


@require_POST
def set_language(request: VisitorRequest) -> HttpResponse:
    """Switch the language in one press: on the person, and on this browser for the time before
    sign-in."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request))
    if language not in LANGUAGES:
        return response
    if request.actor is not None:
        profile.change_language(language, actor=request.actor, at=clock.now())
    _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


@require_POST
def set_theme(request: VisitorRequest) -> HttpResponse:
    """Light, dark or as the system says, for this browser."""
    response = HttpResponseRedirect(safe_next(request))
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _remember(response, settings.THEME_COOKIE_NAME, theme)
    else:
        response.delete_cookie(settings.THEME_COOKIE_NAME, samesite="Lax")
    return response


@require_POST
def demo_sign_in(request: VisitorRequest) -> HttpResponse:
    """See the demo as one of its people; on a real desk this address does not exist."""
    role = request.POST.get("role", "")
    if not settings.DEMO or role not in DEMO_ROLES:
        raise Http404
    person = get_object_or_404(User, email=f"{role}@demo.test", is_active=True)
    return _sign_in(request, person)


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_link(request: VisitorRequest, secret: str) -> HttpResponse:
    """Sign in by a one-time link. Opening it only asks, because mail scanners open links too."""
    at = clock.now()
    try:
        if request.method == "POST":
            return _sign_in(request, sign_in_links.use_sign_in_link(secret, at=at))
        link = sign_in_links.open_sign_in_link(secret, at=at)
    except Invalid as error:
        return _closed(request, error)
    return render(request, "web/accounts/sign_in_link.html", {"person": link.user})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def invitation(request: VisitorRequest, secret: str) -> HttpResponse:
    """An invited person chooses name and password and is in; who has an account takes the role
    signed in."""
    at = clock.now()
    try:
        invited = invitations.open_invitation(secret, at=at)
    except Invalid as error:
        return _closed(request, error)
    if User.objects.filter(email=invited.email).exists():
        return _join(request, invited, secret)
    form = InvitationForm(
        request.POST or None,
        address=invited.email,
        initial={"full_name": invited.full_name, "zone": invited.brand.zone},
    )
    if form.is_valid():
        try:
            person = invitations.accept_invitation(
                secret, **form.cleaned_data, actor=request.actor, at=at
            )
            return _sign_in(request, person)
        except DomainError as error:
            add_refusal(form, error)
    return _page(request, "web/accounts/invitation.html", {"form": form, "invitation": invited})


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
def set_up(request: VisitorRequest) -> HttpResponse:
    """The first person of a real desk, by the code that its terminal shows."""
    if not first_setup.is_waiting():
        raise Http404
    form = FirstSetupForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST":
        limited = ratelimit.consume_or_429(request, action="first_setup")
        if limited:
            return limited
    if form.is_valid():
        given = form.cleaned_data
        try:
            person = first_setup.setup_first_admin(
                code=given["code"],
                email=given["email"],
                full_name=given["full_name"],
                password=given["password"],
                language=given["language"],
                zone=given["zone"],
                brand_key=given["brand_key"],
                brand=form.details(),
                at=clock.now(),
            )
            return _sign_in(request, person)
        except DomainError as error:
            add_refusal(form, error)
    return _page(request, "web/accounts/first_setup.html", {"form": form})


def _join(request: VisitorRequest, invited: Invitation, secret: str) -> HttpResponse:
    refusal = None
    if request.method == "POST":
        try:
            invitations.accept_invitation(
                secret, full_name="", password="", zone="", actor=request.actor, at=clock.now()
            )
            return redirect("web:desk")
        except Invalid as error:
            refusal = error
    is_theirs = request.user.is_authenticated and request.user.email == invited.email
    context = {"invitation": invited, "is_theirs": is_theirs, "refusal": refusal}
    return render(request, "web/accounts/join.html", context, status=422 if refusal else 200)


def _sign_in(request: VisitorRequest, person: User) -> HttpResponse:
    """Sign the person in the way allauth does, a second factor included."""
    return perform_login(
        request, person, email_verification="none", redirect_url=safe_next(request)
    )


def _closed(request: VisitorRequest, error: Invalid) -> HttpResponse:
    return render(request, "web/accounts/link_closed.html", {"refusal": error}, status=error.status)


def _page(request: VisitorRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True
    )
