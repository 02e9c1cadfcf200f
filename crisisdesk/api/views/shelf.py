"""The shelf: playbooks, revisions, signatures in advance, lessons."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Key, Language
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import shelf as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.domain import presigning
from playbooks.domain.content import parse
from playbooks.domain.lesson_use import Told, uses
from playbooks.models import PlaybookRevision, PresignedText
from playbooks.queries import shelf as queries
from playbooks.queries.lessons import lessons_of
from playbooks.queries.visibility import lessons_visible_to, presigned_visible_to


class BrandQuery(Input):
    """For which brand; its own playbook takes the place of a shared one."""

    brand = serializers.SlugField(required=False)


@read("List playbooks", answer=shapes.PlaybookRow, many=True, query=BrandQuery)
def list_playbooks(call: Call) -> Page:
    """What is on the shelf, with the newest revisions."""
    found = queries.published(call.user, brand_id=_brand_id(call))
    return {"results": [shapes.playbook(each) for each in found], "next": None}


@read("Read a playbook", answer=shapes.RevisionDetail, query=BrandQuery)
def get_playbook(call: Call, slug: str) -> shapes.RevisionDetail:
    """Its newest revision with all that it says."""
    found = queries.published_playbook(call.user, slug, brand_id=_brand_id(call))
    if found is None:
        raise NotVisible
    return shapes.revision(found.revision)


@read("List revisions of a playbook", answer=shapes.RevisionRow, many=True, query=BrandQuery)
def list_playbook_revisions(call: Call, slug: str) -> Page:
    """Every text it ever had, the newest first."""
    found = queries.published_playbook(call.user, slug, brand_id=_brand_id(call))
    if found is None:
        raise NotVisible
    rows = queries.revisions_of(call.user, found.playbook.pk)
    return {"results": [shapes.revision_row(row) for row in rows], "next": None}


def _brand_id(call: Call) -> int | None:
    """Return the brand asked for; one that the asker may not see has no playbooks of its own."""
    if "brand" not in call.query:
        return None
    return (
        brands_visible_to(call.user)
        .filter(key=call.query["brand"])
        .values_list("pk", flat=True)
        .first()
        or 0
    )


@read("Read a revision of a playbook", answer=shapes.RevisionDetail)
def get_playbook_revision(call: Call, revision_id: int) -> shapes.RevisionDetail:
    """Whatever its age: incidents point at it."""
    return shapes.revision(_revision(call, revision_id))


class SignedQuery(Input):
    """For which brand."""

    brand = serializers.SlugField()


@read(
    "List words signed in advance",
    answer=shapes.SignedWords,
    many=True,
    query=SignedQuery,
    misses=("no_such_brand",),
)
def list_signatures(call: Call, revision_id: int) -> Page:
    """The acknowledgements of this revision that may go out at once for the brand."""
    revision = _revision(call, revision_id)
    signed = presigning.presigned_texts(revision, _brand(call, call.query["brand"]))
    return {"results": shapes.signed_words(list(signed)), "next": None}


class Signing(Input):
    """Which words, for which brand."""

    brand = serializers.SlugField()
    statement = Key(allow_blank=False, max_length=80)
    language = Language()


@write(
    "Sign an acknowledgement in advance",
    answer=shapes.Signature,
    status=201,
    body=Signing,
    misses=("no_such_brand",),
    forbids=("not_the_brands_approver", "language_not_read"),
    refuses=(
        "playbook_not_published", "revision_superseded", "not_an_acknowledgement",
        "words_missing", "already_signed",
    ),
)  # fmt: skip
def sign_acknowledgement(call: Call, revision_id: int) -> shapes.Signature:
    """The brand's approver for the language approves exact words in peacetime; only facts may be
    filled in later."""
    revision = _revision(call, revision_id)
    row = presigning.sign_acknowledgement(
        revision_id=revision.pk,
        brand_id=_brand(call, call.body["brand"]).pk,
        statement_key=call.body["statement"],
        language=call.body["language"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.signature(row)


@write(
    "Withdraw a signature",
    answer=shapes.Signature,
    forbids=("not_the_brands_approver", "language_not_read"),
    refuses=("already_withdrawn",),
)
def withdraw_signature(call: Call, signature_id: int) -> shapes.Signature:
    """From now on these words are approved like any others."""
    row = presigning.withdraw_signature(
        presigned_id=_signature(call, signature_id).pk, actor=call.actor, at=call.at
    )
    return shapes.signature(row)


def _revision(call: Call, revision_id: int) -> PlaybookRevision:
    found = queries.revision(call.user, revision_id)
    if found is None:
        raise NotVisible
    return found


def _brand(call: Call, key: str) -> Brand:
    found = brands_visible_to(call.user).filter(key=key).first()
    if found is None:
        raise NotVisible("no_such_brand", field="brand")
    return found


def _signature(call: Call, signature_id: int) -> PresignedText:
    found = presigned_visible_to(call.user).filter(pk=signature_id).first()
    if found is None:
        raise NotVisible
    return found


class LessonQuery(Input):
    """Only the lessons of one document, or of one case."""

    document = serializers.SlugField(required=False)
    case = serializers.SlugField(required=False)


@read("List lessons", answer=shapes.LessonShape, many=True, query=LessonQuery)
def list_lessons(call: Call) -> Page:
    """What the library teaches, each with its case and the paragraphs it rests on."""
    rows = lessons_of(
        lessons_visible_to(call.user),
        document=call.query.get("document", ""),
        case=call.query.get("case", ""),
    )
    return {"results": [shapes.lesson(row) for row in rows], "next": None}


@read("Read a lesson", answer=shapes.LessonDetail)
def get_lesson(call: Call, key: str) -> shapes.LessonDetail:
    """A lesson with what follows from it: items and clocks of the playbooks, and what the desk
    does."""
    row = lessons_visible_to(call.user).filter(key=key).first()
    if row is None:
        raise NotVisible
    found = [parse(each.revision) for each in queries.published(call.user)]
    return shapes.lesson_detail(row, uses([Told.by_row(row)], found)[row.key])


ROUTES = {
    "playbooks/": endpoint(get=list_playbooks),
    "playbooks/<slug:slug>/": endpoint(get=get_playbook),
    "playbooks/<slug:slug>/revisions/": endpoint(get=list_playbook_revisions),
    "playbook-revisions/<int:revision_id>/": endpoint(get=get_playbook_revision),
    "playbook-revisions/<int:revision_id>/signatures/": endpoint(
        get=list_signatures, post=sign_acknowledgement
    ),
    "signatures/<int:signature_id>/withdraw/": endpoint(post=withdraw_signature),
    "lessons/": endpoint(get=list_lessons),
    "lessons/<slug:key>/": endpoint(get=get_lesson),
}
