"""`manage.py demo [--reset]`: a brand, its people, three incidents and a planned announcement to try the desk with."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from crisisdesk.core import clock
from crisisdesk.management.demo.choices import make_choices
from crisisdesk.management.demo.people import make_organisation
from crisisdesk.management.demo.plan_player import PlanPlayer
from crisisdesk.management.demo.player import Player
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import Brand, User
from playbooks.domain.presigning import sign_acknowledgement
from playbooks.domain.review_dates import date_missing
from playbooks.domain.reviews import mark_reviewed
from playbooks.models import PlaybookRevision, ReviewDate

STORIES = ("finished", "false_alarm", "live")
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission")
FRESH_NEWS = timedelta(minutes=60)


class Command(BaseCommand):
    """Loads the demo where there is none; `--reset` empties the demo desk and plays it again, re-timed to now."""

    help = "Load the demo, or with --reset play it again from the start."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset", action="store_true", help="empty this demo desk and play the demo again"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is only for a demo desk: start one with `make run`.")
        if options["reset"]:
            empty_the_desk()
            call_command("load_channels", stdout=self.stdout)
            call_command("load_playbooks", stdout=self.stdout)
        elif User.objects.exists():
            self.stdout.write(
                "The demo is loaded already; `manage.py demo --reset` plays it again."
            )
            return
        load(clock.now())
        self.stdout.write("Demo loaded.")


def load(now: datetime) -> None:
    """Play all stories so that they read as if it had happened by now; one transaction."""
    folder = Path(settings.BASE_DIR) / "fixtures" / "demo"
    told = yaml.safe_load((folder / "desk.yaml").read_text(encoding="utf-8"))
    with transaction.atomic():
        brand, people = make_organisation(told, at=now)
        sign_words(told, brand, people, at=now - timedelta(days=70))
        review_playbooks(told, brand, people, at=now)
        make_choices(told, people, at=now)
        for name in STORIES:
            story = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
            seen_at = _seen_at(story, brand, now)
            Player(story, brand=brand, people=people, seen_at=seen_at).play()
        planned = yaml.safe_load((folder / "planned.yaml").read_text(encoding="utf-8"))
        PlanPlayer(planned, brand=brand, people=people, now=now).play()
        keep_old_mail_inside(now)


def _seen_at(story: dict[str, Any], brand: Brand, now: datetime) -> datetime:
    """Return minute 0 of a story: so long ago, or on that day at the hour that the story names."""
    seen_at = now - timedelta(minutes=story["minutes_ago"])
    if "clock" not in story:
        return seen_at
    hour, minute = map(int, story["clock"].split(":"))
    return seen_at.astimezone(ZoneInfo(brand.zone)).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )


def sign_words(
    told: dict[str, Any], brand: Brand, people: dict[str, User], *, at: datetime
) -> None:
    """Let the approvers sign the acknowledgements in peacetime."""
    for entry in told["presigned"]:
        revision = PlaybookRevision.objects.filter(playbook__slug=entry["playbook"]).order_by(
            "-number"
        )[0]
        for language, name in entry["languages"].items():
            sign_acknowledgement(
                revision_id=revision.pk,
                brand_id=brand.pk,
                statement_key=entry["statement"],
                language=language,
                actor=Actor(people[name], Source.COMMAND),
                at=at,
            )


def review_playbooks(
    told: dict[str, Any], brand: Brand, people: dict[str, User], *, at: datetime
) -> None:
    """Let the lead have read playbooks again some time ago, so that one is due and one is soon."""
    date_missing(at=at)
    for entry in told["reviews"]:
        parts = ReviewDate.objects.filter(brand=brand, playbook__slug=entry["playbook"])
        mark_reviewed(
            seen=dict(parts.values_list("pk", "version")),
            actor=Actor(people[entry["who"]], Source.COMMAND),
            at=at - timedelta(days=entry["days_ago"]),
        )


def keep_old_mail_inside(now: datetime) -> None:
    """Mail of what "happened" long ago is not sent now: it would bury the mail of the live incident."""
    Notification.objects.filter(
        transport="email", state="pending", created_at__lt=now - FRESH_NEWS
    ).update(state="withheld")


def empty_the_desk() -> None:
    """Empty every table of the desk but migrations; the append-only triggers are for rows, not for a whole
    demo desk."""
    tables = sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        - set(KEPT_TABLES)
    )
    with connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
