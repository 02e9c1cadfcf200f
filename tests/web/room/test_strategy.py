"""Which line to take: the advice follows the answers, the choice is a decision, strangers find nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.utils.translation import override
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.domain import strategy
from crisisdesk.incidents.domain.strategy_advice import Situation
from crisisdesk.incidents.models import Decision, Incident, LineChoice, TimelineEvent
from crisisdesk.reports.domain.document import build
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

ANSWERS = {"cluster": "preventable", "had_similar": "no", "bad_reputation": "yes"}


def page_of(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/strategy/"


def choose(desk: Desk, incident: Incident, **changes: Any) -> LineChoice:
    given: dict[str, Any] = {
        "situation": Situation("preventable"),
        "lines": ["rebuild", "inform"],
        "reason": "People were sent the wrong goods",
    } | changes
    return strategy.choose_line(
        incident_id=incident.pk, **given, actor=desk.actor("staff"), at=NOON
    )


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_page_starts_from_the_playbook(desk: Desk, incident: Incident, language: str) -> None:
    desk.staff.language = language
    desk.staff.save()
    page = signed_in(desk.staff).get(page_of(incident))
    assert page.status_code == 200 and "<c-" not in page.content.decode()
    assert page.context["situation"] == Situation("victim")  # a fake account harms us as well
    assert (page.context["advice"].level, page.context["advice"].recommended) == (1, "inform")


def test_the_advice_follows_the_answers_and_writes_nothing(desk: Desk, incident: Incident) -> None:
    before = TimelineEvent.objects.count()
    asked = ANSWERS | {"lines": ["inform", "deny"]}
    page = signed_in(desk.observer).get(page_of(incident), asked)
    body = page.content.decode()
    assert "Threat 4 of 5: very high" in body
    assert "The chosen line does less than this threat calls for." in body
    assert "Denying is for a rumour that evidence disproves" in body
    assert "Write the line down" not in body  # an observer reads
    assert TimelineEvent.objects.count() == before


def test_an_earlier_incident_of_the_playbook_answers_the_second_question(
    desk: Desk, incident: Incident
) -> None:
    later = make_incident(desk, at=NOON + timedelta(hours=1))
    page = signed_in(desk.staff).get(page_of(later))
    assert [each.pk for each in page.context["start"].similar] == [incident.pk]
    assert page.context["situation"].had_similar
    Incident.objects.filter(pk=incident.pk).update(is_drill=True)
    assert not signed_in(desk.staff).get(page_of(later)).context["situation"].had_similar


def test_the_choice_is_a_decision_in_the_timeline_and_the_report(
    desk: Desk, incident: Incident
) -> None:
    asked = ANSWERS | {"lines": ["inform", "rebuild"], "reason": "We sent the wrong goods"}
    answer = signed_in(desk.staff).post(page_of(incident), asked)
    assert answer.status_code == 302
    choice = LineChoice.objects.get()
    assert (choice.level, choice.recommended) == (4, "rebuild")
    assert (choice.lines, choice.warnings) == (["inform", "rebuild"], [])
    decision = Decision.objects.get()
    assert (decision.reason, decision.choice) == ("We sent the wrong goods", "Inform, Make amends")
    event = TimelineEvent.objects.get(kind="decision_made")
    assert event.data["decision"] == decision.pk
    body = signed_in(desk.staff).get(f"/incidents/{incident.reference}/").content.decode()
    assert "We sent the wrong goods" in body and "Make amends" in body
    for language, said in (("en", "Make amends"), ("he", "תיקון ופיצוי")):
        with override(language):
            (told,) = build(incident, language, edition=1, at=NOON).decisions
        assert said in told.choice.words and told.reason.words == "We sent the wrong goods"


def test_what_speaks_against_it_is_kept_and_blocks_nothing(desk: Desk, incident: Incident) -> None:
    choice = choose(desk, incident, lines=["deny"])
    assert choice.warnings == ["below_recommended", "denies_without_evidence"]
    again = choose(desk, incident, lines=["rebuild"])
    page = signed_in(desk.lead).get(page_of(incident))
    assert [each.pk for each in page.context["start"].choices] == [again.pk, choice.pk]
    assert page.context["lines"] == ["rebuild"]
    assert "The chosen line does less" in page.content.decode()  # of the first one


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"situation": Situation("angry")}, "cluster_unknown", "cluster"),
        ({"lines": ["attack"]}, "line_unknown", "lines"),
        ({"lines": []}, "line_not_chosen", "lines"),
        ({"reason": " "}, "text_missing", "reason"),
    ],
)
def test_refusals_name_the_field_and_write_nothing(
    desk: Desk, incident: Incident, changes: dict[str, Any], code: str, field: str
) -> None:
    before = TimelineEvent.objects.count()
    with pytest.raises(Invalid) as refused:
        choose(desk, incident, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert (LineChoice.objects.count(), Decision.objects.count()) == (0, 0)
    assert TimelineEvent.objects.count() == before


def test_a_refused_form_keeps_what_was_answered_and_typed(desk: Desk, incident: Incident) -> None:
    page = signed_in(desk.staff).post(page_of(incident), ANSWERS | {"reason": "Because"})
    body = page.content.decode()
    assert page.status_code == 422 and "Choose at least one line." in body
    assert "Because" in body and page.context["situation"].bad_reputation


def test_who_may_and_who_finds_nothing(desk: Desk, incident: Incident) -> None:
    asked = ANSWERS | {"lines": ["rebuild"], "reason": "R"}
    assert signed_in(desk.stranger).get(page_of(incident)).status_code == 404
    assert signed_in(desk.stranger).post(page_of(incident), asked).status_code == 404
    assert signed_in(desk.observer).post(page_of(incident), asked).status_code == 403
    assert not LineChoice.objects.exists()


def test_the_advice_changes_while_the_answers_do(
    transactional_db: None, live_server: LiveServer, page: Page
) -> None:
    desk = make_desk()
    incident = make_incident(desk, at=clock.now())
    session = signed_in(desk.staff).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}{page_of(incident)}")
    page.fill("[name=reason]", "We sent the wrong goods")
    expect(page.locator("#advice")).to_contain_text("Threat 1 of 5: low")
    page.locator("[name=cluster][value=preventable]").check()
    expect(page.locator("#advice")).to_contain_text("Threat 3 of 5: high")
    page.locator("[name=lines][value=inform]").check()
    expect(page.locator("#advice [role=alert]")).to_contain_text("does less")
    page.locator("[name=lines][value=rebuild]").check()
    expect(page.locator("#advice [role=alert]")).to_have_count(0)
    page.get_by_role("button", name="Write the line down").click()
    expect(page.locator("[aria-labelledby=h-lines]")).to_contain_text("We sent the wrong goods")
    assert LineChoice.objects.get().lines == ["inform", "rebuild"]
