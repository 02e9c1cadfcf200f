"""Copy and post: claim a text for a channel, record where it stands, and meet the clocks it meets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from crisisdesk.core import placeholders
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import (
    deadlines,
    labels,
    lifecycle,
    promises,
    replanning,
    timeline,
    updates,
)
from crisisdesk.incidents.domain.approving import end_review, revision_for_update
from crisisdesk.incidents.domain.cleaning import check_link
from crisisdesk.incidents.domain.drafting import event_data, latest_revision
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import (
    DeadlineKind,
    DeadlineState,
    EventKind,
    IncidentRole,
    PublicationState,
    RevisionState,
    Stage,
    Status,
)
from crisisdesk.incidents.models import Incident, Publication, StatementRevision
from crisisdesk.incidents.queries.approvers import authors_of
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import OfficialAccount

CLAIM = timedelta(minutes=5)
LINK_WITHIN = timedelta(minutes=30)
OVERRIDE_REVIEW = timedelta(hours=24)
FULL_STAGES = (Stage.HOLDING, Stage.UPDATE, Stage.RESOLUTION, Stage.APOLOGY)


@dataclass(frozen=True)
class Posting:
    """What a person says about a post: the pasted link, or that it follows; the rest is filled in."""

    url: str = ""
    link_to_follow: bool = False
    published_at: datetime | None = None
    account_id: int | None = None
    is_reply: bool = False


def _publishable(revision: StatementRevision, channel: str, incident: Incident) -> None:
    latest = latest_revision(revision.statement_language)
    if latest and latest.pk != revision.pk:
        raise Invalid("newer_revision", number=latest.number)
    if channel not in incident.channels and channel not in revision.statement.channels:
        raise Invalid("channel_unknown", field="channel", value=channel)
    if placeholders.names(revision.text):
        raise Invalid("placeholders_left", field="text", names=placeholders.names(revision.text))


def _require_approved(revision: StatementRevision) -> None:
    if revision.state != RevisionState.APPROVED:
        raise Invalid("not_approved", state=revision.state)


@transaction.atomic
def claim_posting(
    *, revision_id: int, channel: str, actor: Actor, at: datetime, take_over: bool = False
) -> Publication:
    """Claim the text for this channel for five minutes, so that two people do not post it twice.

    Raises Invalid("not_approved" | "newer_revision" | "channel_unknown" | "already_published" | "claimed_by_other").
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    rules.require(actor, "publish", incident)
    _publishable(revision, channel, incident)
    _require_approved(revision)
    row = (
        Publication.objects.select_related("claimed_by")
        .filter(revision=revision, channel=channel)
        .first()
    )
    if row and row.state == PublicationState.PUBLISHED:
        raise Invalid("already_published", channel=channel)
    if row and not take_over:
        _require_no_other_claim(row, channel, actor=actor, at=at)
    taken_from = row.claimed_by_id if row and _held_by_other(row, actor=actor, at=at) else None
    if row is None:
        row = Publication(
            statement=revision.statement,
            revision=revision,
            incident=incident,
            language=revision.language,
            channel=channel,
        )
    row.account = _account(incident, channel, None)
    row.state, row.claimed_by, row.claimed_until = PublicationState.CLAIMED, actor.user, at + CLAIM
    row.save()
    timeline.record(
        incident,
        EventKind.POSTING_TAKEN_OVER if taken_from else EventKind.POSTING_CLAIMED,
        actor=actor,
        at=at,
        data=event_data(revision, channel=channel, publication=row.pk, taken_from=taken_from),
        tell=[taken_from] if taken_from else [],
    )
    return row


def _held_by_other(row: Publication, *, actor: Actor, at: datetime) -> bool:
    """Whether somebody else has the text for this channel at this moment."""
    held = row.state == PublicationState.CLAIMED and row.claimed_until and row.claimed_until > at
    return bool(held) and row.claimed_by_id != actor.id


def _require_no_other_claim(row: Publication, channel: str, *, actor: Actor, at: datetime) -> None:
    if _held_by_other(row, actor=actor, at=at):
        name = row.claimed_by.names() if row.claimed_by else ""
        raise Invalid("claimed_by_other", name=name, channel=channel)


@transaction.atomic
def release_posting(*, publication_id: int, actor: Actor, at: datetime) -> None:
    """Give a claim back without posting; its holder may. A claim that is not held by them stays as it is."""
    found = Publication.objects.filter(pk=publication_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    rules.require(actor, "publish", incident)
    row = Publication.objects.select_related("revision__statement").get(pk=publication_id)
    if row.state != PublicationState.CLAIMED or row.claimed_by_id != actor.id:
        return
    row.state, row.claimed_until = PublicationState.RELEASED, None
    row.save(update_fields=["state", "claimed_until"])
    timeline.record(
        incident,
        EventKind.POSTING_RELEASED,
        actor=actor,
        at=at,
        data=event_data(row.revision, channel=row.channel, publication=row.pk),
    )


@transaction.atomic
def record_publication(
    *, revision_id: int, channel: str, posting: Posting, actor: Actor, at: datetime
) -> Publication:
    """Record that approved words are out on a channel; only the pasted link is needed.

    Meets the clocks it meets, makes declared active, keeps the promised next update. A channel without an official
    account is a warning on the page, not a refusal. Raises Invalid("not_approved" | "newer_revision" |
    "already_published" | "claimed_by_other" | "link_missing" | "link_invalid" | "published_in_future").
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    rules.require(actor, "publish", incident)
    _publishable(revision, channel, incident)
    _require_approved(revision)
    return _publish(incident, revision, channel, posting, actor=actor, at=at)


@transaction.atomic
def override_publication(
    *, revision_id: int, channel: str, posting: Posting, reason: str, actor: Actor, at: datetime
) -> Publication:
    """The lead, not the author, puts words out without their approval, with a reason: an event, a review, a
    line in the report.

    Raises NotAllowed("own_text" | "not_allowed"), Invalid("reason_missing") and as record_publication().
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    rules.require(actor, "override", incident)
    if actor.id in authors_of(revision.statement_language):
        raise NotAllowed("own_text")
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    _publishable(revision, channel, incident)
    words = reason.strip()
    timeline.record(
        incident,
        EventKind.OVERRIDDEN,
        actor=actor,
        at=at,
        data=event_data(revision, channel=channel, state=revision.state),
        texts={"reason": timeline.Text(words, guess_language(words))},
        tell=[revision.asked_id or 0, revision.deputy_id or 0],
    )
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.OVERRIDE_REVIEW,
            label=labels.override_review(revision.statement.title),
            started_at=at,
            length=OVERRIDE_REVIEW,
            lives_until=Status.CLOSED,
            role=IncidentRole.LEAD,
            start_event="overridden",
            subject=("override", revision.pk),
            language=revision.language,
        ),
        at=at,
    )
    row = _publish(incident, revision, channel, posting, actor=actor, at=at)
    row.override_reason = words
    row.save(update_fields=["override_reason"])
    return row


@transaction.atomic
def review_override(*, publication_id: int, note: str, actor: Actor, at: datetime) -> Publication:
    """Look back at an override: what was learnt, in a line; ends its review deadline, and nobody is asked to approve
    any more what has long been out."""
    found = Publication.objects.filter(pk=publication_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    rules.require(actor, "override", incident)
    row = Publication.objects.select_related("revision").get(pk=publication_id)
    if not note.strip():
        raise Invalid("text_missing", field="note")
    if row.revision.state == RevisionState.IN_REVIEW:
        end_review(incident, row.revision, at=at)
    rows = deadlines.running(incident, subject=("override", row.revision_id))
    met = deadlines.meet(rows, met_at=at)
    timeline.record(
        incident,
        EventKind.NOTE_ADDED,
        actor=actor,
        at=at,
        data={"override_of": row.revision_id, "met": met},
        texts={"text": timeline.Text(note.strip(), guess_language(note))},
    )
    return row


def _publish(
    incident: Incident,
    revision: StatementRevision,
    channel: str,
    posting: Posting,
    *,
    actor: Actor,
    at: datetime,
) -> Publication:
    published_at = posting.published_at or at
    if published_at > at:
        raise Invalid("published_in_future", field="published_at")
    if not posting.url.strip() and not posting.link_to_follow:
        raise Invalid("link_missing", field="url")
    url = check_link(posting.url) if posting.url.strip() else ""
    row = Publication.objects.filter(revision=revision, channel=channel).first() or Publication(
        statement=revision.statement,
        revision=revision,
        incident=incident,
        language=revision.language,
        channel=channel,
    )
    if row.state == PublicationState.PUBLISHED:
        raise Invalid("already_published", channel=channel)
    _require_no_other_claim(row, channel, actor=actor, at=at)
    row.state, row.url, row.published_at, row.published_by = (
        PublicationState.PUBLISHED,
        url,
        published_at,
        actor.user,
    )
    row.account = _account(incident, channel, posting.account_id)
    row.is_reply, row.claimed_until = posting.is_reply, None
    row.save()
    met = deadlines.meet(_met_by(incident, revision, channel), met_at=published_at)
    met += promises.keep(incident, revision, published_at=published_at)
    asked = updates.requests_of(incident) if revision.statement.audience != "staff" else []
    met += updates.met_by(asked, met_at=published_at)
    timeline.record(
        incident,
        EventKind.PUBLISHED,
        actor=actor,
        at=at,
        occurred_at=published_at,
        data=event_data(
            revision,
            channel=channel,
            publication=row.pk,
            url=url,
            account=row.account.handle if row.account else "",
            met=met,
        ),
        texts={"text": timeline.Text(revision.text, revision.language)},
        tell=updates.askers([row for row in asked if row.state == DeadlineState.MET]),
    )
    if not url:
        _await_link(incident, row, at=at)
    promises.make(incident, row, actor=actor, at=at)
    drafts = replanning.after_publication(incident, revision.statement.stage, at=at)
    timeline.record_many(incident, drafts, actor=actor, at=at)
    lifecycle.activate_on_first_act(incident, actor=actor, at=at)
    return row


def _account(incident: Incident, channel: str, account_id: int | None) -> OfficialAccount | None:
    accounts = OfficialAccount.objects.filter(
        brand=incident.brand_id, channel__key=channel
    ).order_by("pk")
    return accounts.filter(pk=account_id).first() if account_id else accounts.first()


def _met_by(incident: Incident, revision: StatementRevision, channel: str) -> list[Any]:
    """The running deadlines that this publication meets; a holding statement on the origin channel is also a
    first word."""
    stage = revision.statement.stage
    public = revision.statement.audience != "staff"
    on_origin = (
        channel == incident.origin_channel or incident.origin_channel not in incident.channels
    )
    kinds: list[str] = []
    if public and on_origin and stage in (Stage.ACKNOWLEDGEMENT, *FULL_STAGES, Stage.CORRECTION):
        kinds.append(DeadlineKind.ACKNOWLEDGEMENT)
    if public and stage in FULL_STAGES:
        kinds.append(DeadlineKind.HOLDING)
    if public and stage == Stage.CORRECTION:
        kinds.append(DeadlineKind.CORRECTION)
    if stage == Stage.INTERNAL or not public:
        kinds.append(DeadlineKind.INTERNAL_NOTE)
    rows = deadlines.running(incident, kinds=kinds) if kinds else []
    return rows + deadlines.running(incident, subject=("language", revision.statement_language_id))


def _await_link(incident: Incident, row: Publication, *, at: datetime) -> None:
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.PUBLICATION_LINK,
            label=labels.link_to_follow(row.statement.title),
            started_at=at,
            length=LINK_WITHIN,
            lives_until=Status.CLOSED,
            role=IncidentRole.SPOKESPERSON,
            start_event="published",
            subject=("publication", row.pk),
            owner_id=row.published_by_id,
            channel=row.channel,
            language=row.language,
            escalate=False,
        ),
        at=at,
    )


@transaction.atomic
def add_publication_link(
    *, publication_id: int, url: str, actor: Actor, at: datetime
) -> Publication:
    """Add the link of a post that was recorded as "link to follow". Raises Invalid("link_invalid" |
    "not_published")."""
    found = Publication.objects.filter(pk=publication_id).values_list("incident", flat=True).first()
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    rules.require(actor, "publish", incident)
    row = Publication.objects.select_related("revision__statement").get(pk=publication_id)
    if row.state != PublicationState.PUBLISHED:
        raise Invalid("not_published")
    row.url = check_link(url)
    row.save(update_fields=["url"])
    met = deadlines.meet(deadlines.running(incident, subject=("publication", row.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.PUBLICATION_LINKED,
        actor=actor,
        at=at,
        data=event_data(
            row.revision, channel=row.channel, publication=row.pk, url=row.url, met=met
        ),
    )
    return row
