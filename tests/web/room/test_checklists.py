"""The checklists: what is shown, what is hidden, what rests on what, and every press on an item."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from crisisdesk.incidents.domain import checklist
from crisisdesk.incidents.models import ChecklistItem, Deadline, Evidence, Incident
from crisisdesk.incidents.queries.checklist import Filters, board
from tests.factories.incidents import LINK, Desk, make_incident
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


def _list(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/checklists/"


def _press(incident: Incident, item: ChecklistItem, what: str) -> str:
    return f"/incidents/{incident.reference}/items/{item.pk}/{what}/"


def test_items_of_a_channel_we_are_not_on_are_hidden_and_have_no_clock(desk: Desk) -> None:
    incident = make_incident(desk, channels=("x", "facebook"))
    insta = ChecklistItem.objects.get(incident=incident, channel="instagram")
    everything = ChecklistItem.objects.filter(incident=incident).count()
    found = board(incident, desk.lead, Filters(), at=NOON)
    assert found.hidden["instagram"] == 1
    assert found.all == everything - sum(found.hidden.values())
    assert not Deadline.objects.filter(subject_kind="item", subject_id=insta.pk).exists()
    body = signed_in(desk.staff).get(_list(incident)).content.decode()
    assert "1 item for Instagram is hidden and not counted" in body
    assert f'id="item-{insta.pk}"' not in body
    there = make_incident(desk, channels=("x", "instagram"))
    assert "instagram" not in board(there, desk.lead, Filters(), at=NOON).hidden


def test_a_phase_that_has_not_begun_is_folded_until_somebody_works_on_it(
    desk: Desk, incident: Incident
) -> None:
    def folded() -> dict[str, bool]:
        found = board(incident, desk.lead, Filters(), at=NOON)
        return {phase.phase: phase.is_folded for phase in found.phases}

    assert folded() == {
        "first_15_minutes": False,
        "first_hour": False,
        "keep_talking": True,
        "recover": True,
        "learn": True,
    }
    early = ChecklistItem.objects.filter(incident=incident, phase="recover")[0]
    checklist.tick_item(item_id=early.pk, actor=desk.actor("staff"), at=NOON)
    assert folded()["recover"] is False
    incident.status = "resolved"
    assert not any(folded().values())
    narrow = board(incident, desk.lead, Filters(mine=True), at=NOON)
    assert not any(phase.is_folded for phase in narrow.phases)


def test_the_list_is_narrowed_by_channel_mine_and_late(desk: Desk, incident: Incident) -> None:
    late = NOON + timedelta(hours=1, minutes=1)
    found = board(incident, desk.lead, Filters(late=True), at=late)
    rows = [row for phase in found.phases for row in phase.rows]
    assert rows and all(row.is_late(late) for row in rows)
    assert found.late == len(rows)
    mine = board(incident, desk.lead, Filters(mine=True), at=NOON)
    assert {row.item.role for phase in mine.phases for row in phase.rows} == {"lead"}
    on_x = board(incident, desk.lead, Filters(channel="x"), at=NOON)
    assert {row.item.channel for phase in on_x.phases for row in phase.rows} == {"x"}
    body = signed_in(desk.staff).get(_list(incident) + "?mine=1").content.decode()
    assert "No item fits" in body


def test_each_row_says_what_it_rests_on(desk: Desk, incident: Incident) -> None:
    body = signed_in(desk.staff).get(_list(incident)).content.decode()
    assert "article, paragraph 6" in body
    assert "From the article “What to do when someone speaks to your customers" in body
    assert 'role="tooltip"' in body


def test_staff_takes_what_nobody_has_and_gives_several_away(desk: Desk, incident: Incident) -> None:
    first, second = ChecklistItem.objects.filter(incident=incident, role="monitor")[:2]
    staff = signed_in(desk.staff)
    row = staff.post(
        _press(incident, first, "assign"),
        {"owner": str(desk.staff.pk)},
        headers={"HX-Request": "true"},
    )
    assert desk.staff.full_name in row.content.decode()
    given = {"items": [str(first.pk), str(second.pk)], "owner": str(desk.lead.pk)}
    assert staff.post(f"/incidents/{incident.reference}/items/assign/", given).status_code == 302
    owners = ChecklistItem.objects.filter(pk__in=[first.pk, second.pk]).values_list("owner")
    assert {owner for (owner,) in owners} == {desk.lead.pk}
    refused = staff.post(f"/incidents/{incident.reference}/items/assign/", {"items": []})
    assert refused.status_code == 422
    foreign = {"items": [str(first.pk)], "owner": str(desk.stranger.pk)}
    assert staff.post(f"/incidents/{incident.reference}/items/assign/", foreign).status_code == 404


def test_an_undone_item_runs_again_and_undoing_twice_is_refused(
    desk: Desk, incident: Incident
) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    staff = signed_in(desk.staff)
    staff.post(_press(incident, item, "tick"))
    undone = staff.post(_press(incident, item, "undo"), headers={"HX-Request": "true"})
    assert 'aria-pressed="false"' in undone.content.decode()
    assert staff.post(_press(incident, item, "undo")).status_code == 409
    assert Deadline.objects.get(subject_kind="item", subject_id=item.pk).state == "running"


def test_the_page_learns_which_events_are_its_own(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    row = signed_in(desk.staff).post(_press(incident, item, "tick"), headers={"HX-Request": "true"})
    incident.refresh_from_db()
    seen = json.loads(row["HX-Trigger"])["desk:seen"]
    assert seen == {"since": 1, "number": incident.last_number}


def test_the_same_evidence_sent_twice_is_kept_once(desk: Desk, incident: Incident) -> None:
    item = ChecklistItem.objects.get(incident=incident, key="capture-fake-replies")
    staff = signed_in(desk.staff)
    given = {"url": LINK, "key": "one-form"}
    for _ in range(2):
        assert staff.post(_press(incident, item, "evidence"), given).status_code == 302
    assert Evidence.objects.count() == 1
    other = staff.post(_press(incident, item, "evidence"), given | {"url": f"{LINK}2"})
    assert other.status_code == 422
    nothing = staff.post(_press(incident, item, "evidence"), {"url": "", "key": "two"})
    assert nothing.status_code == 422
    assert Evidence.objects.count() == 1


def test_queries_do_not_grow_with_items(
    desk: Desk, incident: Incident, django_assert_max_num_queries: Any
) -> None:
    staff = signed_in(desk.staff)
    ChecklistItem.objects.filter(incident=incident).exclude(key="capture-fake-replies").delete()
    item = ChecklistItem.objects.get(incident=incident)
    checklist.add_evidence(
        incident_id=incident.pk, item_id=item.pk, url=LINK, actor=desk.actor("staff"), at=NOON
    )
    staff.get(_list(incident))
    with django_assert_max_num_queries(26) as few:
        staff.get(_list(incident))
    for number in range(50):
        row = ChecklistItem.objects.get(pk=item.pk)
        row.pk, row.key, row.position = None, f"more-{number}", 100 + number
        row.owner = desk.staff if number % 2 else None
        row.save(force_insert=True)
        Evidence.objects.create(
            incident=incident, item=row, url=LINK, name="post", added_by=desk.lead, added_at=NOON
        )
    with django_assert_max_num_queries(len(few)):
        staff.get(_list(incident))
