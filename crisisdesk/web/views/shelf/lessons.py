"""Where our advice comes from: the articles, what we took from each, and what the desk does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.web.views.shelf.finding import read_address
from playbooks.domain.content import parse
from playbooks.domain.lesson_use import Told, Use, coverage, uses
from playbooks.enums import BehaviourKind
from playbooks.queries import shelf
from playbooks.queries.lessons import lessons_of, sources_by_key
from playbooks.queries.visibility import lessons_visible_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest
    from playbooks.domain.behaviours import Behaviour
    from playbooks.models import Lesson, Source


@login_required
@require_safe
def lessons(request: PersonRequest) -> HttpResponse:
    """Every lesson by case, narrowed to one article or case; and how far the articles are covered."""
    known = lessons_visible_to(request.user)
    document, case = request.GET.get("document", ""), request.GET.get("case", "")
    everything = list(known)
    playbooks = [parse(each.revision) for each in shelf.published(request.user)]
    found = uses(map(Told.by_row, everything), playbooks)
    sources = list(sources_by_key().values()) if everything else []
    shown = lessons_of(known, document=document, case=case)
    page = {
        "nav": "playbooks",
        "document": document,
        "case": case,
        "cases": {row.case: row.case_name for row in everything if row.case},
        "covered": _covered(sources, {row.key: row for row in everything}, found),
        "finding": _finding(sources, found),
        "groups": _by_case(list(shown), found),
    }
    return render(request, "web/lessons/lessons.html", page)


def _finding(sources: Sequence[Source], found: Mapping[str, Use]) -> str:
    counts = coverage([note for source in sources for note in source.notes], found)
    words = gettext(
        "%(mapped)s of %(notes)s notes are accounted for; of %(lessons)s lessons %(used)s have an effect today, "
        "%(planned)s are still to come."
    )
    return words % {
        "mapped": counts.mapped,
        "notes": counts.notes,
        "lessons": counts.lessons,
        "used": counts.used,
        "planned": counts.planned,
    }


def _covered(
    sources: Sequence[Source], known: Mapping[str, Lesson], found: Mapping[str, Use]
) -> list[dict[str, Any]]:
    """Each article with its notes: the lesson and its state, or why there is none."""
    rows = []
    for source in sources:
        notes = [
            {
                **note,
                "lesson": known.get(note.get("lesson", "")),
                "state": found[note["lesson"]].state if note.get("lesson") in found else "none",
            }
            for note in source.notes
        ]
        mapped = sum(bool(note["lesson"] or note.get("no_lesson")) for note in notes)
        rows.append({"source": source, "notes": notes, "mapped": mapped})
    return rows


def _by_case(shown: Sequence[Lesson], found: Mapping[str, Use]) -> list[dict[str, Any]]:
    """The lessons of each case in the order of the file; what belongs to no case comes last."""
    groups: dict[str, dict[str, Any]] = {}
    for lesson in sorted(shown, key=lambda row: not row.case):
        group = groups.setdefault(lesson.case, {"name": lesson.case_name, "rows": []})
        group["rows"].append({"lesson": lesson, "use": found[lesson.key]})
    return list(groups.values())


@login_required
@require_safe
def lesson(request: PersonRequest, key: str) -> HttpResponse:
    """One lesson: where it rests, and each thing that follows from it, with the way there."""
    row = lessons_visible_to(request.user).filter(key=key).first()
    if row is None:
        raise Http404
    shelved = shelf.published(request.user)
    contents = [parse(each.revision) for each in shelved]
    addresses = {
        id(content): read_address(each.playbook)
        for each, content in zip(shelved, contents, strict=True)
    }
    use = uses([Told.by_row(row)], contents)[row.key]
    language = (get_language() or "en")[:2]
    page = {
        "nav": "playbooks",
        "lesson": row,
        "use": use,
        "others": [(code, row.words_in(code)) for code in LANGUAGES if code != language],
        "present": [
            {
                "behaviour": each,
                "kind": BehaviourKind(each.kind).label,
                "href": _address(each),
            }
            for each in use.present
        ],
        "in_playbooks": [
            {"use": each, "href": addresses[id(each.playbook)]} for each in use.playbooks
        ],
    }
    return render(request, "web/lessons/lesson.html", page)


def _address(behaviour: Behaviour) -> str:
    """Return the behaviour's page; one that belongs to an incident has no address of its own."""
    try:
        return reverse(behaviour.page) if behaviour.page else ""
    except NoReverseMatch:
        return ""
