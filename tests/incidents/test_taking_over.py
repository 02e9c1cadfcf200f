"""Parts of a newer revision taken into a running incident: copied as at opening, nothing there changed, told once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.errors import DomainError, Invalid, Stale
from crisisdesk.incidents.domain import checklist, lifecycle, reach, roles, timeline
from crisisdesk.incidents.domain.messages import render
from crisisdesk.incidents.domain.newer import new_items, new_statements, read_news
from crisisdesk.incidents.domain.reminders import fire_due
from crisisdesk.incidents.domain.sentences import sentence
from crisisdesk.incidents.domain.taking_over import Taken, take_over
from crisisdesk.incidents.enums import CancelReason, Status
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Incident,
    ScreeningQuestion,
    Statement,
    TimelineEvent,
)
from crisisdesk.notifications.models import Notification
from playbooks.models import Playbook, PlaybookRevision
from tests.factories.incidents import Desk, revision_of
from tests.factories.moving_room import (
    answer,
    clock_of,
    later,
    make_moving,
    moving_content,
    state,
    tick,
)
from tests.factories.newer import NEW_ITEMS, NEW_WORDS, newer_folder
from tests.factories.organisation import NOON


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An incident from the moving playbook, opened at noon."""
    return make_moving(desk)


@pytest.fixture
def newer(incident: Incident) -> PlaybookRevision:
    """The second revision of its playbook."""
    return moving_content(newer_folder())


def take(
    incident: Incident,
    desk: Desk,
    newer: PlaybookRevision,
    *keys: str,
    words: tuple[str, ...] = (),
    minute: int = 5,
    who: str = "lead",
) -> Taken:
    """Take these over as the lead."""
    return take_over(
        incident_id=incident.pk, revision_id=newer.pk, items=keys, statements=words,
        actor=desk.actor(who), at=later(minute),
    )  # fmt: skip


def row(incident: Incident, key: str) -> ChecklistItem:
    """Return the item of that key."""
    return ChecklistItem.objects.get(incident=incident, key=key)


def test_chosen_parts_are_copied_as_at_opening(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    before = list(ChecklistItem.objects.filter(incident=incident).order_by("pk").values())
    clocks = list(Deadline.objects.filter(incident=incident).order_by("pk").values())
    taken = take(incident, desk, newer, "new-plain", words=("new-words",))
    assert [item.key for item in taken.items] == ["new-plain"]
    fresh = make_moving(desk, revision=newer)
    one, other = row(incident, "new-plain"), row(fresh, "new-plain")
    for name in ("phase", "channel", "words", "detail", "required", "role", "minutes", "when",
                 "starts", "after", "repeat", "meets", "provenance", "lesson", "is_hidden"):  # fmt: skip
        assert getattr(one, name) == getattr(other, name), name
    assert one.position == 1 + max(each["position"] for each in before)
    due = clock_of(incident, "new-plain")
    assert due is not None and (due.started_at, due.due_at) == (NOON, later(60))
    said = Statement.objects.get(incident=incident, key="new-words")
    assert (said.lane, said.channels) == ("careful", ["x"])
    assert sorted(said.languages.values_list("language", flat=True)) == ["ar", "he"]
    assert incident.lanes.get(key="careful").approvals == {"sev1": 2, "sev2": 2}
    kept = {each["id"] for each in before}
    now = ChecklistItem.objects.filter(incident=incident, pk__in=kept).order_by("pk").values()
    assert list(now) == before
    ran = Deadline.objects.filter(incident=incident).exclude(pk=due.pk).order_by("pk").values()
    assert list(ran) == clocks
    assert Statement.objects.filter(incident=incident, key="other-words").count() == 0


def test_one_event_says_what_was_taken_over(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    first = incident.last_number
    take(incident, desk, newer, "new-plain", "new-asked", words=("new-words",))
    event = TimelineEvent.objects.get(incident=incident, number__gt=first)
    assert (event.kind, event.data["revision"]) == ("items_taken_over", 2)
    assert [each["key"] for each in event.data["items"]] == ["new-plain", "new-asked"]
    assert [each["key"] for each in event.data["statements"]] == ["new-words"]
    assert [each["key"] for each in event.data["questions"]] == ["new_question"]
    said = sentence(event.kind, event.data)
    assert said == "Taken over from revision 2 of the playbook: 2 items, 1 statement"
    incident.refresh_from_db()
    assert timeline.verify(incident) == []
    take(incident, desk, newer, "new-late")
    event = TimelineEvent.objects.filter(incident=incident).latest("number")
    said = sentence(event.kind, event.data)
    assert said == "Taken over from revision 2 of the playbook: words of new-late, moving-plan"


def test_who_is_on_duty_hears_of_it(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    roles.assign_role(
        incident_id=incident.pk, role="monitor", user=desk.staff, actor=desk.actor("lead"), at=NOON
    )
    take(incident, desk, newer, "new-plain")
    told = Notification.objects.filter(kind="items_taken_over", transport="inbox")
    assert [row.recipient for row in told] == [desk.staff]  # not whoever did it
    data = told[0].data
    news = render(
        kind="items_taken_over", data=data, topic_id=incident.pk, language="en", zone="UTC"
    )
    assert news.headline.endswith("playbook: words of new-plain, moving-plan")
    assert (news.path, news.action_label) == (
        f"/incidents/{incident.reference}/checklists/",
        "Open the checklist",
    )


def test_what_would_be_over_counts_from_now(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-plain", "new-opened", minute=200)
    for key in ("new-plain", "new-opened"):
        due = clock_of(incident, key)
        assert due is not None and (due.state, due.started_at) == ("running", later(200))
        assert (due.due_at, due.missed_before_opening) == (later(260), False)
        assert due.reminders.exists()


def test_each_start_counts_as_at_opening(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    tick(incident, desk, 0, at=later(20))
    take(incident, desk, newer, "new-from-item", "new-from-words", "new-waits", minute=30)
    due = clock_of(incident, "new-from-item")
    assert due is not None and (due.started_at, due.due_at) == (later(20), later(80))
    assert state(incident, "new-from-words") == ("none", "")  # nothing was said yet
    assert state(incident, "new-waits") == ("none", "")
    tick(incident, desk, 4, at=later(35))  # an old item that only the new one waits for
    due = clock_of(incident, "new-waits")
    assert due is not None and due.started_at == later(35)


def test_it_comes_back_like_one_of_the_plan(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    item = take(incident, desk, newer, "new-repeats").items[0]
    assert item.repeat == {"minutes": {"sev2": 30}, "until": "contained"}
    incident.refresh_from_db()
    assert incident.plan["moves"]["status"] is True
    checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=later(7))
    due = clock_of(incident, "new-repeats")
    assert due is not None and (due.state, due.due_at) == ("running", later(37))
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.CONTAINED, actor=desk.actor("lead"), at=later(9)
    )
    assert row(incident, "new-repeats").state == "done"


def test_a_condition_brings_the_question_it_asks(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-asked", "new-hidden")
    asked = ScreeningQuestion.objects.get(incident=incident, key="new_question")
    assert (asked.answer, asked.unknown, asked.position) == (None, False, 2)
    assert row(incident, "new-asked").is_hidden and row(incident, "new-hidden").is_hidden
    assert state(incident, "new-asked") == ("none", "")
    incident.refresh_from_db()
    answer(incident, desk, "new_question", "yes", at=later(6))
    assert not row(incident, "new-asked").is_hidden
    assert state(incident, "new-asked")[0] == "running"
    assert row(incident, "new-hidden").is_hidden


def test_it_waits_only_for_what_is_here(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-after-new")
    assert row(incident, "new-after-new").after == []
    assert state(incident, "new-after-new")[0] == "running"
    take(incident, desk, newer, "new-plain")
    assert state(incident, "new-after-new")[0] == "running"


def test_words_of_another_language_come_from_where_they_were_taken(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, words=("new-words",))
    incident.refresh_from_db()
    reach.change_reach(
        incident_id=incident.pk, channels=["x", "facebook"], languages=["ar", "he", "en"],
        version=incident.version, actor=desk.actor("lead"), at=later(7),
    )  # fmt: skip
    said = Statement.objects.get(incident=incident, key="new-words")
    assert said.languages.get(language="en").template.startswith("We say it anew")
    old = Statement.objects.get(incident=incident, key="holding")
    assert old.languages.get(language="en").template


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"items": []}, "nothing_chosen", "items"),
    ({"items": ["never"]}, "not_in_revision", "items"),
    ({"statements": ["never"]}, "not_in_revision", "statements"),
    ({"revision_id": 10**9}, "no_such_revision", "revision"),
    ({"revision_id": "other"}, "revision_of_other_playbook", "revision"),
    ({"revision_id": "own"}, "revision_not_newer", "revision"),
    ({"items": ["new-from-new"]}, "counts_from_missing", "items"),
]


@pytest.mark.parametrize(("changes", "code", "field"), REFUSED)
def test_it_is_refused_in_words_and_nothing_is_written(
    desk: Desk, incident: Incident, newer: PlaybookRevision,
    changes: dict[str, Any], code: str, field: str,
) -> None:  # fmt: skip
    named = {"other": revision_of("general").pk, "own": incident.playbook_revision_id}
    given: dict[str, Any] = {"revision_id": newer.pk, "items": ["new-plain"], "statements": []}
    given |= changes
    given["revision_id"] = named.get(given["revision_id"], given["revision_id"])
    before = written(incident)
    with pytest.raises(Invalid) as refused:
        take_over(incident_id=incident.pk, actor=desk.actor("lead"), at=later(5), **given)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert written(incident) == before


def written(incident: Incident) -> tuple[int, ...]:
    """How much there is of what could be written."""
    counted = (ChecklistItem, Statement, Deadline, ScreeningQuestion, TimelineEvent)
    return tuple(model._default_manager.filter(incident=incident).count() for model in counted)


def test_both_ends_of_a_start_come_together(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-from-new", "new-plain")
    assert state(incident, "new-from-new") == ("none", "")
    incident.refresh_from_db()
    assert "new-plain" in incident.plan["moves"]["items"]


def test_the_second_of_two_leads_changes_nothing(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-plain", words=("new-words",))
    before = written(incident)
    for keys, words in ((("new-late", "new-plain"), ()), ((), ("new-words",)), (("item-1",), ())):
        with pytest.raises(Stale, match="already_taken_over"):
            take(incident, desk, newer, *keys, words=words)
    assert written(incident) == before


def test_a_brand_s_own_playbook_of_the_same_name_is_another(desk: Desk, incident: Incident) -> None:
    own = Playbook.objects.create(
        brand=desk.brand, slug="moving-plan", origin="desk", crisis_type="general",
        scct_cluster="victim", created_at=NOON,
    )  # fmt: skip
    revision = PlaybookRevision.objects.create(
        playbook=own, number=9, schema=2, content={}, content_hash="x", created_at=NOON
    )
    with pytest.raises(Invalid, match="revision_of_other_playbook"):
        take(incident, desk, revision, "new-plain")


def test_an_ended_incident_takes_nothing_over(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    lifecycle.cancel_incident(
        incident_id=incident.pk, reason=CancelReason.FALSE_ALARM, line="L",
        actor=desk.actor("lead"), at=later(1),
    )  # fmt: skip
    with pytest.raises(Invalid, match="incident_ended"):
        take(incident, desk, newer, "new-plain")


@pytest.mark.parametrize("who", ["staff", "approver", "executive", "stranger"])
def test_only_the_lead_takes_over(
    desk: Desk, incident: Incident, newer: PlaybookRevision, who: str
) -> None:
    before = written(incident)
    with pytest.raises(DomainError, match="not_found" if who == "stranger" else "not_allowed"):
        take(incident, desk, newer, "new-plain", who=who)
    assert written(incident) == before


def test_the_page_promises_what_the_press_does(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    tick(incident, desk, 0, at=later(20))
    news = read_news(incident, newer)
    offered = {each.row.item.key: each for each in new_items(news, at=later(90))}
    assert list(offered) == NEW_ITEMS
    assert [each.text.key for each in new_statements(news)] == NEW_WORDS
    assert offered["new-plain"].counts_anew and not offered["new-late"].counts_anew
    assert not ChecklistItem.objects.filter(incident=incident, key__in=NEW_ITEMS).exists()
    take(incident, desk, newer, *NEW_ITEMS, words=tuple(NEW_WORDS), minute=90)
    for key, each in offered.items():
        due = clock_of(incident, key)
        assert each.due_at == (due.due_at if due else None), key
        assert each.row.item.is_hidden == row(incident, key).is_hidden, key
    incident.refresh_from_db()
    news = read_news(incident, newer)
    assert (new_items(news, at=later(91)), new_statements(news)) == ([], [])


def test_nobody_is_reminded_of_what_lands_hidden(
    desk: Desk, incident: Incident, newer: PlaybookRevision
) -> None:
    take(incident, desk, newer, "new-hidden", "new-plain")
    fire_due(at=later(24 * 60))
    labels = {
        event.data["label"]["en"]
        for event in TimelineEvent.objects.filter(incident=incident, kind="reminder_due")
    }
    assert any("new-plain" in label for label in labels)
    assert not any("new-hidden" in label for label in labels)


def test_it_takes_as_many_statements_for_many_as_for_one(desk: Desk) -> None:
    costs = []
    for count in (1, 40):
        Playbook.objects.filter(slug="moving-plan").update(slug=f"was-{count}")
        incident = make_moving(desk)
        newer = moving_content(newer_folder(more=count))
        keys = [f"more-{number}" for number in range(count)]
        with CaptureQueriesContext(connection) as asked:
            take(incident, desk, newer, *keys, words=tuple(f"say-{key}" for key in keys))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 26
