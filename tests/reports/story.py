"""A finished incident made through the product's own commands: the checkout outage, late, learnt
from, closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from crisisdesk.incidents.domain import (
    approving,
    checklist,
    drafting,
    lifecycle,
    notebook,
    promises,
    publishing,
    reminders,
    reviewing,
)
from crisisdesk.incidents.domain.publishing import Posting
from crisisdesk.incidents.enums import ItemState, Severity, Status
from crisisdesk.incidents.models import ChecklistItem, Incident, Postmortem
from playbooks.models import Lesson
from tests.factories.incidents import Desk, make_incident, words_of

MIDNIGHT = datetime(2026, 11, 10, 20, tzinfo=UTC)  # in Dubai

_WORDS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "sample" / "story.yaml").read_text(encoding="utf-8")
)
ACKNOWLEDGED: dict[str, str] = _WORDS["acknowledged"]
HELD: dict[str, str] = _WORDS["held"]
RESOLVED: dict[str, str] = _WORDS["resolved"]
REVIEW: dict[str, dict[str, str]] = _WORDS["review"]
TITLES: dict[str, str] = _WORDS["titles"]


def clock(text: str, *, days: int = 0) -> datetime:
    """A local time of the sale day."""
    hours, minutes = text.split(":")
    return MIDNIGHT + timedelta(days=days, hours=int(hours), minutes=int(minutes))


@dataclass
class Story:
    """Tells the day to the desk, one command after the other."""

    desk: Desk
    incident: Incident

    def say(
        self, stage: str, texts: dict[str, str], times: dict[str, str], *, late: bool = False
    ) -> None:
        """Draft, send, approve and publish one text: each language by its own time, on X and
        Facebook.
        """
        staff, approver = (
            self.desk.actor("staff"),
            self.desk.actor("deputy" if late else "approver"),
        )
        sent, approved = clock(times["sent"]), clock(times["approved"])
        for language, text in texts.items():
            row = words_of(self.incident, stage, language)
            drafting.save_draft(
                statement_language_id=row.pk,
                text=text,
                version=row.version,
                actor=staff,
                at=sent - timedelta(minutes=2),
            )
            row.refresh_from_db()
            revision = approving.submit(
                statement_language_id=row.pk, version=row.version, actor=staff, at=sent
            )
            if late:
                reminders.fire_due(at=sent + timedelta(minutes=20))
            approving.approve(revision_id=revision.pk, actor=approver, at=approved)
            for channel in ("x", "facebook"):
                publishing.record_publication(
                    revision_id=revision.pk,
                    channel=channel,
                    posting=Posting(url=f"https://{channel}.example/NourHome/{stage}-{language}"),
                    actor=staff,
                    at=clock(times[language]),
                )

    def decide(self, at: str, question: str, choice: str, reason: str) -> None:
        notebook.make_decision(
            incident_id=self.incident.pk,
            question=question,
            choice=choice,
            reason=reason,
            actor=self.desk.actor("lead"),
            at=clock(at),
        )

    def tick(self, at: str, *places: int) -> None:
        items = list(ChecklistItem.objects.filter(incident=self.incident).order_by("position"))
        for place in places:
            items[place].refresh_from_db()
            if items[place].state == ItemState.TODO:
                checklist.tick_item(
                    item_id=items[place].pk, actor=self.desk.actor("staff"), at=clock(at)
                )


def sale_day(desk: Desk, language: str = "en") -> Incident:
    """Return the closed incident, its post-mortem written in the language."""
    incident = make_incident(
        desk,
        at=clock("10:08"),
        slug="service-outage",
        seen=TITLES[language],
        severity=Severity.SEV2,
        first_signal_at=clock("10:02"),
        languages=("ar", "en", "he"),
    )
    story, lead, staff = Story(desk, incident), desk.actor("lead"), desk.actor("staff")
    story.tick("10:12", 0, 1, 2)
    story.say(
        "acknowledgement",
        ACKNOWLEDGED,
        {"sent": "10:14", "approved": "10:16", "ar": "10:17", "en": "10:17"},
    )
    promise = promises.make_commitment(
        incident_id=incident.pk,
        text="We will write again by 11:00",
        due_at=clock("11:00"),
        actor=staff,
        at=clock("10:17"),
    )
    story.decide(
        "10:19", "Keep the scheduled sale posts, or pause them?", "Pause all 14, on every channel.",
        "An invitation to buy while nobody can pay would have read as mockery.",
    )  # fmt: skip
    story.tick("10:22", 3, 4)
    question = notebook.ask_question(
        incident_id=incident.pk, text="هل سُرّبت بيانات بطاقتي؟", asker="customer", channel="x", times_asked=61,
        actor=staff, at=clock("10:40"),
    )  # fmt: skip
    reminders.fire_due(at=clock("11:01"))
    story.say(
        "holding",
        HELD,
        {"sent": "10:44", "approved": "11:24", "ar": "11:30", "en": "11:30", "he": "11:41"},
        late=True,
    )
    promises.keep_commitment(commitment_id=promise.pk, actor=staff, at=clock("11:30"))
    notebook.answer_question(
        question_id=question.pk,
        answer="لا. نحن لا نحتفظ بأرقام البطاقات.",
        version=1,
        actor=staff,
        at=clock("11:46"),
    )
    notebook.ask_question(
        incident_id=incident.pk,
        text="Will White Friday work?",
        asker="press",
        times_asked=9,
        actor=staff,
        at=clock("12:00"),
    )
    story.decide(
        "12:05", "End the sale at midnight, or extend it?", "Extend by one day, to Thursday 23:59.",
        "Customers lost nearly three hours through no act of their own.",
    )  # fmt: skip
    story.tick("12:40", 5, 6, 7, 8)
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.CONTAINED, actor=lead, at=clock("12:51")
    )
    story.say(
        "resolution", RESOLVED, {"sent": "13:02", "approved": "13:12", "ar": "13:21", "en": "13:21"}
    )
    item = ChecklistItem.objects.filter(incident=incident, state=ItemState.TODO).order_by(
        "position"
    )[0]
    checklist.skip_item(
        item_id=item.pk, reason="the brand has no account there", actor=staff, at=clock("13:40")
    )
    notebook.add_note(
        incident_id=incident.pk,
        text="200 test orders passed.",
        actor=staff,
        at=clock("14:30"),
        occurred_at=clock("12:51"),
    )
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.RESOLVED, actor=lead, at=clock("15:10")
    )
    review(desk, incident, language)
    return Incident.objects.select_related("brand").get(pk=incident.pk)


def review(desk: Desk, incident: Incident, language: str) -> None:
    """Write and sign the post-mortem, agree on two actions, do one, and close."""
    lead = desk.actor("lead")
    lessons = list(Lesson.objects.order_by("position").values_list("key", flat=True)[:3])
    row: Postmortem = reviewing.save_postmortem(
        incident_id=incident.pk,
        fields={**REVIEW[language], "cause_known": True, "language": language, "lessons": lessons},
        version=0,
        actor=lead,
        at=clock("10:30", days=5),
    )
    done = reviewing.add_action_item(
        incident_id=incident.pk, text="One charge per basket", owner=desk.staff, due_date=date(2026, 11, 17),
        actor=lead, at=clock("10:40", days=5),
    )  # fmt: skip
    reviewing.add_action_item(
        incident_id=incident.pk, text="Approver and deputy on the duty list for every sale day", owner=desk.lead,
        due_date=date(2026, 11, 20), actor=lead, at=clock("10:41", days=5),
    )  # fmt: skip
    reviewing.finish_action_item(
        action_id=done.pk, version=1, actor=desk.actor("staff"), at=clock("16:00", days=5)
    )
    reviewing.finalise_postmortem(
        incident_id=incident.pk, version=row.version, actor=lead, at=clock("11:00", days=6)
    )
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.CLOSED, actor=lead, at=clock("09:20", days=7)
    )
