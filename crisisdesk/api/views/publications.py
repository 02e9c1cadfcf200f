"""Copy and post: claim, record, link, and put out in an emergency."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Key, Moment, Paged, Text
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import words as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.api.views.statements import revision_of
from crisisdesk.incidents.domain import publishing
from crisisdesk.incidents.models import Publication

_POSTING = (
    ENDED, "newer_revision", "channel_unknown", "placeholders_left", "already_published",
    "claimed_by_other", "link_missing", "link_invalid", "published_in_future",
)  # fmt: skip


@read("List publications", answer=shapes.PublicationShape, many=True, query=Paged)
def list_publications(call: Call, reference: str) -> Page:
    """What is being posted, was posted or was given back, the newest first."""
    rows = Publication.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows.select_related("account"), call.query)
    return {"results": shapes.publications(found), "next": following}


class Claim(Input):
    """On which channel; `take_over` takes it from whoever is posting."""

    channel = Key(allow_blank=False)
    take_over = serializers.BooleanField(required=False)


@write(
    "Claim a text for a channel",
    answer=shapes.PublicationShape,
    body=Claim,
    refuses=(
        ENDED, "not_approved", "newer_revision", "channel_unknown", "placeholders_left",
        "already_published", "claimed_by_other",
    ),
)  # fmt: skip
def claim_posting(call: Call, reference: str, revision_id: int) -> shapes.PublicationShape:
    """For five minutes, so that two people do not post it twice."""
    revision = revision_of(call, reference, revision_id)
    row = publishing.claim_posting(
        revision_id=revision.pk,
        channel=call.body["channel"],
        actor=call.actor,
        at=call.at,
        **call.given("take_over"),
    )
    return shapes.publications([row])[0]


class PostingMade(Input):
    """Where it stands; only the link is needed, or that it follows."""

    channel = Key(allow_blank=False)
    url = Text(required=False)
    link_to_follow = serializers.BooleanField(required=False)
    published_at = Moment(required=False, allow_null=True)
    account = Id(required=False, allow_null=True)
    is_reply = serializers.BooleanField(required=False)


@write(
    "Record a publication",
    answer=shapes.PublicationShape,
    status=201,
    body=PostingMade,
    refuses=("not_approved", *_POSTING),
)
def record_publication(call: Call, reference: str, revision_id: int) -> shapes.PublicationShape:
    """Approved words are out on a channel. Meets the clocks it meets and makes the incident
    active."""
    revision = revision_of(call, reference, revision_id)
    row = publishing.record_publication(
        revision_id=revision.pk,
        channel=call.body["channel"],
        posting=_posting(call),
        actor=call.actor,
        at=call.at,
    )
    return shapes.publications([row])[0]


class Override(PostingMade):
    """Why it could not wait."""

    reason = Text(max_length=2000)


@write(
    "Put words out without their approval",
    answer=shapes.PublicationShape,
    status=201,
    body=Override,
    forbids=("own_text",),
    refuses=("reason_missing", *_POSTING),
)
def override_publication(call: Call, reference: str, revision_id: int) -> shapes.PublicationShape:
    """The lead, not the author, in an emergency, with a reason: an event, a review, and a line in
    the report."""
    revision = revision_of(call, reference, revision_id)
    row = publishing.override_publication(
        revision_id=revision.pk,
        channel=call.body["channel"],
        posting=_posting(call),
        reason=call.body["reason"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.publications([row])[0]


def _posting(call: Call) -> publishing.Posting:
    told = call.given("url", "link_to_follow", "published_at", "is_reply")
    return publishing.Posting(account_id=call.body.get("account"), **told)


class Link(Input):
    """Where the post stands."""

    url = Text()


@write(
    "Add the link of a post",
    answer=shapes.PublicationShape,
    body=Link,
    refuses=("not_published", "link_invalid"),
)
def add_publication_link(
    call: Call, reference: str, publication_id: int
) -> shapes.PublicationShape:
    """For a post that was recorded as "link to follow"."""
    found = _publication(call, reference, publication_id)
    row = publishing.add_publication_link(
        publication_id=found.pk, url=call.body["url"], actor=call.actor, at=call.at
    )
    return shapes.publications([row])[0]


@write("Give a claim back")
def release_posting(call: Call, reference: str, publication_id: int) -> None:
    """Without posting; only the person who holds the claim."""
    found = _publication(call, reference, publication_id)
    publishing.release_posting(publication_id=found.pk, actor=call.actor, at=call.at)


class Review(Input):
    """What was learnt."""

    note = Text(max_length=2000)


@write(
    "Review an override",
    answer=shapes.PublicationShape,
    body=Review,
    refuses=("text_missing",),
)
def review_override(call: Call, reference: str, publication_id: int) -> shapes.PublicationShape:
    """Looks back at words that went out without their approval, and ends the review's clock."""
    found = _publication(call, reference, publication_id)
    row = publishing.review_override(
        publication_id=found.pk, note=call.body["note"], actor=call.actor, at=call.at
    )
    return shapes.publications([row])[0]


def _publication(call: Call, reference: str, publication_id: int) -> Publication:
    return call.child(Publication.objects.all(), reference, publication_id)


_INCIDENT = "incidents/<str:reference>/"
_REVISION = f"{_INCIDENT}revisions/<int:revision_id>/"
_PUBLICATION = f"{_INCIDENT}publications/<int:publication_id>/"
ROUTES = {
    f"{_INCIDENT}publications/": endpoint(get=list_publications),
    f"{_REVISION}claim/": endpoint(post=claim_posting),
    f"{_REVISION}publications/": endpoint(post=record_publication),
    f"{_REVISION}override/": endpoint(post=override_publication),
    f"{_PUBLICATION}link/": endpoint(put=add_publication_link),
    f"{_PUBLICATION}release/": endpoint(post=release_posting),
    f"{_PUBLICATION}review/": endpoint(post=review_override),
}
