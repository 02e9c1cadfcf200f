"""By when each brand reads each part of its playbooks again; in peacetime, by its PR leads."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Moment, Paged, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import review_dates as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.queries.listing import read_cursor, write_cursor
from playbooks.domain import reviews
from playbooks.models import ReviewDate
from playbooks.queries.reviews import first_due, owned_by
from playbooks.queries.visibility import review_dates_visible_to


class ReviewQuery(Paged):
    """Which dates; without anything all that the asker may see."""

    brand = serializers.SlugField(required=False)
    playbook = serializers.SlugField(required=False)
    due_before = Moment(required=False)
    mine = serializers.BooleanField(
        required=False, default=False, help_text="Only what falls to the asker as a PR lead."
    )


@read("List review dates", answer=shapes.ReviewDateShape, many=True, query=ReviewQuery)
def list_review_dates(call: Call) -> Page:
    """Of every brand of the asker, the longest due first."""
    rows, limit = review_dates_visible_to(call.user), call.query["limit"]
    if "brand" in call.query:
        rows = rows.filter(brand__key=call.query["brand"])
    if "playbook" in call.query:
        rows = rows.filter(playbook__slug=call.query["playbook"])
    if "due_before" in call.query:
        rows = rows.filter(due_at__lt=call.query["due_before"])
    if call.query["mine"]:
        rows = owned_by(rows, call.user)
    place = read_cursor(call.query["cursor"]) if call.query["cursor"] else None
    found = list(first_due(rows, after=place)[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    shown = shapes.review_dates(found[:limit])
    return {"results": shown, "next": write_cursor(last.due_at, last.pk) if last else None}


@read("Read a review date", answer=shapes.ReviewDateShape)
def get_review_date(call: Call, review_id: int) -> shapes.ReviewDateShape:
    """One part of a playbook for one brand."""
    return shapes.review_date(_one(call, review_id))


@write(
    "Say that a part was reviewed and is still right",
    answer=shapes.ReviewDateShape,
    body=Versioned,
    stale=("review_date_changed",),
    versioned=True,
)
def mark_reviewed(call: Call, review_id: int) -> shapes.ReviewDateShape:
    """Recorded with who and when; its next day is ninety days from now."""
    seen = _seen(call, review_id)
    return shapes.review_date(reviews.mark_reviewed(seen=seen, actor=call.actor, at=call.at)[0])


class NewDate(Versioned):
    """Another day for one part."""

    review_by = serializers.DateField(allow_null=True)


@write(
    "Set a review date",
    answer=shapes.ReviewDateShape,
    body=NewDate,
    refuses=("review_date_missing", "due_in_past", "review_date_far"),
    stale=("review_date_changed",),
    versioned=True,
)
def set_review_date(call: Call, review_id: int) -> shapes.ReviewDateShape:
    """A day after today, at most two years from now."""
    done = reviews.set_review_date(
        seen=_seen(call, review_id),
        review_by=call.body["review_by"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.review_date(done[0])


class NewOwner(Versioned):
    """Who reads it again; null gives it to all PR leads of the brand."""

    owner = Id(allow_null=True)


@write(
    "Give a review to somebody",
    answer=shapes.ReviewDateShape,
    body=NewOwner,
    refuses=("no_such_person", "person_may_not_lead"),
    stale=("review_date_changed",),
    versioned=True,
)
def give_review(call: Call, review_id: int) -> shapes.ReviewDateShape:
    """To a PR lead of the brand, who is told once if it is due."""
    done = reviews.give_review(
        seen=_seen(call, review_id),
        owner_id=call.body["owner"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.review_date(done[0])


def _one(call: Call, review_id: int) -> ReviewDate:
    found = first_due(review_dates_visible_to(call.user)).filter(pk=review_id).first()
    if found is None:
        raise NotVisible
    return found


def _seen(call: Call, review_id: int) -> dict[int, int]:
    """Return the row's version as the caller saw it, as the commands ask for it."""
    row = _one(call, review_id)
    return {row.pk: call.version(row)}


_ONE = "review-dates/<int:review_id>/"
ROUTES = {
    "review-dates/": endpoint(get=list_review_dates),
    _ONE: endpoint(get=get_review_date),
    f"{_ONE}reviewed/": endpoint(post=mark_reviewed),
    f"{_ONE}date/": endpoint(put=set_review_date),
    f"{_ONE}owner/": endpoint(put=give_review),
}
