"""A person is away and names who is told in their place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.notifications.models import StandIn
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.stand_ins import in_sight, may_stand_in, overlapping, running
from crisisdesk.organisation.rules import require_write

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor

TOPIC = "stand_in"
NAMED, ENDED = "stand_in_named", "stand_in_ended"
LONGEST = timedelta(days=90)


@transaction.atomic
def name_stand_in(
    *,
    stand_in_id: int,
    from_at: datetime,
    until_at: datetime,
    silent: bool = False,
    actor: Actor,
    at: datetime,
) -> StandIn:
    """In this time the colleague gets the actor's duty messages as well, and is told so; `silent`: the actor themselves
    is told in the inbox only.

    Raises Invalid at "stand_in": "no_such_person", "stand_in_self", "stand_in_away" (they have named somebody
    themselves); at "from_at": "stand_in_chain" (the actor stands in for somebody), "stand_in_overlaps"; at "until_at":
    "until_before_from", "until_in_past", "stand_in_too_long".
    """
    person = _actor_for_update(actor, stand_in_id)
    if stand_in_id == person.pk:
        raise Invalid("stand_in_self", field="stand_in")
    colleague = may_stand_in(person).filter(pk=stand_in_id).first()
    if colleague is None:
        raise Invalid("no_such_person", field="stand_in")
    from_at = max(from_at, at)
    _require_a_time(from_at, until_at, at=at)
    _require_no_chain(person, colleague, from_at, until_at)
    row = StandIn.objects.create(
        person=person,
        stand_in=colleague,
        from_at=from_at,
        until_at=until_at,
        silent=silent,
        created_at=at,
    )
    _tell(row, colleague, about=person, kind=NAMED, urgent=False, at=at)
    return row


@transaction.atomic
def end_stand_in(*, agreement_id: int, actor: Actor, at: datetime) -> StandIn:
    """From now on the colleague gets no more of it; either side may end it, and the other is told. Ending it twice
    changes nothing. Raises NotVisible."""
    require_write(actor)
    if actor.user is None:
        raise NotVisible
    rows = in_sight(actor.user).select_for_update(of=("self",))
    row = rows.filter(pk=agreement_id).first()
    if row is None:
        raise NotVisible
    if running(StandIn.objects.filter(pk=row.pk), at=at).exists():
        row.ended_at, row.ended_by = at, actor.user
        row.save(update_fields=["ended_at", "ended_by"])
        left = row.stand_in_id == actor.user.pk
        other = row.person if left else row.stand_in
        # Whoever relied on a colleague is mailed, whatever they chose, that nobody stands in any more. In their quiet
        # hours that can wait: from now on all is told to themselves again, so nothing grave is lost meanwhile.
        _tell(row, other, about=actor.user, kind=ENDED, urgent=left, at=at)
    return row


def end_without_ground(person: User, *, actor: Actor, at: datetime) -> None:
    """End what this person agreed and cannot keep: one of the two cannot sign in, or no brand is common to them any
    more. In the caller's transaction; those who relied on the person are mailed."""
    colleagues = (
        set(may_stand_in(person).values_list("pk", flat=True)) if person.is_active else set()
    )
    for row in running(in_sight(person).select_for_update(of=("self",)), at=at):
        relies = row.stand_in_id == person.pk
        if (row.person_id if relies else row.stand_in_id) in colleagues:
            continue
        row.ended_at, row.ended_by = at, actor.user
        row.save(update_fields=["ended_at", "ended_by"])
        if relies:
            _tell(row, row.person, about=person, kind=ENDED, urgent=True, at=at)


def _actor_for_update(actor: Actor, colleague_id: int) -> User:
    """Return the actor's row; both rows are locked, in the order of their numbers, so that two people cannot name each
    other at once."""
    require_write(actor)
    if actor.id is None:
        raise NotVisible
    rows = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in={actor.id, colleague_id})}
    if actor.id not in found:
        raise NotVisible
    return found[actor.id]


def _require_a_time(from_at: datetime, until_at: datetime, *, at: datetime) -> None:
    if until_at <= at:
        raise Invalid("until_in_past", field="until_at")
    if until_at <= from_at:
        raise Invalid("until_before_from", field="until_at")
    if until_at - from_at > LONGEST:
        raise Invalid("stand_in_too_long", field="until_at", days=LONGEST.days)


def _require_no_chain(person: User, colleague: User, from_at: datetime, until_at: datetime) -> None:
    rows = overlapping(from_at=from_at, until_at=until_at)
    own = rows.filter(person=person).select_related("stand_in").first()
    if own is not None:
        raise Invalid("stand_in_overlaps", field="from_at", name=own.stand_in.names())
    duty = rows.filter(stand_in=person).select_related("person").first()
    if duty is not None:
        raise Invalid("stand_in_chain", field="from_at", name=duty.person.names())
    if rows.filter(person=colleague).exists():
        raise Invalid("stand_in_away", field="stand_in", name=colleague.names())


def _tell(row: StandIn, told: User, *, about: User, kind: str, urgent: bool, at: datetime) -> None:
    enqueue_many(
        [
            Message(
                recipient_id=told.pk,
                topic=TOPIC,
                topic_id=row.pk,
                kind=kind,
                data={
                    "name": about.names(),
                    "from_at": row.from_at.isoformat(),
                    "until_at": row.until_at.isoformat(),
                    "silent": row.silent,
                },
                dedupe_key=f"{TOPIC}:{row.pk}:{kind}",
                urgent=urgent,
            )
        ],
        at=at,
    )
