"""The main story through the commands alone: open, work, say, approve, post, be reminded, close, learn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.core.errors import Invalid, NotAllowed
from crisisdesk.incidents.domain import (
    approving,
    checklist,
    drafting,
    lifecycle,
    publishing,
    reminders,
    reviewing,
    timeline,
)
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, Reminder
from crisisdesk.notifications.models import Notification
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)
WORDS = (
    "حساب باسم @NourHelp يردّ على الناس باسمنا، وهو ليس لنا. التحديث القادم 17:00 بتوقيت الإمارات"
)


def test_one_crisis_from_the_first_post_to_the_post_mortem(desk: Desk, incident: Incident) -> None:
    lead, staff, approver = desk.actor("lead"), desk.actor("staff"), desk.actor("approver")
    item = ChecklistItem.objects.filter(incident=incident, required=True).order_by("position")[0]
    checklist.tick_item(item_id=item.pk, actor=staff, at=NOON + MINUTE)
    incident.refresh_from_db()
    assert incident.status == Status.ACTIVE

    words = words_of(incident, "holding", "ar")
    revision = drafting.save_draft(
        statement_language_id=words.pk, text=WORDS, version=1, actor=staff, at=NOON + 2 * MINUTE,
        values={"next_update": "17:00 بتوقيت الإمارات"},
    )  # fmt: skip
    with pytest.raises(Invalid, match="not_approved"):
        publishing.claim_posting(
            revision_id=revision.pk, channel="x", actor=staff, at=NOON + 2 * MINUTE
        )
    approving.submit(statement_language_id=words.pk, version=2, actor=staff, at=NOON + 3 * MINUTE)
    with pytest.raises(NotAllowed, match="own_text"):
        approving.approve(revision_id=revision.pk, actor=staff, at=NOON + 4 * MINUTE)
    approving.approve(
        revision_id=revision.pk, actor=approver, at=NOON + 5 * MINUTE, text_hash=revision.text_hash
    )
    publishing.claim_posting(
        revision_id=revision.pk, channel="x", actor=staff, at=NOON + 6 * MINUTE
    )
    publishing.record_publication(
        revision_id=revision.pk,
        channel="x",
        posting=publishing.Posting(url=LINK),
        actor=staff,
        at=NOON + 8 * MINUTE,
    )
    met = Deadline.objects.filter(incident=incident, state="met").values_list("kind", flat=True)
    assert {"acknowledgement", "holding", "approval", "item"} <= set(met)
    promised = Deadline.objects.get(incident=incident, kind="update", state="running")
    assert promised.due_at == NOON.replace(hour=13)

    fired = reminders.fire_due(at=NOON + timedelta(minutes=35))
    assert fired == Reminder.objects.filter(state="fired").count() > 0
    assert reminders.fire_due(at=NOON + timedelta(minutes=35)) == 0
    assert Notification.objects.filter(
        kind="reminder_due", recipient=desk.lead, transport="email"
    ).exists()

    incident.refresh_from_db()
    for number, to in enumerate((Status.CONTAINED, Status.RESOLVED)):
        lifecycle.change_status(
            incident_id=incident.pk, to=to, actor=lead, at=NOON + timedelta(hours=2 + number)
        )
    review = reviewing.save_postmortem(
        incident_id=incident.pk,
        fields={
            "verdict": "Eight minutes.",
            "summary": "A fake account.",
            "cause_known": False,
            "affected_known": False,
            "business_effect_known": False,
            "went_well": "Fast.",
            "went_badly": "Instagram.",
        },
        version=0, actor=staff, at=NOON + timedelta(hours=5),
    )  # fmt: skip
    reviewing.finalise_postmortem(
        incident_id=incident.pk, version=review.version, actor=lead, at=NOON + timedelta(hours=6)
    )
    reviewing.add_action_item(
        incident_id=incident.pk, text="Test access", owner=desk.staff, due_date=NOON.date() + timedelta(days=7),
        actor=lead, at=NOON + timedelta(hours=6),
    )  # fmt: skip
    closed = lifecycle.change_status(
        incident_id=incident.pk, to=Status.CLOSED, actor=lead, at=NOON + timedelta(hours=7)
    )
    assert closed.status == Status.CLOSED
    assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []
