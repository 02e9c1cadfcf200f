"""What the pages of a plan share: the plan as it stands, who may what, and how a press is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain.plan_sentences import (
    change_sentence,
    gap_sentence,
    section_words,
)
from crisisdesk.incidents.enums import IncidentRole
from crisisdesk.incidents.models import AnnouncementPlan, PlanPoint
from crisisdesk.incidents.queries.plan_gaps import HOURS, hours_covered, is_reached, readiness
from crisisdesk.incidents.queries.plans import Board, board_of, changes_of, visible_plan
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest

WORKERS = (Role.LEAD, Role.STAFF, Role.APPROVER)


@dataclass(frozen=True)
class Here:
    """A request about one plan."""

    request: PersonRequest
    plan: AnnouncementPlan
    at: datetime

    def may(self, permission: str) -> bool:
        """Whether the reader may still do this on the plan."""
        return self.plan.is_preparing and rules.may_for_brand(
            self.request.actor, permission, self.plan.brand_id
        )

    @property
    def address(self) -> str:
        """The plan's page."""
        return reverse("web:plan", args=[self.plan.pk])


def plan_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one plan, for who may see it; what they may not do is 403."""

    @login_required
    @wraps(view)
    def shown(request: PersonRequest, pk: int, **kwargs: Any) -> HttpResponse:
        try:
            here = Here(request, visible_plan(request.user, pk), clock.now())
            return view(here, **kwargs)
        except NotVisible as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied from error

    return shown


def press(here: Here, command: Callable[[], Any], *, section: str, back: str = "") -> HttpResponse:
    """Make the one call and lead back to its section; a refusal shows the plan with it and all that was typed."""
    try:
        press_once(here.request, command, at=here.at)
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return show(here, error=error, section=section)
    return redirect(back or f"{here.address}#{section}")


def show(here: Here, *, error: DomainError | None = None, section: str = "") -> HttpResponse:
    """Return the page of the plan."""
    plan = here.plan
    board = board_of(plan)
    ready = readiness(board, at=here.at)
    covered = hours_covered(plan.announce_at, board.duties)
    sees = plan.incident_id and visible_to(here.request.user).filter(pk=plan.incident_id).exists()
    context = {
        "nav": "plans",
        "plan": plan,
        "board": board,
        "ready": ready,
        "sections": [
            {"key": row.key, "words": section_words(row.key), "done": row.done, "of": row.of}
            for row in ready.sections
        ],
        "gaps": _gaps(board, here) if plan.is_preparing else _kept_gaps(plan),
        "may": {name: here.may(name) for name in ("plan", "prepare", "approve_answer")},
        "questions": [_question(board, point) for point in board.questions],
        "covered": covered,
        "hours": {"done": sum(covered), "of": HOURS},
        "statements": [_statement(board, text) for text in board.statements],
        "approvers": _approvers(board, here.at),
        "changes": [
            {"row": row, "sentence": change_sentence(row.kind, row.data)}
            for row in changes_of(plan)
        ],
        "people": people_with_role(plan.brand_id, *WORKERS) if here.may("plan") else [],
        "roles": list(IncidentRole),
        "first_hour": f"{plan.announce_at.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}",
        "incident": plan.incident if sees else None,
        "error": error,
        "error_at": section,
        "typed": here.request.POST,
    }
    status = error.status if error else 200
    return render(here.request, "web/plans/plan.html", context, status=status)


def _gaps(board: Board, here: Here) -> list[dict[str, Any]]:
    return [
        {
            "section": section.key,
            "sentence": gap_sentence(gap.code, gap.params),
            "owner": gap.owner,
        }
        for section in readiness(board, at=here.at).sections
        for gap in section.gaps
    ]


def _kept_gaps(plan: AnnouncementPlan) -> list[dict[str, Any]]:
    """What was open when it was announced."""
    people = User.objects.in_bulk({gap["owner"] for gap in plan.gaps})
    return [
        {
            "sentence": gap_sentence(gap["code"], gap["params"]),
            "owner": people.get(gap["owner"]),
        }
        for gap in plan.gaps
    ]


def _question(board: Board, point: PlanPoint) -> dict[str, Any]:
    """A question with its answer in each language of the audience."""
    answers = [
        {"language": code, "text": board.newest((point.pk, "", code))}
        for code in board.plan.languages
    ]
    return {"point": point, "answers": answers}


def _statement(board: Board, text: Any) -> dict[str, Any]:
    cells = [
        {
            "language": code,
            "is_ready": board.is_ready(text.key, code),
            "is_begun": board.newest((None, text.key, code)) is not None,
        }
        for code in board.plan.languages
    ]
    return {"text": text, "cells": cells}


def _approvers(board: Board, at: datetime) -> list[dict[str, Any]]:
    """Everybody who approves or deputises, once, with the languages and whether they were reached."""
    found: dict[int, dict[str, Any]] = {}
    for row in board.approvers:
        for person in (row.approver, row.deputy):
            if person is not None:
                entry = {
                    "person": person,
                    "languages": [],
                    "reach": board.reaches.get(person.pk),
                    "is_reached": is_reached(board, person, at=at),
                }
                found.setdefault(person.pk, entry)["languages"].append(row.language)
    return list(found.values())
