"""The report tab as a page: what was measured, what is written, what stands in the way, what was exported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from crisisdesk.core.languages import CHOICES
from crisisdesk.incidents.domain import reviewing, transitions
from crisisdesk.incidents.enums import Severity, Status
from crisisdesk.incidents.queries import duty
from crisisdesk.incidents.queries import review as queries
from crisisdesk.incidents.queries.head import head_of
from crisisdesk.reports.domain import figures
from crisisdesk.reports.domain.axis_story import axis_of
from crisisdesk.reports.domain.axis_twin import twin_of
from crisisdesk.reports.domain.document import voice_for
from crisisdesk.reports.domain.source import Source
from crisisdesk.web.forms.review import SECTIONS, ActionForm, PostmortemForm
from crisisdesk.web.views.review.exports import exported
from crisisdesk.web.views.room.frame import Room, context
from playbooks.domain.lesson_book import LessonBook, read_book
from playbooks.queries.lessons import lessons_by_key

if TYPE_CHECKING:
    from django.http import HttpResponse, QueryDict

    from crisisdesk.core.errors import DomainError
    from crisisdesk.incidents.models import Postmortem

WHERE = {  # what stands in the way, and the part of this page that mends it
    "postmortem_not_final": "#post-mortem",
    "line_missing": "#post-mortem",
    "closing_line_missing": "#post-mortem",
    "prevention_missing": "#actions",
}


def show(
    here: Room,
    *,
    form: PostmortemForm | None = None,
    action: ActionForm | None = None,
    error: DomainError | None = None,
    stale: list[Any] | None = None,
) -> HttpResponse:
    """Return the page; a refused form comes back as it was typed, with the status of the refusal."""
    review = queries.review_of(here.incident)
    source = Source(here.incident, here.at)
    duty.team(here.incident)  # first: it also reads the people on duty, whom the head names
    here.head = head_of(here.incident, deadlines=source.deadlines)
    book = read_book()
    page = context(
        here,
        tab="report",
        error=error,
        stale=stale,
        typed=here.request.POST,
        **_measured(here, source),
        **_written(here, review, form, source, book),
        **_ahead(here),
        **exported(here.request, here.incident, at=here.at),
        book=book,
        actions=queries.actions_of(here.incident, source.actions, at=here.at),
        action_form=action or action_form(here),
        export_languages=CHOICES,
    )
    refused = (form and form.errors) or (action and action.errors)
    status = error.status if error else 422 if refused else 200
    return render(here.request, "web/review/report.html", page, status=status)


def _measured(here: Room, source: Source) -> dict[str, Any]:
    """The six figures and the axis, in the reader's language and zone."""
    language = here.request.LANGUAGE_CODE
    voice = replace(voice_for(here.incident, language), zone=here.request.user.zone)
    return {
        "six": figures.six(source.figures, voice),
        "axis": axis_of(source, voice),
        "twin": twin_of(source, voice),
    }


def _written(
    here: Room,
    review: Postmortem | None,
    form: PostmortemForm | None,
    source: Source,
    book: LessonBook,
) -> dict[str, Any]:
    short = here.incident.severity == Severity.SEV3
    may_write = here.may["write_postmortem"]
    if form is None and may_write:
        form = postmortem_form(here, review, source=source)
    return {
        "review": review,
        "form": form,
        "short": short,
        "one_line": here.incident.severity == Severity.SEV4,
        "lessons": _library(here, review, source, book) if may_write and not short else [],
        "told": _told(review, book) if review else [],
        "missing": reviewing.missing_lines(review) if not short else [],
        "may_sign": here.may["finalise_postmortem"] and not short,
    }


def _ahead(here: Room) -> dict[str, Any]:
    """The next status with what stands in its way, each with the place that mends it."""
    to = transitions.NEXT[Status(here.incident.status)]
    reasons = transitions.can_move_to(here.incident, to) if to else []
    return {
        "next_status": to,
        "reasons": [{"reason": reason, "where": WHERE.get(reason.code, "")} for reason in reasons],
        "is_blocked": any(reason.blocks for reason in reasons),
    }


def postmortem_form(
    here: Room,
    review: Postmortem | None,
    data: QueryDict | None = None,
    *,
    source: Source | None = None,
) -> PostmortemForm:
    """Return the form; while nothing is written it begins with what the record itself says."""
    source = source or Source(here.incident, here.at)
    suggested: dict[str, str] = {}
    if review is None:
        suggested = queries.suggestions(
            here.incident, deadlines=source.deadlines, public=source.public, at=here.at
        )
    short = here.incident.severity == Severity.SEV3
    return PostmortemForm(data, review=review, suggested=suggested, short=short)


def action_form(here: Room, data: QueryDict | None = None) -> ActionForm:
    """Return the form of one more action; its owner works for the brand."""
    people = duty.team(here.incident).members if here.may["write_postmortem"] else []
    return ActionForm(
        data, people=people, reader=here.request.user, language=here.request.LANGUAGE_CODE
    )


def _library(
    here: Room, review: Postmortem | None, source: Source, book: LessonBook
) -> list[dict[str, Any]]:
    """The library: first what this incident tested or what was chosen, then the rest."""
    here_how = queries.lessons_here(here.incident, deadlines=source.deadlines, at=here.at)
    chosen = set(here.request.POST.getlist("lessons")) if here.request.method == "POST" else None
    if chosen is None:
        chosen = set(review.lessons) if review else set()
    rows = [
        {"lesson": lesson, "chosen": lesson.key in chosen, "how": here_how.get(lesson.key, "")}
        for lesson in book.lessons
    ]
    place = {key: number for number, key in enumerate(here_how)}
    return sorted(rows, key=lambda row: place.get(row["lesson"].key, len(place)))


def _told(review: Postmortem, book: LessonBook) -> list[dict[str, Any]]:
    """The review as its readers see it: every line that is written, and the lessons with their sources."""
    rows: list[dict[str, Any]] = []
    for _key, _title, lines in SECTIONS:
        for line in lines:
            text = getattr(review, line.name)
            unknown = not text and not getattr(review, f"{line.name}_known", True)
            if text or unknown:
                rows.append({"label": line.label, "text": text, "is_unknown": unknown})
    known = {lesson.key: lesson for lesson in book.lessons}
    if gone := set(review.lessons) - set(known):
        known |= lessons_by_key(gone)
    lessons = [known[key] for key in review.lessons if key in known]
    return [*rows, {"lessons": lessons}] if lessons else rows
