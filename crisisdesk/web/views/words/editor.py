"""The statement editor: every language of the audience beside the others, saved one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Invalid
from crisisdesk.incidents.domain import approving, drafting
from crisisdesk.incidents.enums import LanguagePlan
from crisisdesk.incidents.queries import autofill, duty
from crisisdesk.incidents.queries.statements import one_statement
from crisisdesk.web.forms.words import PlanForm
from crisisdesk.web.views.room.frame import Room, context
from crisisdesk.web.views.words.columns import Column, Desk, Typed, column, columns, read_desk
from crisisdesk.web.views.words.gate import may, once, statement_url, words_view, words_view_reading

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crisisdesk.incidents.models import Incident
    from crisisdesk.incidents.queries.statements import Words
    from crisisdesk.web.requests import PersonRequest

_PERMISSIONS = {
    "draft": "draft",
    "publish": "publish",
    "record": "record_phone_approval",
    "chase": "chase_approver",
    "override": "override",
}


def _with_playbook(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """An acknowledgement asks its playbook which words were signed in peacetime."""
    return incidents.select_related("playbook_revision")


@words_view_reading(_with_playbook)
@require_safe
def statement(request: PersonRequest, incident: Incident, statement_id: int) -> HttpResponse:
    """The editor; ?language= has the focus, ?edit= opens words that were sent or approved."""
    focus, editing = request.GET.get("language", ""), request.GET.get("edit", "")
    return _page(request, incident, statement_id, focus=focus, editing=editing)


@words_view
@require_POST
def save(
    request: PersonRequest, incident: Incident, statement_id: int, language: str
) -> HttpResponse:
    """Keep the words of one language as typed, with the gaps filled in."""
    words = one_statement(incident, statement_id, at=clock.now()).in_language(language)
    typed = _typed(request, words)
    try:
        once(
            request,
            drafting.save_draft,
            statement_language_id=words.row.pk,
            text=typed.text,
            version=typed.version,
            values=typed.values,
        )
    except DomainError as error:
        return _answer(request, incident, statement_id, language, typed=typed, error=error)
    return _answer(request, incident, statement_id, language, note=_("Saved."))


@words_view
@require_POST
def submit(
    request: PersonRequest, incident: Incident, statement_id: int, language: str
) -> HttpResponse:
    """Send the saved words to approval; words that were changed since are saved first, not sent."""
    words = one_statement(incident, statement_id, at=clock.now()).in_language(language)
    typed = _typed(request, words)
    if words.revision is None or typed.text.strip() != words.revision.text:
        return save(request, incident.reference, statement_id, language)
    try:
        once(
            request,
            approving.submit,
            statement_language_id=words.row.pk,
            version=typed.version,
        )
    except DomainError as error:
        return _answer(request, incident, statement_id, language, typed=typed, error=error)
    return _answer(request, incident, statement_id, language, note=_("Sent to approval."))


@words_view
@require_POST
def look(
    request: PersonRequest, incident: Incident, statement_id: int, language: str
) -> HttpResponse:
    """What is typed as each channel shows and counts it, and what to avoid in it; writes nothing."""
    said = one_statement(incident, statement_id, at=clock.now())
    typed = _typed(request, said.in_language(language))
    desk = read_desk(request, incident, said, at=clock.now())
    shown = column(desk, language, typed=typed)
    first = shown.looks[0].channel.key if shown.looks else ""
    parts = {"column": shown, "incident": incident, "first_channel": first}
    return render(request, "web/words/look.html", parts)


@words_view
@require_POST
def plan(
    request: PersonRequest, incident: Incident, statement_id: int, language: str
) -> HttpResponse:
    """Say that a language is needed, not needed, or follows by a time."""
    words = one_statement(incident, statement_id, at=clock.now()).in_language(language)
    form = PlanForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid("follow_by_missing", field="follow_by")
        once(
            request,
            drafting.plan_language,
            statement_language_id=words.row.pk,
            plan=LanguagePlan(form.cleaned_data["plan"]),
            follow_by=form.cleaned_data["follow_by"],
        )
    except DomainError as error:
        return _page(request, incident, statement_id, focus=language, plan_error=error)
    messages.success(request, _("Noted."))
    return redirect(statement_url(incident, statement_id, language))


def _typed(request: PersonRequest, words: Words) -> Typed:
    """Return what the form holds, its gaps filled into the text."""
    given = request.POST
    wanted = autofill.names_of(words.row)
    values = {name: given.get(f"value-{name}", "").strip() for name in wanted}
    before = {
        name: given.get(f"was-{name}", words.row.values.get(name, "")).strip() for name in wanted
    }
    unknown = given.get("unknown", "")
    if unknown in values:
        blank = words.statement.placeholders.get(unknown, {})
        values[unknown] = blank.get("unknown", {}).get(words.language, "")
    text = given.get("text", "").replace("\r\n", "\n")
    text = autofill.refill(words.row.template, text, before, values)
    version = given.get("version", "")
    started = given.get("started", "").replace("\r\n", "\n")
    return Typed(text, started, values, int(version) if version.isdecimal() else 0)


def _answer(
    request: PersonRequest,
    incident: Incident,
    statement_id: int,
    language: str,
    *,
    typed: Typed | None = None,
    error: DomainError | None = None,
    note: str = "",
) -> HttpResponse:
    """Answer a press: the language's parts for HTMX; without scripts the page, or on to it."""
    if request.headers.get("HX-Request") != "true":
        if error is None:
            messages.success(request, note)
            return redirect(statement_url(incident, statement_id, language))
        return _page(request, incident, statement_id, focus=language, typed=typed, error=error)
    at = clock.now()
    desk = read_desk(request, incident, one_statement(incident, statement_id, at=at), at=at)
    all_of_them = [
        column(desk, code, focus=language, typed=typed, error=error, note=note)
        if code == language
        else column(desk, code, focus=language)
        for code in (words.language for words in desk.said.words)
    ]
    shown = next(one for one in all_of_them if one.language == language)
    parts = {"column": shown, **_shared(desk, all_of_them)}
    status = error.status if error else 200
    return render(request, "web/words/answer.html", parts, status=status)


def _page(
    request: PersonRequest,
    incident: Incident,
    statement_id: int,
    *,
    focus: str = "",
    editing: str = "",
    typed: Typed | None = None,
    error: DomainError | None = None,
    plan_error: DomainError | None = None,
) -> HttpResponse:
    at = clock.now()
    here = Room(request, incident, at)
    # First: it also reads the people on duty, whom the head names.
    duty.team(incident)
    said = one_statement(incident, statement_id, at=at, clocks=here.head.clocks)
    desk = read_desk(request, incident, said, at=at)
    shown = columns(desk, focus=focus, editing=editing)
    if typed:
        shown = [
            column(desk, one.language, focus=focus, typed=typed, error=error)
            if one.language == focus
            else one
            for one in shown
        ]
    refused = error or plan_error
    more = {
        **_shared(desk, shown),
        "plan_error": plan_error,
    }
    status = refused.status if refused else 200
    page = context(here, tab="statements", **more)
    return render(request, "web/words/statement.html", page, status=status)


def _shared(desk: Desk, shown: list[Column]) -> dict[str, Any]:
    """What the page and a single answer both need."""
    focus = next((one for one in shown if one.is_focus), shown[0] if shown else None)
    allowed = {
        f"may_{name}": may(desk.request, permission, desk.incident)
        for name, permission in _PERMISSIONS.items()
    }
    return {
        "incident": desk.incident,
        "statement": desk.said.statement,
        "columns": shown,
        "focus": focus,
        "others": [one for one in shown if one is not focus],
        "channels": desk.channels,
        "first_channel": desk.channels[0].key if desk.channels else "",
        **allowed,
    }
