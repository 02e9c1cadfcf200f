"""What the room reads: what is said and where, what became of clocks, what stands in the head."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.core.placeholders import fill
from crisisdesk.incidents.domain import approving, checklist, deadlines, drafting, publishing, roles
from crisisdesk.incidents.domain.messages import way_to_subject
from crisisdesk.incidents.domain.transitions import can_move_to
from crisisdesk.incidents.enums import DeadlineKind, Status
from crisisdesk.incidents.models import ChecklistItem, Deadline, Incident, StatementLanguage
from crisisdesk.incidents.queries import now
from crisisdesk.incidents.queries.deadlines import settled
from crisisdesk.incidents.queries.head import head_of
from tests.factories.incidents import LINK, Desk, make_incident, words_of
from tests.factories.organisation import NOON

VALUES = {
    "fake_account": "@NourHelp",
    "our_account": "@NourHome",
    "channel": "X",
    "how_many": "We do not know yet how many people it answered.",
    "next_update": "16:30 UAE time",
    "link": "https://nour.example/real",
}


def _publish(desk: Desk, incident: Incident, stage: str, channel: str, minute: int) -> None:
    row = words_of(incident, stage, "en")
    by, at = {"actor": desk.actor("staff")}, NOON + timedelta(minutes=minute)
    drafting.save_draft(
        statement_language_id=row.pk,
        text=fill(row.template, VALUES).text,
        version=row.version,
        values=VALUES,
        at=at,
        **by,
    )
    row = StatementLanguage.objects.get(pk=row.pk)
    revision = approving.submit(statement_language_id=row.pk, version=row.version, at=at, **by)
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=at)
    posting = publishing.Posting(url=LINK)
    publishing.record_publication(
        revision_id=revision.pk, channel=channel, posting=posting, at=at, **by
    )


def test_what_we_say_now_is_what_was_touched_last(desk: Desk) -> None:
    incident = make_incident(desk)
    first = now.in_hand(now.said(incident))
    assert first is not None and first.statement.stage == "acknowledgement"
    assert now.last_posted(now.said(incident)) is None
    _publish(desk, incident, "acknowledgement", "x", 5)
    _publish(desk, incident, "holding", "facebook", 20)
    statements = now.said(incident)
    in_hand, posted = now.in_hand(statements), now.last_posted(statements)
    assert in_hand is not None and in_hand.statement.stage == "holding"
    assert posted is not None and posted.channel == "facebook"
    assert now.stages_out(statements) == {"acknowledgement", "holding"}
    assert now.announcements_without_reply(statements, []) == 2


def test_coverage_shows_the_post_or_how_far_the_next_words_are(desk: Desk) -> None:
    incident = make_incident(desk)
    _publish(desk, incident, "acknowledgement", "x", 5)
    hebrew = words_of(incident, "holding", "he")
    drafting.plan_language(
        statement_language_id=hebrew.pk,
        plan="to_follow",
        follow_by=NOON + timedelta(hours=3),
        actor=desk.actor("staff"),
        at=NOON,
    )
    table = dict(now.coverage(incident, now.said(incident)))
    states = dict(zip(incident.languages, (cell.state for cell in table["x"]), strict=True))
    assert states == {"en": "posted", "he": "to_follow", "ar": "needed"}


def test_settled_clocks_say_how_far_beside_their_time_they_were(desk: Desk) -> None:
    incident = make_incident(desk)
    assert settled(incident) == []
    _publish(desk, incident, "acknowledgement", "x", 52)
    holding = Deadline.objects.get(incident=incident, kind="holding")
    deadlines.waive(deadline_id=holding.pk, reason="Nobody asks", actor=desk.actor("lead"), at=NOON)
    found = {row.deadline.kind: row for row in settled(incident)}
    assert found["acknowledgement"].is_late
    assert found["acknowledgement"].beside == timedelta(minutes=22)
    assert (found["holding"].is_late, found["holding"].beside) == (False, None)


def test_the_head_counts_and_names_in_as_many_queries_however_much_there_is(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    incident = make_incident(desk)
    with django_assert_max_num_queries(5) as few:
        head = head_of(incident)
    assert head.more == len(head.strip) - 3
    due = [promise.deadline.due_at for promise in head.promises]
    assert due == sorted(due)
    roles.assign_role(
        incident_id=incident.pk,
        role="spokesperson",
        user=desk.staff,
        actor=desk.actor("lead"),
        at=NOON,
    )
    for item in ChecklistItem.objects.filter(incident=incident)[:9]:
        checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=NOON)
    with django_assert_max_num_queries(len(few)):
        head = head_of(incident)
    assert head.items_done == 9


def test_required_items_of_a_channel_we_are_not_on_stand_in_nobodys_way(desk: Desk) -> None:
    incident = make_incident(desk, channels=("x",))
    first = ChecklistItem.objects.filter(incident=incident, phase="first_15_minutes", required=True)
    first.exclude(channel="instagram").update(state="done")
    ChecklistItem.objects.filter(incident=incident, channel="instagram").update(required=True)
    incident.status = Status.ACTIVE
    codes = {reason.code for reason in can_move_to(incident, Status.CONTAINED)}
    assert "first_items_open" not in codes


@pytest.mark.parametrize(
    ("kind", "subject", "rest"),
    [
        ("item", ["item", 7], "checklists/#item-7"),
        ("approval", ["revision", 7], "approve/7/"),
        ("question", ["question", 7], "questions/7/"),
        ("closing_line", ["closing_line", 7], "questions/7/"),
        ("publication_link", ["publication", 7], "publications/7/link/"),
        ("commitment", ["commitment", 7], "#promise-7"),
        ("action_item", ["action", 7], "report/"),
        ("postmortem", ["incident", 0], "report/"),
        ("language", ["language", 7], "statements/"),
        ("phone_confirmation", ["approval", 7], "statements/"),
        ("override_review", ["override", 7], "statements/"),
        ("holding", ["incident", 0], "statements/"),
        ("posts_paused", ["incident", 0], "checklists/"),
        ("complaint_reply", ["incident", 0], "#now-questions"),
    ],
)
def test_every_clock_has_a_page_that_meets_it(kind: str, subject: list[Any], rest: str) -> None:
    assert DeadlineKind(kind)
    path, action = way_to_subject("/room/", {"kind": kind, "subject": subject})
    assert path == f"/room/{rest}"
    assert action
