"""The answer to exact words: yes, no, by phone, and nobody answers."""

from __future__ import annotations

from django.http import HttpResponseBase
from rest_framework import serializers

from crisisdesk.api.downloads import attachment
from crisisdesk.api.inputs import Id, Input, Moment, Text
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import words as shapes
from crisisdesk.api.views.incidents import ENDED
from crisisdesk.api.views.statements import revision_of, texts
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import approving, chasing
from crisisdesk.incidents.models import Approval
from crisisdesk.incidents.queries.visibility import visible_to

_INVARIANTS = ("own_text", "language_not_read")
_STALE = ("not_in_review", "words_changed")


class Yes(Input):
    """The hash of the words that were read, and a word about them."""

    text_hash = serializers.CharField(max_length=64)
    comment = Text(required=False, max_length=5000)


@write(
    "Approve these words",
    answer=shapes.Revision,
    body=Yes,
    forbids=_INVARIANTS,
    refuses=(ENDED, "newer_revision", "already_said"),
    stale=_STALE,
)
def approve_revision(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """This revision, this language, this hash. Nobody approves their own text or a language they
    do not read."""
    revision = revision_of(call, reference, revision_id)
    approving.approve(
        revision_id=revision.pk,
        text_hash=call.body["text_hash"],
        actor=call.actor,
        at=call.at,
        **call.given("comment"),
    )
    return _as_it_stands(revision_id)


class No(Input):
    """What must change, and the hash of the words that were read."""

    comment = Text(max_length=5000)
    text_hash = serializers.CharField(max_length=64)


@write(
    "Send words back",
    answer=shapes.Revision,
    body=No,
    forbids=_INVARIANTS,
    refuses=(ENDED, "newer_revision", "comment_missing", "already_said"),
    stale=_STALE,
)
def send_back_revision(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """To their author, with what should change."""
    revision = revision_of(call, reference, revision_id)
    approving.send_back(
        revision_id=revision.pk,
        comment=call.body["comment"],
        text_hash=call.body["text_hash"],
        actor=call.actor,
        at=call.at,
    )
    return _as_it_stands(revision_id)


@write(
    "Take words back from review",
    answer=shapes.Revision,
    refuses=(ENDED, "already_published"),
    stale=("not_in_review",),
)
def take_back_revision(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """Who wrote or sent them, or the lead. The next change makes a new revision."""
    revision = revision_of(call, reference, revision_id)
    approving.take_back(revision_id=revision.pk, actor=call.actor, at=call.at)
    return _as_it_stands(revision_id)


class Phoned(Input):
    """Who said yes and when; `proof` is a picture of the message (multipart)."""

    approver = Id()
    said_at = Moment()
    comment = Text(required=False, max_length=5000)
    proof = serializers.FileField(required=False, allow_empty_file=True)


@write(
    "Record a yes by phone",
    answer=shapes.Revision,
    status=201,
    body=Phoned,
    upload=True,
    forbids=_INVARIANTS,
    refuses=(
        ENDED, "no_such_person", "said_in_future", "newer_revision", "already_said",
        "file_too_large", "file_empty", "file_type_not_allowed",
    ),
    stale=_STALE,
)  # fmt: skip
def record_phone_approval(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """Anyone on duty but the author. It counts at once for SEV1 and SEV2, and waits for the
    approver's own confirmation."""
    revision = revision_of(call, reference, revision_id)
    approving.record_phone_approval(
        revision_id=revision.pk,
        approver=call.somebody(call.body["approver"], name="approver"),
        said_at=call.body["said_at"],
        actor=call.actor,
        at=call.at,
        **call.given("comment", "proof"),
    )
    return _as_it_stands(revision_id)


@write(
    "Confirm a yes given by phone",
    answer=shapes.ApprovalShape,
    forbids=("not_your_word",),
    refuses=(ENDED,),
)
def confirm_approval(call: Call, reference: str, approval_id: int) -> shapes.ApprovalShape:
    """Only who gave it; a second time changes nothing."""
    found = _approval(call, reference, approval_id)
    approval = approving.confirm_phone_approval(approval_id=found.pk, actor=call.actor, at=call.at)
    return shapes.approvals([approval])[0]


@read("Download the proof of a yes by phone", file="application/octet-stream")
def download_proof(call: Call, reference: str, approval_id: int) -> HttpResponseBase:
    """As an attachment."""
    found = _approval(call, reference, approval_id)
    if found.proof is None:
        raise NotVisible
    return attachment(found.proof, f"approval-{found.pk}")


class Called(Input):
    """Whether the approver answered the call."""

    reached = serializers.BooleanField()


@write(
    "Say whether the approver was reached",
    answer=shapes.Revision,
    body=Called,
    refuses=(ENDED, "no_deputy"),
    stale=("not_in_review",),
)
def chase_approver(call: Call, reference: str, revision_id: int) -> shapes.Revision:
    """Not reached: the deputy is asked at once. Reached: it is noted."""
    revision = revision_of(call, reference, revision_id)
    chasing.chase_approver(
        revision_id=revision.pk, reached=call.body["reached"], actor=call.actor, at=call.at
    )
    return _as_it_stands(revision_id)


def _approval(call: Call, reference: str, approval_id: int) -> Approval:
    seen = visible_to(call.user).filter(reference=reference)
    rows = Approval.objects.filter(pk=approval_id, revision__statement__incident__in=seen)
    found = rows.select_related("proof").first()
    if found is None:
        raise NotVisible
    return found


def _as_it_stands(revision_id: int) -> shapes.Revision:
    return shapes.revisions([texts().get(pk=revision_id)])[0]


_INCIDENT = "incidents/<str:reference>/"
_REVISION = f"{_INCIDENT}revisions/<int:revision_id>/"
_APPROVAL = f"{_INCIDENT}approvals/<int:approval_id>/"
ROUTES = {
    f"{_REVISION}approve/": endpoint(post=approve_revision),
    f"{_REVISION}send-back/": endpoint(post=send_back_revision),
    f"{_REVISION}take-back/": endpoint(post=take_back_revision),
    f"{_REVISION}phone-approvals/": endpoint(post=record_phone_approval),
    f"{_REVISION}chase/": endpoint(post=chase_approver),
    f"{_APPROVAL}confirm/": endpoint(post=confirm_approval),
    f"{_APPROVAL}proof/": endpoint(get=download_proof),
}
