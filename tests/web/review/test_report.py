"""The report tab: figures, the post-mortem, signing it, actions, closing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from crisisdesk.incidents.domain import reviewing
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import (
    ActionItem,
    ChecklistItem,
    Deadline,
    Incident,
    Postmortem,
)
from crisisdesk.incidents.queries import review as queries
from crisisdesk.incidents.queries.desk import deadlines_of
from playbooks.models import Lesson
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.web.review.conftest import MINUTE, WORDS, at, cost, resolve, rows, signed_in

SAVE, SIGN, LINE = "report/save/", "report/sign/", "report/line/"
ACTIONS = "report/actions/"
COSTS = {"lead": 12, "executive": 11}


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("reader", ["lead", "executive"])
def test_the_page_answers_in_every_language(
    desk: Desk, incident: Incident, reader: str, language: str
) -> None:
    person = getattr(desk, reader)
    person.language = language
    person.save()
    answer = signed_in(person).get(at(incident, "report/"))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.count("<dt>") >= 6
    assert 'class="axis"' in body
    assert "<table" in body
    assert "<c-" not in body
    assert "style=" not in body


def test_a_stranger_finds_nothing_and_writes_nothing(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.stranger)
    before = rows(incident)
    assert client.get(at(incident, "report/")).status_code == 404
    for path, given in (
        (SAVE, WORDS),
        (SIGN, {"version": "0"}),
        (LINE, {"line": "x"}),
        (ACTIONS, {"text": "x"}),
        (f"{ACTIONS}1/", {"version": "1"}),
    ):
        assert client.post(at(incident, path), given).status_code == 404, path
    assert rows(incident) == before


def test_an_executive_reads_all_of_it_and_writes_none_of_it(desk: Desk, incident: Incident) -> None:
    signed_in(desk.staff).post(at(incident, SAVE), WORDS | {"what_could_return": "White Friday"})
    client = signed_in(desk.executive)
    body = client.get(at(incident, "report/")).content.decode()
    assert "White Friday" in body
    assert "Nine minutes." in body
    for address in (SAVE, SIGN, ACTIONS, "status/"):
        assert f'"{at(incident, address)}"' not in body
    before = rows(incident)
    assert client.post(at(incident, SAVE), WORDS | {"version": "1"}).status_code == 403
    assert client.post(at(incident, SIGN), {"version": "1"}).status_code == 403
    assert rows(incident) == before


# --- writing ---


def suggested(incident: Incident) -> dict[str, str]:
    """Return what the record suggests before anything is published."""
    return queries.suggestions(incident, deadlines=deadlines_of(incident), public=[], at=NOON)


def test_the_first_words_come_from_the_record_and_name_no_names(
    desk: Desk, incident: Incident
) -> None:
    Deadline.objects.filter(incident=incident, kind="acknowledgement").update(
        state="met", met_at=NOON + 11 * MINUTE
    )
    late = Deadline.objects.get(incident=incident, kind="holding")
    late.state, late.met_at = "met", late.due_at + 22 * MINUTE
    late.save()
    body = signed_in(desk.staff).get(at(incident, "report/")).content.decode()
    assert "Opened as SEV2" in body
    with translation.override("en"):
        found = suggested(incident)
    assert "after 11 min, in time." in found["went_well"]
    assert "22 min late, with the role “Writes and posts”." in found["went_badly"]
    assert not any(person in found["went_badly"] for person in ("Staff", "Lead ", "Deputy"))
    for language in ("ar", "he"):
        with translation.override(language):
            assert suggested(incident)["went_badly"] != found["went_badly"]


def test_lessons_tested_here_come_first_with_their_source(desk: Desk, incident: Incident) -> None:
    items = list(ChecklistItem.objects.filter(incident=incident).exclude(lesson=""))
    done, late, skipped = items[0], items[1], items[2]
    ChecklistItem.objects.filter(pk=done.pk).update(state="done", done_at=NOON)
    ChecklistItem.objects.filter(pk=skipped.pk).update(state="skipped", skip_reason="Not here")
    Deadline.objects.filter(incident=incident, subject_kind="item").update(subject_id=0)
    Deadline.objects.filter(incident=incident, kind="holding").update(
        subject_kind="item", subject_id=late.pk, due_at=NOON - MINUTE
    )
    found = queries.lessons_here(incident, deadlines=deadlines_of(incident), at=NOON)
    assert found[late.lesson] == "late"
    assert next(iter(found.values())) == "late"
    body = signed_in(desk.staff).get(at(incident, "report/")).content.decode()
    place = Lesson.objects.get(key=late.lesson).rests_on[0]
    assert place["title"]["en"][:20] in body
    assert f"paragraph {place['paragraphs'][0]}" in body
    signed_in(desk.staff).post(at(incident, SAVE), WORDS | {"lessons": [late.lesson]})
    assert Postmortem.objects.get().lessons == [late.lesson]


def test_what_is_written_is_kept_in_its_own_language(desk: Desk, incident: Incident) -> None:
    given = WORDS | {
        "verdict": "أول كلمة بعد تسع دقائق.",
        "summary": "حساب مزيف ردّ على الناس باسمنا.",
    }
    assert signed_in(desk.staff).post(at(incident, SAVE), given).status_code == 302
    review = Postmortem.objects.get()
    assert (review.language, review.cause_known, review.version) == ("ar", False, 1)
    body = signed_in(desk.lead).get(at(incident, "report/")).content.decode()
    assert "7 of 10 done" in body
    assert "draft" in body


def test_two_people_saving_one_review_lose_nothing(desk: Desk, incident: Incident) -> None:
    lesson = Lesson.objects.order_by("position")[0]
    signed_in(desk.staff).post(at(incident, SAVE), WORDS | {"lessons": [lesson.key]})
    client, other = signed_in(desk.lead), WORDS | {"verdict": "Other words", "cause_known": "yes"}
    before = rows(incident)
    answer = client.post(at(incident, SAVE), other)
    body = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Nine minutes.", "Other words", "Somebody else saved this first", "Not known"):
        assert words in body
    assert lesson.words_in("en")[:20] in body
    assert rows(incident) == before
    assert client.post(at(incident, SAVE), other | {"version": "1"}).status_code == 302
    assert Postmortem.objects.get().verdict == "Other words"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "x" * 141}, "141 characters long; 140 fit here"),
        ({"lessons": ["never-heard-of"]}, "never-heard-of is not in the library"),
        ({"version": "none"}, "Not saved yet"),
        ({"cause_known": "perhaps"}, "perhaps is not one of the available choices"),
    ],
)
def test_a_refused_review_keeps_what_was_typed(
    desk: Desk, incident: Incident, change: dict[str, object], words: str
) -> None:
    before = rows(incident)
    answer = signed_in(desk.staff).post(at(incident, SAVE), WORDS | change)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body
    assert "A fake account answered." in body
    assert rows(incident) == before


# --- signing ---


def test_what_is_missing_is_listed_before_the_button_and_refused_behind_it(
    desk: Desk, incident: Incident
) -> None:
    client, short = signed_in(desk.lead), WORDS | {"went_badly": "", "cause_known": "yes"}
    short |= {"affected": " ", "business_effect_unknown": ""}
    client.post(at(incident, SAVE), short)
    body = client.get(at(incident, "report/")).content.decode()
    assert "Before it can be final:" in body
    assert "what went badly" in body
    assert "why, or “not known”" in body
    assert "who was affected, or “not known”" in body
    assert "what it cost, or “not known”" in body
    before = rows(incident)
    answer = client.post(at(incident, SIGN), {"version": "1"})
    assert (answer.status_code, "not complete" in answer.content.decode()) == (422, True)
    assert rows(incident) == before


def test_only_the_lead_signs_and_never_words_that_are_not_kept(
    desk: Desk, incident: Incident
) -> None:
    signed_in(desk.staff).post(at(incident, SAVE), WORDS)
    before = rows(incident)
    assert signed_in(desk.staff).post(at(incident, SIGN), {"version": "1"}).status_code == 403
    client = signed_in(desk.lead)
    unkept = client.post(at(incident, SIGN), WORDS | {"version": "1", "summary": "Only typed"})
    body = unkept.content.decode()
    assert (unkept.status_code, "not kept yet" in body, "Only typed" in body) == (422, True, True)
    assert client.post(at(incident, SIGN), WORDS | {"version": "7"}).status_code == 409
    assert rows(incident) == before
    assert client.post(at(incident, SIGN), WORDS | {"version": "1"}).status_code == 302
    review = Postmortem.objects.get()
    assert (review.is_final, review.edition, review.finalised_by) == (True, 1, desk.lead)
    body = client.get(at(incident, "report/")).content.decode()
    assert "final, edition 1" in body
    assert "this begins the next edition" in body


# --- actions ---


def _action(desk: Desk, **changes: str) -> dict[str, str]:
    due = (NOON + timedelta(days=5)).date().isoformat()
    return {"text": "Test access", "owner": str(desk.staff.pk), "due_date": due} | changes


def test_an_action_is_added_once_done_once_and_overdue_in_words(
    desk: Desk, incident: Incident
) -> None:
    client = signed_in(desk.lead)
    for _press in "ab":
        assert client.post(at(incident, ACTIONS), _action(desk, key="once")).status_code == 302
    row = ActionItem.objects.get()
    assert (row.owner, row.is_prevention) == (desk.staff, True)
    ActionItem.objects.update(due_date=(NOON - timedelta(days=3)).date())
    assert "3 days overdue" in client.get(at(incident, "report/")).content.decode()
    done = at(incident, f"{ACTIONS}{row.pk}/")
    assert client.post(done, {"version": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.done_at == NOON
    before = rows(incident)
    assert client.post(done, {"version": "1"}).status_code == 409
    assert client.post(done, {"version": "2"}).status_code == 422
    assert rows(incident) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": " "}, "required"),
        ({"due_date": "2026-01-01"}, "lies in the past"),
        ({"due_date": "soon"}, "valid date"),
        ({"owner": "stranger"}, "valid choice"),
        ({"owner": ""}, "required"),
    ],
)
def test_an_action_needs_words_an_owner_and_a_day_ahead(
    desk: Desk, incident: Incident, change: dict[str, str], words: str
) -> None:
    if change.get("owner") == "stranger":
        change = {"owner": str(desk.stranger.pk)}
    before = rows(incident)
    answer = signed_in(desk.staff).post(at(incident, ACTIONS), _action(desk, **change))
    body = answer.content.decode()
    assert answer.status_code == 422
    assert words in body
    if "text" not in change:
        assert "Test access" in body
    assert rows(incident) == before


# --- closing ---


def test_what_stands_in_the_way_of_closing_is_read_before_the_button(
    desk: Desk, incident: Incident
) -> None:
    resolve(desk, incident)
    client = signed_in(desk.lead)
    body = client.get(at(incident, "report/")).content.decode()
    assert "The post-mortem is not final yet." in body
    assert "There is no prevention action" in body
    assert '<button class="btn" disabled>' in body
    before = rows(incident)
    assert client.post(at(incident, "status/"), {"to": "closed"}).status_code == 422
    assert rows(incident) == before
    client.post(at(incident, SAVE), WORDS)
    client.post(at(incident, SIGN), {"version": "1"})
    client.post(at(incident, ACTIONS), _action(desk))
    body = client.get(at(incident, "report/")).content.decode()
    assert "Nothing stands in the way." in body
    client.post(at(incident, "status/"), {"to": "closed", "expected": "resolved"})
    incident.refresh_from_db()
    assert incident.status == "closed"


def test_three_lines_close_sev3_and_not_known_is_a_cause(desk: Desk) -> None:
    incident = make_incident(desk, severity="sev3")
    resolve(desk, incident)
    client = signed_in(desk.lead)
    body = client.get(at(incident, "report/")).content.decode()
    assert "One line is missing: what happened." in body
    assert 'name="verdict"' not in body
    lines = {"version": "0", "cause_known": "no", "summary": "What", "cause": "", "changes": ""}
    client.post(at(incident, SAVE), lines)
    assert client.post(at(incident, "status/"), {"to": "closed"}).status_code == 422
    client.post(at(incident, SAVE), lines | {"version": "1", "changes": "Other"})
    client.post(at(incident, "status/"), {"to": "closed"})
    incident.refresh_from_db()
    assert incident.status == "closed"


def test_one_line_closes_sev4(desk: Desk) -> None:
    incident = make_incident(desk, severity="sev4")
    resolve(desk, incident)
    client = signed_in(desk.lead)
    incident.refresh_from_db()
    before = rows(incident)
    empty = client.post(at(incident, LINE), {"line": " "})
    assert (empty.status_code, "One line is missing" in empty.content.decode()) == (422, True)
    assert signed_in(desk.executive).post(at(incident, LINE), {"line": "x"}).status_code == 403
    assert rows(incident) == before
    stale = client.post(at(incident, LINE), {"line": "Mine", "version": "1"})
    assert (stale.status_code, "Mine" in stale.content.decode()) == (409, True)
    assert rows(incident) == before
    version = str(incident.version)
    assert (
        client.post(at(incident, LINE), {"line": "It went", "version": version}).status_code == 302
    )
    beside = client.post(at(incident, LINE), {"line": "Mine", "version": version})
    assert (beside.status_code, "It went" in beside.content.decode()) == (409, True)
    incident.refresh_from_db()
    client.post(at(incident, LINE), {"line": "It went away", "version": str(incident.version)})
    client.post(at(incident, "status/"), {"to": "closed"})
    incident.refresh_from_db()
    assert (incident.status, incident.closing_line) == ("closed", "It went away")


def test_the_page_costs_the_same_with_one_and_with_fifty(desk: Desk, incident: Incident) -> None:
    def add(count: int) -> None:
        for number in range(count):
            reviewing.add_action_item(
                incident_id=incident.pk,
                text=f"Action {number}",
                owner=desk.staff,
                due_date=(NOON + timedelta(days=3)).date(),
                actor=desk.actor("lead"),
                at=NOON,
            )

    add(1)
    for asked in (COSTS, COSTS):
        for name, expected in asked.items():
            assert cost(signed_in(getattr(desk, name)), at(incident, "report/")) == expected, name
        add(49)


def test_the_page_costs_no_more_in_any_status_before_and_after_the_review_is_written(
    desk: Desk, incident: Incident
) -> None:
    lead = signed_in(desk.lead)
    for _ in range(2):
        for status in Status:
            Incident.objects.filter(pk=incident.pk).update(status=status)
            assert cost(lead, at(incident, "report/")) <= COSTS["lead"], status
        Incident.objects.filter(pk=incident.pk).update(status=Status.RESOLVED)
        lead.post(at(incident, SAVE), WORDS)
    assert Postmortem.objects.filter(incident=incident).exists()
