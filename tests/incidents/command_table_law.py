"""Commands about deadlines and who must be told by law, and who may call them."""

from __future__ import annotations

from crisisdesk.incidents.domain import deadlines, feeds, regulators, snoozing, updates
from crisisdesk.incidents.models import CalendarFeed
from crisisdesk.organisation.domain.actors import Actor
from tests.incidents.command_case import ASK, DUTY, LEAD, MEMBER, REMINDED, WORK, Case
from tests.incidents.command_room import AT, LATER, Room


def _feed(room: Room, actor: Actor) -> int:
    """An address of the actor's own (a stranger has one from before they lost the brand)."""
    return CalendarFeed.objects.create(
        user=actor.user, incident=room.incident, digest="0" * 64, created_at=AT
    ).pk


LAW: dict[str, Case] = {
    "add_regulator": Case(
        "ask whether an authority must be told", LEAD,
        lambda room, actor: regulators.add_regulator(
            incident_id=room.incident.pk, key="gdpr-people", actor=actor, at=AT
        ),
    ),
    "answer_regulator": Case(
        "say whether a duty to tell an authority applies", LEAD,
        lambda room, actor: regulators.answer_regulator(
            clock_id=room.regulator.pk, applies=False, version=room.regulator.version,
            actor=actor, at=AT,
        ),
    ),
    "record_notice": Case(
        "record what an authority was told", WORK,
        lambda room, actor: regulators.record_notice(
            clock_id=room.regulator.pk, sent_at=AT, contents={"nature": "N"},
            version=room.regulator.version, actor=actor, at=AT,
        ),
    ),
    "make_feed": Case(
        "put an incident's deadlines into their own calendar", MEMBER,
        lambda room, actor: feeds.make_feed(incident_id=room.incident.pk, actor=actor, at=AT),
    ),
    "revoke_feed": Case(
        "revoke a calendar address of their own", MEMBER,
        lambda room, actor: feeds.revoke_feed(feed_id=_feed(room, actor), actor=actor, at=AT),
    ),
    "snooze": Case(
        "be left alone for a while by alarms that reach them", REMINDED,
        lambda room, actor: snoozing.snooze(
            deadline_id=room.deadline.pk, until=LATER, actor=actor, at=AT
        ),
    ),
    "acknowledge": Case(
        "say that they have a deadline", DUTY,
        lambda room, actor: snoozing.acknowledge(
            deadline_id=room.deadline.pk, actor=actor, at=AT
        ),
    ),
    "ask_update": Case(
        "ask the lead for an update", ASK,
        lambda room, actor: updates.ask_update(incident_id=room.incident.pk, actor=actor, at=AT),
    ),
    "answer_update": Case(
        "answer who asked for an update", LEAD,
        lambda room, actor: updates.answer_update(
            incident_id=room.incident.pk, text="T", actor=actor, at=AT
        ),
    ),
    "waive": Case(
        "waive a deadline", LEAD,
        lambda room, actor: deadlines.waive(
            deadline_id=room.deadline.pk, reason="R", actor=actor, at=AT
        ),
    ),
}  # fmt: skip
