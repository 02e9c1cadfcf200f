"""Plays the preparation of an announcement: each step is one of the product's commands (fixtures/demo/planned.yaml)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crisisdesk.core import placeholders
from crisisdesk.incidents.domain import announcement_plans, plan_words
from crisisdesk.incidents.models import AnnouncementPlan
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import Brand, BrandLanguage, User
from playbooks.domain.content import parse


class PlanPlayer:
    """One plan on its way to its announcement: minute 0 is when it was opened."""

    def __init__(
        self, story: dict[str, Any], *, brand: Brand, people: dict[str, User], now: datetime
    ) -> None:
        self.story, self.brand, self.people = story, brand, people
        self.opened_at = now - timedelta(minutes=story["minutes_ago"])
        hour, minute = map(int, story["announced"]["clock"].split(":"))
        day = now.astimezone(ZoneInfo(brand.zone)) + timedelta(days=story["announced"]["days"])
        self.announce_at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        self.plan: AnnouncementPlan

    def play(self) -> AnnouncementPlan:
        """Play every step in order and return the plan."""
        for step in self.story["steps"]:
            do = getattr(self, f"_{step['do']}")
            at = self.opened_at + timedelta(minutes=step["minute"])
            do(step, actor=self._actor(step["who"]), at=at)
        return self.plan

    def _actor(self, name: str) -> Actor:
        return Actor(self.people[name], Source.COMMAND)

    # --- one method a verb; the names stand in the story's file ---

    def _open(self, step: dict[str, Any], **who: Any) -> None:
        details = announcement_plans.PlanDetails(
            title=step["title"], decision=step["decision"], announce_at=self.announce_at
        )
        self.plan = announcement_plans.open_plan(brand_id=self.brand.pk, details=details, **who)

    def _point(self, step: dict[str, Any], **who: Any) -> None:
        plan_words.add_plan_point(
            plan_id=self.plan.pk,
            kind=step["kind"],
            text=step["text"],
            detail=step["detail"],
            **who,
        )

    def _question(self, step: dict[str, Any], **who: Any) -> None:
        """Ask it, answer it where the story has words, and let the language's approver approve."""
        point = plan_words.add_plan_point(
            plan_id=self.plan.pk,
            kind="question",
            text=step["text"],
            owner=self.people[step["owner"]],
            **who,
        )
        for language, words in step["answers"].items():
            text = plan_words.write_plan_answer(
                point_id=point.pk, language=language, text=words, version=0, **who
            )
            if language in step["approved"]:
                named = BrandLanguage.objects.get(brand=self.brand, language=language)
                actor = Actor(named.approver, Source.COMMAND)
                plan_words.approve_plan_answer(text_id=text.pk, actor=actor, at=who["at"])

    def _words(self, step: dict[str, Any], **who: Any) -> None:
        statement = parse(self.plan.playbook_revision).statement(step["statement"])
        if statement is None:
            raise LookupError(step["statement"])
        for language in step["languages"]:
            plan_words.prepare_plan_statement(
                plan_id=self.plan.pk,
                key=statement.key,
                language=language,
                text=placeholders.fill(statement.text[language], step["values"]).text,
                version=0,
                **who,
            )

    def _duty(self, step: dict[str, Any], **who: Any) -> None:
        announcement_plans.add_plan_duty(
            plan_id=self.plan.pk,
            person=self.people[step["user"]],
            role=step["role"],
            from_at=self.announce_at + timedelta(hours=step["from"]),
            to_at=self.announce_at + timedelta(hours=step["to"]),
            **who,
        )

    def _reached(self, step: dict[str, Any], **who: Any) -> None:
        announcement_plans.record_plan_reach(
            plan_id=self.plan.pk,
            person=self.people[step["user"]],
            reached=step["reached"],
            **who,
        )
