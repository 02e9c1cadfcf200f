"""A person's inbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain import inbox as commands
from crisisdesk.notifications.queries import inbox as queries
from crisisdesk.notifications.queries import receipts
from crisisdesk.web.requests import PersonRequest

AT_SIGHT = 3


@dataclass
class Bunch:
    """What the page tells of one incident, or of none (empty `about`): the newest lines at sight, the others folded."""

    about: str
    items: list[queries.Item] = field(default_factory=list)

    @property
    def shown(self) -> list[queries.Item]:
        """The newest lines; all of them where one more would be folded alone."""
        return self.items if len(self.items) == AT_SIGHT + 1 else self.items[:AT_SIGHT]

    @property
    def folded(self) -> list[queries.Item]:
        """The lines behind the fold."""
        return self.items[len(self.shown) :]

    @property
    def folded_new(self) -> int:
        """How many lines behind the fold are unread."""
        return sum(item.read_at is None for item in self.folded)


def bunches(items: Sequence[queries.Item]) -> list[Bunch]:
    """Return the lines by what they are about, whichever has the newest line first; what is about no incident or plan
    stands together."""
    found: dict[tuple[str, int], Bunch] = {}
    for item in items:
        about = item.rendered.about
        key = (item.topic, item.topic_id) if about else ("", 0)
        found.setdefault(key, Bunch(about)).items.append(item)
    return list(found.values())


@login_required
def inbox(request: PersonRequest) -> HttpResponse:
    """What the desk told this person, newest first, by incident."""
    before = request.GET.get("before", "")
    page = commands.open_page(
        actor=request.actor, before=int(before) if before.isdecimal() else None
    )
    newest = page.items[0].id if page.items and not before else 0
    context = {"nav": "inbox", "page": page, "bunches": bunches(page.items), "newest": newest}
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
def why(request: PersonRequest, notification_id: int) -> HttpResponse:
    """Why this person was told, in words, by whichever transport; and what would change it."""
    row = receipts.mine(request.user, notification_id)
    if row is None:
        raise Http404
    item = queries.one(request.user, row)
    if item is None:
        raise Http404
    context = {
        "nav": "inbox",
        "item": item,
        "row": row,
        "because": queries.because(request.user, row),
    }
    fragment = bool(request.headers.get("HX-Request"))
    return render(request, f"web/desk/why{'_dialog' if fragment else ''}.html", context)


@login_required
@require_POST
def read_all(request: PersonRequest) -> HttpResponse:
    """Every line up to the newest one on the page is read."""
    newest = request.POST.get("newest", "")
    commands.mark_all_read(
        actor=request.actor, at=clock.now(), up_to=int(newest) if newest.isdecimal() else None
    )
    return redirect("web:inbox")
