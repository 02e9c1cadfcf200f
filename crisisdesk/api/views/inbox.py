"""The inbox: what the asker was told."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import LARGEST_ID, Input, Paged
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import cursor_at, place_of
from crisisdesk.api.shapes import inbox as shapes
from crisisdesk.notifications.domain import inbox


@read("Read the inbox", answer=shapes.Line, many=True, query=Paged)
def list_inbox(call: Call) -> Page:
    """The asker's own lines, the newest first, in their language."""
    before = place_of(call.query["cursor"])
    page = inbox.open_page(actor=call.actor, before=before, limit=call.query["limit"])
    following = None if page.older is None else cursor_at(page.older)
    return {"results": [shapes.line(item) for item in page.items], "next": following}


@write("Mark a line as read")
def mark_line_read(call: Call, line_id: int) -> None:
    """The first reading counts."""
    inbox.mark_read(line_id, actor=call.actor, at=call.at)


class ReadUpTo(Input):
    """The newest line that was seen; what came meanwhile stays unread."""

    up_to = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST_ID)


@write("Mark all lines as read", answer=shapes.Marked, body=ReadUpTo)
def mark_all_read(call: Call) -> shapes.Marked:
    """Every line up to the one given, or all."""
    marked = inbox.mark_all_read(actor=call.actor, at=call.at, up_to=call.body.get("up_to"))
    return {"marked": marked}


ROUTES = {
    "inbox/": endpoint(get=list_inbox),
    "inbox/read/": endpoint(post=mark_all_read),
    "inbox/<int:line_id>/read/": endpoint(post=mark_line_read),
}
