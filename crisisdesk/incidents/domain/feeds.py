"""Calendar addresses: made and shown once, read by a calendar program, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from crisisdesk.core.errors import Gone, Invalid, NotVisible
from crisisdesk.incidents.models import CalendarFeed
from crisisdesk.incidents.queries.feeds import MOST_FEEDS, feeds_of
from crisisdesk.incidents.queries.visibility import visible_to
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.secrets import digest, new_secret
from crisisdesk.organisation.models import User
from crisisdesk.organisation.rules import require_write

# Calendar programs ask every few minutes; when it was read is worth one write an hour.
_NOTED = timedelta(hours=1)


@dataclass(frozen=True)
class NewFeed:
    """An address just made; `secret` is nowhere else and cannot be had again."""

    feed: CalendarFeed
    secret: str


@transaction.atomic
def make_feed(*, incident_id: int | None, actor: Actor, at: datetime) -> NewFeed:
    """The actor has a new calendar address: of their own deadlines, or of one incident that they may see.

    It is personal, changes no incident and leaves no event. Raises NotVisible for an incident out of sight and for
    the desk itself, Invalid("feeds_too_many") beyond MOST_FEEDS.
    """
    require_write(actor)
    if actor.user is None:
        raise NotVisible
    person = User.objects.select_for_update(of=("self",)).get(pk=actor.user.pk)
    if incident_id is not None and not visible_to(person).filter(pk=incident_id).exists():
        raise NotVisible
    if CalendarFeed.objects.filter(user=person, revoked_at=None).count() >= MOST_FEEDS:
        raise Invalid("feeds_too_many", field="incident", most=MOST_FEEDS)
    secret, hashed = new_secret()
    feed = CalendarFeed.objects.create(
        user=person, incident_id=incident_id, digest=hashed, created_at=at
    )
    return NewFeed(feed, secret)


@transaction.atomic
def revoke_feed(*, feed_id: int, actor: Actor, at: datetime) -> None:
    """The address answers "gone" from now on. Raises NotVisible for one that is not the actor's own or is revoked."""
    require_write(actor)
    own = feeds_of(actor.user) if actor.user is not None else CalendarFeed.objects.none()
    ended = CalendarFeed.objects.filter(pk__in=own.filter(pk=feed_id).values("pk"))
    if not ended.update(revoked_at=at):
        raise NotVisible


def open_feed(secret: str, *, at: datetime) -> CalendarFeed:
    """Return the calendar of this address with its person, and note that it was read.

    Raises NotVisible for an address that never was, of a person who may not sign in, or of an incident that they may
    not see any more; Gone("feed_revoked") for one that was revoked.
    """
    feed = (
        CalendarFeed.objects.select_related("user", "incident")
        .filter(digest=digest(secret))
        .first()
    )
    if feed is None or not feed.user.is_active:
        raise NotVisible
    if feed.revoked_at is not None:
        raise Gone("feed_revoked")
    if feed.incident_id and not visible_to(feed.user).filter(pk=feed.incident_id).exists():
        raise NotVisible
    if feed.read_at is None or feed.read_at < at - _NOTED:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=at)
    return feed
