"""One search over incidents, playbooks, lessons and people; each room answers for what the reader may see."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from crisisdesk.incidents.queries.search import search as search_incidents
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.queries.search import search_people
from crisisdesk.web.requests import PersonRequest
from playbooks.queries.search import search_lessons, search_playbooks
from playbooks.queries.shelf import newest_of


@login_required
def search(request: PersonRequest) -> HttpResponse:
    """Answers in any script; a whole reference leads straight to its room."""
    words = request.GET.get("q", "").strip()[:200]
    if visible_to(request.user).filter(reference=words.upper()).exists():
        return redirect("web:incident", words.upper())
    context = {
        "words": words,
        "incidents": search_incidents(request.user, words),
        "playbooks": newest_of(search_playbooks(request.user, words)),
        "lessons": list(search_lessons(words, limit=5)),
        "people": list(search_people(request.user, words)),
    }
    return render(request, "web/desk/search.html", context)
