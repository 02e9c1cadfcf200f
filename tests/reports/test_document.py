"""The report as built from a real incident: what it says, in whose words, and what it never
prints.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import notebook, regulators, timeline
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.organisation.models import Brand
from crisisdesk.reports.domain import document, pdf, rendering
from crisisdesk.reports.domain.event_kinds import GROUP_OF
from crisisdesk.reports.domain.report import Report
from crisisdesk.reports.enums import ReportKind
from tests.factories.incidents import Desk, make_incident
from tests.factories.organisation import NOON
from tests.reports.reading import share_found
from tests.reports.story import HELD, REVIEW, TITLES, clock, sale_day

LOOKED = clock("09:30", days=7)


def build(incident: Incident, language: str = "en", **fields: Any) -> Report:
    fresh = Incident.objects.select_related("brand").get(pk=incident.pk)
    return document.build(fresh, language, edition=2, at=fields.get("at", LOOKED))


def test_page_one_says_what_happened(closed: Incident) -> None:
    report = build(closed)
    assert report.verdict.words.startswith("Our first word took nine minutes.")
    assert [str(line.strong) for line in report.affected][:2] == ["1,240 orders", "318 customers"]
    assert report.first_words is not None
    assert "We see that checkout is failing" in report.first_words.quote.words
    assert "@NourHome" in report.first_words.where.words
    assert "10:17" in report.first_words.where.words
    assert [asked.what.words for asked in report.asked][
        0
    ] == "No sale day without an approver and a deputy on duty."
    assert report.asked[0].by.words.startswith("By 20")
    assert "10:02" in report.head.period.words
    assert "UTC+4" in report.head.period.words


def test_the_six_figures_are_those_of_the_incident(closed: Incident) -> None:
    figures = build(closed).figures
    assert [figure.value for figure in figures] == [
        (("6", "min"),), (("9", "min"),), (("82", "min"),), (("100", "min"),), (("0", "of 1"),), (("1", "of 2"),),
    ]  # fmt: skip
    assert [figure.is_late for figure in figures] == [False, False, True, True, True, False]
    assert figures[2].result.words == "22\u00a0min late"


def test_lateness_stands_on_roles(closed: Incident) -> None:
    held = next(said for said in build(closed).statements if said.side.late)
    assert held.side.late.words == "22\u00a0min late"
    assert "Approver" in held.side.note.words


def test_names_of_people_are_replaced_in_every_event(desk: Desk) -> None:
    desk.staff.full_name, desk.approver.full_name, desk.deputy.full_name = (
        "Zubaida Q",
        "Yohanan P",
        "Xenia R",
    )
    for user in (desk.staff, desk.approver, desk.deputy):
        user.save(update_fields=["full_name"])
    page = pdf.html(build(sale_day(desk)), ReportKind.FULL)
    for name in ("Zubaida", "Yohanan", "Xenia"):
        assert name not in page


def test_statements_stand_as_published_in_each_language(closed: Incident) -> None:
    for language, first in (("en", "en"), ("ar", "ar"), ("he", "he")):
        said = build(closed, language).statements
        held = said[1]
        assert held.words[0].text.language == first
        assert {words.text.words for words in held.words} == set(HELD.values())
    assert [len(statement.words) for statement in said] == [2, 3, 2]


def test_a_deputy_who_approved_is_named_as_deputy(closed: Incident) -> None:
    assert "Deputy approver" in build(closed).statements[1].proof.words


def test_questions_learning_and_actions(closed: Incident) -> None:
    report = build(closed)
    assert [row.is_open for row in report.questions] == [False, True]
    assert report.questions[0].question.language == "ar"
    assert [line.words for line in report.learned.went_well][
        1
    ] == "No comment was deleted or hidden."
    assert report.learned.cause_label.words == "Cause, confirmed"
    assert len(report.learned.lessons) == 3
    assert "paragraph" in report.learned.lessons[0].source.words
    assert [row.state.words for row in report.actions] == ["done 16\u00a0Nov", "open"]


def test_the_annex_has_every_event_and_the_hash_that_closes_them(closed: Incident) -> None:
    report = build(closed)
    assert len(report.timeline) == closed.last_number
    assert report.proof is not None
    assert report.proof.hash_words.replace(" ", "") == closed.last_hash
    assert str(closed.last_number) in report.proof.words.words
    assert any(row.is_late for row in report.timeline)
    backdated = next(row for row in report.timeline if "200 test orders" in str(row.what))
    assert "12:51" in backdated.time
    assert "14:30" in str(backdated.what)


def test_the_checklist_is_counted_once(closed: Incident) -> None:
    rows = build(closed).checklist
    assert sum(int(row.items) for row in rows[:-1]) == int(rows[-1].items)
    assert sum(int(row.done) for row in rows[:-1]) == int(rows[-1].done)
    assert any("the brand has no account there" in str(note) for row in rows for note in row.notes)


def test_every_kind_of_event_has_a_word() -> None:
    assert set(GROUP_OF) == set(EventKind)


def test_an_old_shape_of_an_event_still_has_a_line(desk: Desk) -> None:
    incident = make_incident(desk)
    with_nothing = [
        TimelineEvent(
            incident=incident, number=incident.last_number + place, kind=kind, source="web", hash="x",
            occurred_at=NOON, recorded_at=NOON, data=_LEAST.get(kind, {}),
        )
        for place, kind in enumerate(EventKind, 1)
    ]  # fmt: skip
    TimelineEvent.objects.bulk_create(with_nothing)
    incident.last_number += len(with_nothing)
    incident.save(update_fields=["last_number"])
    rows = build(incident, at=NOON + timedelta(hours=1)).timeline
    assert len(rows) == len(with_nothing) + 1
    assert all(row.what for row in rows)


_FEW: dict[str, dict[str, Any]] = {
    EventKind.STATUS_CHANGED: {"from": "declared", "to": "active"},
    EventKind.SEVERITY_CHANGED: {"from": "sev3", "to": "sev2"},
    EventKind.REACH_CHANGED: {
        "channels": {"from": ["x"], "to": ["x", "facebook"]},
        "languages": {"from": ["ar"], "to": ["ar"]},
    },
    EventKind.SCREENING_ANSWERED: {"label": {"en": "Q?"}, "from": "unknown", "to": "yes"},
    EventKind.DEADLINES_REPLANNED: {"changes": [], "shown": [{"en": "Part"}], "hidden": []},
    EventKind.ROLE_ASSIGNED: {"role": "lead"},
    EventKind.HANDOVER_OFFERED: {"role": "lead"},
    EventKind.HANDOVER_ACCEPTED: {"role": "lead"},
    EventKind.HANDOVER_WITHDRAWN: {"role": "lead"},
    EventKind.LANGUAGE_PLANNED: {"plan": "needed"},
}
_LEAST = _FEW | dict.fromkeys(
    (
        EventKind.STATEMENT_REVISED,
        EventKind.APPROVAL_REQUESTED,
        EventKind.DEPUTY_ASKED,
        EventKind.NO_ANSWER,
        EventKind.REACHED,
        EventKind.PHONE_APPROVAL_RECORDED,
        EventKind.PHONE_APPROVAL_CONFIRMED,
        EventKind.STATEMENT_SENT_BACK,
        EventKind.POSTING_CLAIMED,
        EventKind.POSTING_TAKEN_OVER,
        EventKind.PUBLISHED,
        EventKind.PUBLICATION_LINKED,
        EventKind.OVERRIDDEN,
    ),
    {
        "label": {"en": "Words"},
        "language": "ar",
        "revision": 1,
        "channel": "x",
        "name": "N",
        "deputy_name": "D",
    },
)


def test_what_is_not_known_is_printed_as_not_known(desk: Desk) -> None:
    report = build(make_incident(desk), at=NOON + timedelta(minutes=5))
    assert [str(line.strong) for line in report.affected] == ["Not known:", "Not known:"]
    assert report.could_return.words == "Not known yet."
    assert report.learned.cause.words == "Not known."
    assert report.first_words is None
    assert {figure.result.words for figure in report.figures} <= {"not measured", "not yet due"}
    assert "draft" in report.head.edition.words
    page = pdf.html(report, ReportKind.ONE_PAGE)
    assert "Nothing has been published." in page


def test_incident_words_are_never_markup(desk: Desk) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    incident = make_incident(desk, seen=attack)
    notebook.make_decision(
        incident_id=incident.pk,
        question=attack,
        choice=attack,
        reason=attack,
        actor=desk.actor("lead"),
        at=NOON,
    )
    notebook.add_note(incident_id=incident.pk, text=attack, actor=desk.actor("lead"), at=NOON)
    Brand.objects.filter(pk=desk.brand.pk).update(marking={"en": attack})
    page = pdf.html(build(incident, at=NOON + timedelta(minutes=5)), ReportKind.FULL)
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") >= 5
    assert "style=" not in page


def test_erased_words_are_gone_and_the_line_stays(desk: Desk) -> None:
    incident = make_incident(desk)
    event = notebook.add_note(
        incident_id=incident.pk, text="A secret", actor=desk.actor("lead"), at=NOON
    )
    timeline.erase_text(
        incident.pk, event.number, reason="personal data", actor=desk.actor("admin"), at=NOON
    )
    page = pdf.html(build(incident, at=NOON + timedelta(minutes=5)), ReportKind.FULL)
    assert "A secret" not in page
    assert "personal data" in page


def test_a_digit_style_is_never_mixed(desk: Desk, closed: Incident) -> None:
    Brand.objects.filter(pk=desk.brand.pk).update(digit_style="arabic")
    arabic, english = build(closed, "ar"), build(closed, "en")
    assert arabic.eastern
    assert not english.eastern
    assert arabic.figures[2].value[0][0] == "٨٢"
    assert arabic.timeline[0].time == "١٠:٠٨"
    assert english.timeline[0].time == "10:08"


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_report_written_in_its_language_fits_and_is_read_back(desk: Desk, language: str) -> None:
    report = build(sale_day(desk, language), language)
    content, pages = rendering.draw(report, ReportKind.ONE_PAGE)
    assert pages == 1
    found = share_found(
        content,
        [TITLES[language], REVIEW[language]["verdict"], REVIEW[language]["what_could_return"]],
    )
    assert found >= {"en": 0.97, "ar": 0.5, "he": 0.7}[language]


def test_a_longer_timeline_costs_no_more_queries(desk: Desk, closed: Incident) -> None:
    with CaptureQueriesContext(connection) as short:
        build(closed)
    for number in range(30):
        notebook.add_note(
            incident_id=closed.pk, text=f"Note {number}", actor=desk.actor("lead"), at=LOOKED
        )
    with CaptureQueriesContext(connection) as long:
        build(closed)
    assert len(long) == len(short) <= 24


@pytest.mark.parametrize(
    ("language", "title", "outcome"),
    [
        ("en", "Data protection authority, European Union", "3\u00a0h late"),
        ("ar", "هيئة حماية البيانات، الاتحاد الأوروبي", "ساعات"),
        ("he", "רשות הגנת המידע, האיחוד האירופי", "שעות"),
    ],
)
def test_what_authorities_were_told_is_printed_with_its_lateness(
    desk: Desk, language: str, title: str, outcome: str
) -> None:
    incident = make_incident(desk)
    lead, keys = desk.actor("lead"), ("gdpr-authority", "nis2-early-warning", "sec-8k")
    duties = [
        regulators.add_regulator(incident_id=incident.pk, key=key, actor=lead, at=NOON)
        for key in keys
    ]
    for duty, applies in zip(duties[:2], (True, False), strict=True):
        regulators.answer_regulator(
            clock_id=duty.pk, applies=applies, version=1, actor=lead, at=NOON
        )
    late = NOON + timedelta(hours=75)
    regulators.record_notice(
        clock_id=duties[0].pk,
        sent_at=late,
        contents={"nature": "A list was copied"},
        late_reason="The count took three days",
        version=2,
        actor=lead,
        at=late,
    )
    rows = build(incident, language, at=late).authorities
    assert [row.authority.words for row in rows][0] == title
    assert len(rows) == 2  # what nobody answered is not printed
    assert rows[0].is_late and outcome in rows[0].outcome.words
    assert "The count took three days" in rows[0].reason.words
    assert not rows[1].is_late and rows[1].told == "–"
    page = pdf.html(build(incident, language, at=late), ReportKind.FULL)
    assert title in page and "The count took three days" in page
