"""What stands on a plan: points, answers, statements, duty, whether approvers were reached."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.core.languages import direction
from crisisdesk.incidents.domain import announcement_plans, plan_words
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import PointKind
from crisisdesk.incidents.models import PlanDuty, PlanPoint
from crisisdesk.incidents.queries.plans import Board, Slot, board_of
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.web.forms.plans import PointForm, WordsForm
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import typed_version
from crisisdesk.web.views.plans.frame import WORKERS, Here, plan_view, press
from crisisdesk.web.views.room.acting import moment

_SECTIONS = {"group": "groups", "question": "questions", "misreading": "misreadings"}


@require_POST
@plan_view
def add_point(here: Here) -> HttpResponse:
    """Name a group, a question or a misreading."""
    given = here.request.POST
    kind = given.get("kind", "")
    return press(
        here,
        lambda: plan_words.add_plan_point(
            plan_id=here.plan.pk,
            kind=kind,
            text=given.get("text", ""),
            detail=given.get("detail", ""),
            actor=here.request.actor,
            at=here.at,
        ),
        section=_SECTIONS.get(kind, "groups"),
    )


@plan_view
def point(here: Here, point_id: int) -> HttpResponse:
    """Word a point better, give it to somebody, or take it off; a stale save shows both."""
    row = _point(here, point_id)
    section = _SECTIONS[row.kind]
    if not here.may("plan" if row.kind == PointKind.GROUP else "prepare"):
        raise NotAllowed("not_allowed")
    given = here.request.POST
    common: dict[str, Any] = {"actor": here.request.actor, "at": here.at}
    if given.get("do") == "remove":
        return press(
            here,
            lambda: plan_words.remove_plan_point(point_id=point_id, **common),
            section=section,
        )
    form = _point_form(here, row, given or None)
    if not form.is_valid():
        return _point_page(here, row, form, status=422 if given else 200)
    try:
        plan_words.change_plan_point(
            point_id=point_id,
            version=form.cleaned_data["version"] or 0,
            **form.given(),
            **common,
        )
    except Stale as error:
        again = _point_form(here, row, with_version(form.data, error.current.version))
        stale = differences(again, PointForm.initial_from(error.current))
        return _point_page(here, row, again, stale=stale, status=error.status)
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        add_refusal(form, error)
        return _point_page(here, row, form, status=error.status)
    return redirect(f"{here.address}#{section}")


def _point(here: Here, point_id: int) -> PlanPoint:
    found = PlanPoint.objects.filter(pk=point_id, plan=here.plan, is_removed=False).first()
    if found is None:
        raise NotVisible
    return found


def _point_form(here: Here, row: PlanPoint, data: Any) -> PointForm:
    return PointForm(
        data,
        kind=row.kind,
        people=people_with_role(here.plan.brand_id, *WORKERS),
        reader=here.request.LANGUAGE_CODE,
        initial=PointForm.initial_from(row),
    )


def _point_page(
    here: Here, row: PlanPoint, form: PointForm, *, stale: Any = None, status: int
) -> HttpResponse:
    context = {"nav": "plans", "plan": here.plan, "point": row, "form": form, "stale": stale}
    context["may_remove"] = here.may("plan")
    return render(here.request, "web/plans/point.html", context, status=status)


@plan_view
def answer(here: Here, point_id: int, language: str) -> HttpResponse:
    """Read, write or approve the answer to a question in one language."""
    row = _point(here, point_id)
    if row.kind != PointKind.QUESTION or language not in here.plan.languages:
        raise Http404
    given = here.request.POST
    common: dict[str, Any] = {"actor": here.request.actor, "at": here.at}
    if given.get("do") == "approve":
        text_id = int(given["text"]) if given.get("text", "").isdecimal() else 0
        try:
            press_once(
                here.request,
                lambda: plan_words.approve_plan_answer(text_id=text_id, **common),
                at=here.at,
            )
        except NotVisible:
            raise
        except DomainError as error:
            return _answer_page(here, row, language, error=error)
        return redirect(f"{here.address}#questions")
    return _write(
        here,
        (point_id, "", language),
        lambda text, version: plan_words.write_plan_answer(
            point_id=point_id, language=language, text=text, version=version, **common
        ),
        lambda **more: _answer_page(here, row, language, **more),
        section="questions",
    )


def _answer_page(here: Here, row: PlanPoint, language: str, **more: Any) -> HttpResponse:
    board = board_of(here.plan)
    slot = (row.pk, "", language)
    newest = board.newest(slot)
    authors = {text.author_id for text in board.editions.get(slot, [])}
    me = here.request.user
    can_approve = newest and not newest.approved_at and here.may("approve_answer")
    return _words_page(
        here,
        board,
        slot,
        heading=row.text,
        heading_language=row.language,
        detail=row.detail,
        can_approve=can_approve and me.pk not in authors and me.can_read(language),
        is_mine=bool(can_approve) and me.pk in authors,
        **more,
    )


@plan_view
def statement(here: Here, key: str, language: str) -> HttpResponse:
    """Write a statement of the playbook for this decision."""
    board = board_of(here.plan)
    text = next((row for row in board.statements if row.key == key), None)
    if text is None or language not in here.plan.languages:
        raise Http404
    common: dict[str, Any] = {"actor": here.request.actor, "at": here.at}
    return _write(
        here,
        (None, key, language),
        lambda words, version: plan_words.prepare_plan_statement(
            plan_id=here.plan.pk,
            key=key,
            language=language,
            text=words,
            version=version,
            **common,
        ),
        lambda **more: _words_page(
            here,
            board,
            (None, key, language),
            heading=in_language(text.title),
            template=text.text.get(language, ""),
            **more,
        ),
        section="statements",
    )


def _write(here: Here, slot: Slot, command: Any, page: Any, *, section: str) -> HttpResponse:
    """Show the words or save a new edition of them; a stale save shows both."""
    given = here.request.POST
    if here.request.method != "POST":
        return page()
    if not here.may("prepare"):
        raise NotAllowed("not_allowed")
    version = typed_version(here.request)
    try:
        press_once(here.request, lambda: command(given.get("text", ""), version), at=here.at)
    except Stale as error:
        form = WordsForm(with_version(given, error.current.number if error.current else 0))
        stands = {"text": error.current.text if error.current else ""}
        return page(form=form, stale=differences(form, stands), error=error)
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        form = WordsForm(given)
        form.is_valid()
        if "text" not in form.errors:
            add_refusal(form, error)
        return page(form=form, error=error)
    return redirect(f"{here.address}#{section}")


def _words_page(
    here: Here,
    board: Board,
    slot: Slot,
    *,
    template: str = "",
    form: WordsForm | None = None,
    error: DomainError | None = None,
    **more: Any,
) -> HttpResponse:
    newest = board.newest(slot)
    language = slot[2]
    if form is None:
        initial = {"text": newest.text if newest else template}
        initial["version"] = str(newest.number if newest else 0)
        form = WordsForm(initial=initial)
    form.fields["text"].widget.attrs |= {"lang": language, "dir": direction(language)}
    blanks = (
        [board.content.placeholders.get(name) for name in board.blanks(newest.text)]
        if newest
        else []
    )
    context = {
        "nav": "plans",
        "plan": here.plan,
        "text": newest,
        "written_in": language,
        "form": form,
        "blanks": [in_language(blank.label) for blank in blanks if blank],
        "may_write": here.may("prepare"),
        "error": error,
        **more,
    }
    return render(
        here.request, "web/plans/words.html", context, status=error.status if error else 200
    )


@require_POST
@plan_view
def add_duty(here: Here) -> HttpResponse:
    """Put somebody on duty."""
    given = here.request.POST

    def command() -> None:
        start, end = moment(given.get("from_at", "")), moment(given.get("to_at", ""))
        if start is None or end is None:
            raise Invalid("duty_without_length", field="to_at")
        announcement_plans.add_plan_duty(
            plan_id=here.plan.pk,
            person=_person(here, given.get("person", "")),
            role=given.get("role", ""),
            from_at=start,
            to_at=end,
            actor=here.request.actor,
            at=here.at,
        )

    return press(here, command, section="duty")


@require_POST
@plan_view
def remove_duty(here: Here, duty_id: int) -> HttpResponse:
    """Take somebody off duty."""
    if not PlanDuty.objects.filter(pk=duty_id, plan=here.plan).exists():
        raise NotVisible
    return press(
        here,
        lambda: announcement_plans.remove_plan_duty(
            duty_id=duty_id, actor=here.request.actor, at=here.at
        ),
        section="duty",
    )


@require_POST
@plan_view
def reached(here: Here) -> HttpResponse:
    """Somebody tried to reach an approver just now."""
    given = here.request.POST
    return press(
        here,
        lambda: announcement_plans.record_plan_reach(
            plan_id=here.plan.pk,
            person=_person(here, given.get("person", "")),
            reached=given.get("reached") == "yes",
            actor=here.request.actor,
            at=here.at,
        ),
        section="approvers",
    )


def _person(here: Here, pk: str) -> User:
    found = (
        User.objects.filter(pk=int(pk), memberships__brand=here.plan.brand_id).first()
        if pk.isdecimal() and len(pk) < 18
        else None
    )
    if found is None:
        raise Invalid("no_such_person", field="person")
    return found
