"""What could not be delivered, for administrators and PR leads."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Paged
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import cursor_at, place_of
from crisisdesk.api.shapes import given_up as shapes
from crisisdesk.organisation.domain import outgoing


@read(
    "List messages that were given up",
    answer=shapes.GivenUpShape,
    many=True,
    query=Paged,
    misses=("not_found",),
)
def list_given_up(call: Call) -> Page:
    """The newest first, of what the asker may see, in their language."""
    page = outgoing.list_given_up(
        call.user, before=place_of(call.query["cursor"]), limit=call.query["limit"]
    )
    following = None if page.older is None else cursor_at(page.older)
    return {"results": [shapes.given_up(message) for message in page.rows], "next": following}


class GivenUpChosen(Input):
    """Which messages go out again."""

    messages = serializers.ListField(child=Id(), min_length=1, max_length=200)


@write(
    "Send given-up messages again",
    answer=shapes.SentAgain,
    body=GivenUpChosen,
    refuses=("address_gone",),
    misses=("not_found",),
)
def send_again(call: Call) -> shapes.SentAgain:
    """Each is tried from the start, under the same key; what somebody sent again meanwhile is left."""
    count = outgoing.send_again(call.body["messages"], actor=call.actor, at=call.at)
    return {"count": count}


ROUTES = {
    "given-up/": endpoint(get=list_given_up),
    "given-up/again/": endpoint(post=send_again),
}
