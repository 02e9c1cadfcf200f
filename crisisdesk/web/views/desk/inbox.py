"""A person's inbox."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain import inbox as commands
from crisisdesk.notifications.queries import inbox as queries
from crisisdesk.web.requests import PersonRequest


@login_required
def inbox(request: PersonRequest) -> HttpResponse:
    """What the desk told this person, newest first."""
    before = request.GET.get("before", "")
    page = commands.open_page(
        actor=request.actor, before=int(before) if before.isdecimal() else None
    )
    newest = page.items[0].id if page.items and not before else 0
    context = {"nav": "inbox", "page": page, "newest": newest}
    template = "web/desk/inbox.html"
    if request.headers.get("HX-Request") and before:
        template += "#rows"
    return render(request, template, context)


@login_required
@require_POST
def open_item(request: PersonRequest, notification_id: int) -> HttpResponse:
    """The line is read, and its page opens."""
    row = queries.mine(request.user).filter(pk=notification_id).first()
    if row is None:
        raise Http404
    try:
        commands.mark_read(row.pk, actor=request.actor, at=clock.now())
    except NotVisible as error:
        raise Http404 from error
    item = next(
        (item for item in queries.page(request.user, before=row.pk + 1, limit=1).items), None
    )
    return redirect(item.rendered.path if item else "web:inbox")


@login_required
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Every line up to the newest one on the page is read."""
    newest = request.POST.get("newest", "")
    commands.mark_all_read(
        actor=request.actor, at=clock.now(), up_to=int(newest) if newest.isdecimal() else None
    )
    return redirect("web:inbox")
