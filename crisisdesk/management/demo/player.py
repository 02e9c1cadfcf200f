"""Plays a story: every step is one of the product's own commands, at its own moment (fixtures/demo/*.yaml)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crisisdesk.core import placeholders
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
    roles,
)
from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.enums import CancelReason, LanguagePlan, Status
from crisisdesk.incidents.models import (
    ActionItem,
    ChecklistItem,
    Commitment,
    Incident,
    Postmortem,
    Question,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import Brand, User
from crisisdesk.reports.domain.rendering import request_report
from playbooks.models import PlaybookRevision

_CLOCK = re.compile(r"\{clock ([+-]?\d+)(?: (\w+))?\}")
_DAY = re.compile(r"\{day ([+-]?\d+)\}")


class Player:
    """One story on its way: minute 0 is when it was seen."""

    def __init__(
        self, story: dict[str, Any], *, brand: Brand, people: dict[str, User], seen_at: datetime
    ) -> None:
        self.story, self.brand, self.people, self.seen_at = story, brand, people, seen_at
        self.incident: Incident

    def play(self) -> Incident:
        """Play every step in order and return the incident."""
        for step in self.story["steps"]:
            do = getattr(self, f"_{step['do']}")
            actor = Actor(self.people[step["who"]], Source.COMMAND) if "who" in step else None
            do(self._told(step), actor, self._at(step["minute"]))
        self.incident.refresh_from_db()
        return self.incident

    def _at(self, minute: float) -> datetime:
        return self.seen_at + timedelta(minutes=minute)

    def _told(self, value: Any, language: str = "") -> Any:
        """Return the value with "{clock +60}" and "{day +3}" written as times and dates of this re-timed story."""
        if isinstance(value, dict):
            return {
                key: self._told(entry, value.get("language", language))
                for key, entry in value.items()
            }
        if isinstance(value, list):
            return [self._told(entry, language) for entry in value]
        if not isinstance(value, str):
            return value

        def clock(found: re.Match[str]) -> str:
            zone = ZoneInfo(self.brand.zone_for(found[2] or language or self.brand.languages[0]))
            return f"{self._at(float(found[1])).astimezone(zone):%H:%M}"

        def day(found: re.Match[str]) -> str:
            moment = self.seen_at.astimezone(ZoneInfo(self.brand.zone)) + timedelta(
                days=int(found[1])
            )
            return f"{moment:%d/%m}"

        return _DAY.sub(day, _CLOCK.sub(clock, value))

    # --- one method a verb; the names stand in the story files ---

    def _open(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        first = step.get("first_signal")
        self.incident = open_incident(
            Opening(
                seen=step["seen"],
                brand_id=self.brand.pk,
                revision=PlaybookRevision.objects.filter(
                    playbook__slug=step["playbook"], playbook__brand=None
                )
                .select_related("playbook")
                .order_by("-number")[0],
                severity=step["severity"],
                detected_at=self.seen_at,
                first_signal_at=self._at(first) if first is not None else None,
                origin_channel=step["origin"],
                channels=tuple(step["channels"]),
            ),
            actor=actor,
            at=at,
        )

    def _role(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        roles.assign_role(
            incident_id=self.incident.pk,
            role=step["role"],
            user=self.people[step["user"]],
            actor=actor,
            at=at,
        )

    def _item(self, key: str) -> ChecklistItem:
        return ChecklistItem.objects.get(incident=self.incident, key=key)

    def _tick(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        for key in step["items"]:
            checklist.tick_item(item_id=self._item(key).pk, actor=actor, at=at)

    def _skip(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        checklist.skip_item(
            item_id=self._item(step["item"]).pk, reason=step["reason"], actor=actor, at=at
        )

    def _assign(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        ids = [self._item(key).pk for key in step["items"]]
        checklist.assign_items(
            incident_id=self.incident.pk,
            item_ids=ids,
            owner=self.people[step["user"]],
            actor=actor,
            at=at,
        )

    def _link(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        checklist.add_evidence(
            incident_id=self.incident.pk,
            item_id=self._item(step["item"]).pk,
            url=step["url"],
            name=step["name"],
            actor=actor,
            at=at,
        )

    def _note(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        notebook.add_note(incident_id=self.incident.pk, text=step["text"], actor=actor, at=at)

    def _fact(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        notebook.state_fact(
            incident_id=self.incident.pk,
            text=step["text"],
            is_known=step["known"],
            actor=actor,
            at=at,
        )

    def _decide(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        notebook.make_decision(
            incident_id=self.incident.pk,
            question=step["question"],
            choice=step["choice"],
            reason=step["reason"],
            actor=actor,
            at=at,
        )

    def _ask(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        notebook.ask_question(
            incident_id=self.incident.pk,
            text=step["text"],
            asker=step["asker"],
            asker_name=step.get("name", ""),
            channel=step["channel"],
            times_asked=step.get("times", 1),
            actor=actor,
            at=at,
        )

    def _answer(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        row = Question.objects.get(incident=self.incident, text=step["question"])
        notebook.answer_question(
            question_id=row.pk,
            answer=step["text"],
            url=step.get("url", ""),
            version=row.version,
            actor=actor,
            at=at,
        )

    def _words(self, step: dict[str, Any]) -> StatementLanguage:
        return StatementLanguage.objects.get(
            statement__incident=self.incident,
            statement__key=step["statement"],
            language=step["language"],
        )

    def _revision(self, step: dict[str, Any]) -> StatementRevision:
        return StatementRevision.objects.filter(statement_language=self._words(step)).order_by(
            "-number"
        )[0]

    def _draft(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        words = self._words(step)
        values = {name: str(value) for name, value in step.get("values", {}).items()}
        text = step.get("text") or placeholders.fill(words.template, values).text
        drafting.save_draft(
            statement_language_id=words.pk,
            text=text,
            values=values,
            version=words.version,
            actor=actor,
            at=at,
        )

    def _submit(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        words = self._words(step)
        approving.submit(statement_language_id=words.pk, version=words.version, actor=actor, at=at)

    def _approve(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        revision = self._revision(step)
        approving.approve(revision_id=revision.pk, text_hash=revision.text_hash, actor=actor, at=at)

    def _send_back(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        approving.send_back(
            revision_id=self._revision(step).pk, comment=step["comment"], actor=actor, at=at
        )

    def _phone(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        approving.record_phone_approval(
            revision_id=self._revision(step).pk,
            approver=self.people[step["approver"]],
            said_at=at,
            actor=actor,
            at=at,
        )

    def _confirm(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        row = self._revision(step).approvals.get(approver=actor.user)
        approving.confirm_phone_approval(approval_id=row.pk, actor=actor, at=at)

    def _publish(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        for channel in step["channels"]:
            publishing.record_publication(
                revision_id=self._revision(step).pk,
                channel=channel,
                posting=publishing.Posting(url=step["url"].replace("CHANNEL", channel)),
                actor=actor,
                at=at,
            )

    def _plan(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        follow = step.get("follow")
        drafting.plan_language(
            statement_language_id=self._words(step).pk,
            plan=LanguagePlan(step["plan"]),
            follow_by=self._at(follow) if follow is not None else None,
            actor=actor,
            at=at,
        )

    def _promise(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        promises.make_commitment(
            incident_id=self.incident.pk,
            text=step["text"],
            due_at=self._at(step["due"]),
            actor=actor,
            at=at,
        )

    def _keep(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        row = Commitment.objects.get(
            incident=self.incident, is_next_update=False, text=step["text"]
        )
        promises.keep_commitment(commitment_id=row.pk, actor=actor, at=at)

    def _remind(self, step: dict[str, Any], actor: Actor | None, at: datetime) -> None:
        """Let the sweep run as it would have, minute by minute, since the step before."""
        for minute in range(step["from"], step["minute"] + 1):
            reminders.fire_due(at=self._at(minute))

    def _status(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        lifecycle.change_status(
            incident_id=self.incident.pk, to=Status(step["to"]), actor=actor, at=at
        )

    def _false_alarm(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        lifecycle.cancel_incident(
            incident_id=self.incident.pk,
            reason=CancelReason.FALSE_ALARM,
            line=step["line"],
            actor=actor,
            at=at,
        )

    def _review(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        review = Postmortem.objects.filter(incident=self.incident).first()
        reviewing.save_postmortem(
            incident_id=self.incident.pk,
            fields=step["fields"],
            version=review.version if review else 0,
            actor=actor,
            at=at,
        )

    def _sign(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        review = Postmortem.objects.get(incident=self.incident)
        reviewing.finalise_postmortem(
            incident_id=self.incident.pk, version=review.version, actor=actor, at=at
        )

    def _action(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        due = (
            (self.seen_at + timedelta(days=step["due_day"]))
            .astimezone(ZoneInfo(self.brand.zone))
            .date()
        )
        reviewing.add_action_item(
            incident_id=self.incident.pk,
            text=step["text"],
            owner=self.people[step["owner"]],
            due_date=due,
            actor=actor,
            at=at,
        )

    def _act(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        row = ActionItem.objects.get(incident=self.incident, text=step["text"])
        reviewing.finish_action_item(action_id=row.pk, version=row.version, actor=actor, at=at)

    def _report(self, step: dict[str, Any], actor: Actor, at: datetime) -> None:
        for language in step["languages"]:
            request_report(
                incident_id=self.incident.pk,
                kind=step["kind"],
                language=language,
                actor=actor,
                at=at,
            )
