"""`manage.py bench_seed --incidents N --events M`: fill a desk for measuring, through bulk writes, with whole
chains."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crisisdesk.core import clock
from crisisdesk.core.languages import fold
from crisisdesk.incidents.domain import deadlines, timeline
from crisisdesk.incidents.enums import DeadlineKind, EventKind, Severity, Status
from crisisdesk.incidents.models import Incident, ReferenceCounter
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role, Source
from crisisdesk.organisation.models import Brand, Membership, User
from playbooks.models import PlaybookRevision

OPEN_SHARE = 20  # every twentieth incident is open, as in the peers' seeds (performance.md 2)
BATCH = 500
TITLES = (
    "Checkout fails on the sale day",
    "حساب يردّ على عملائنا",
    "הזמנות מתעכבות בחיפה",
    "An old poster is shared again",
)


class Command(BaseCommand):
    """Adds incidents of the desk's first brand, opened in its first lead's name, one an hour back from now."""

    help = "Add N incidents with M timeline events each, for benchmarks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--incidents", type=int, default=1000)
        parser.add_argument("--events", type=int, default=5)
        parser.add_argument(
            "--deadlines", type=int, default=0, help="running deadlines per open incident"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        member = (
            Membership.objects.filter(role=Role.LEAD)
            .select_related("user", "brand")
            .order_by("pk")
            .first()
        )
        revision = PlaybookRevision.objects.order_by("pk").first()
        if member is None or revision is None:
            raise CommandError("Nothing to hang incidents on: load the demo first.")
        started = time.perf_counter()
        made = 0
        for first in range(0, options["incidents"], BATCH):
            count = min(BATCH, options["incidents"] - first)
            made += seed(
                member.brand,
                member.user,
                revision,
                count=count,
                events=options["events"],
                promises=options["deadlines"],
                at=clock.now() - timedelta(hours=first),
            )
        spent = time.perf_counter() - started
        self.stdout.write(f"{made} incidents with {options['events']} events each in {spent:.1f} s")


@transaction.atomic
def seed(
    brand: Brand,
    lead: User,
    revision: PlaybookRevision,
    *,
    count: int,
    events: int,
    promises: int,
    at: datetime,
) -> int:
    """Add `count` incidents in one transaction; their events go through timeline.append, so that the chains hold."""
    year = at.year
    counter, _ = ReferenceCounter.objects.select_for_update().get_or_create(year=year)
    rows = [
        _incident(brand, lead, revision, counter.last + place, at) for place in range(1, count + 1)
    ]
    counter.last += count
    counter.save(update_fields=["last"])
    actor = Actor(lead, Source.COMMAND)
    for row in Incident.objects.bulk_create(rows):
        drafts = [
            timeline.Draft(
                EventKind.DECLARED if number == 0 else EventKind.NOTE_ADDED,
                data={"severity": row.severity, "playbook": "bench", "revision": 1}
                if number == 0
                else {},
                texts={
                    "title" if number == 0 else "text": timeline.Text(
                        f"{row.title} · {number}", "en"
                    )
                },
                occurred_at=row.detected_at + timedelta(seconds=number),
            )
            for number in range(events)
        ]
        timeline.append(row, drafts, actor=actor, at=row.detected_at + timedelta(seconds=events))
        if promises and row.is_open:
            deadlines.start_many(
                row, [_promise(at, number) for number in range(promises)], at=row.detected_at
            )
    return count


def _incident(
    brand: Brand, lead: User, revision: PlaybookRevision, number: int, at: datetime
) -> Incident:
    seen_at = at - timedelta(hours=number % BATCH)
    title = f"{TITLES[number % len(TITLES)]} {number}"
    is_open = number % OPEN_SHARE == 0
    reference = f"CD-{at.year}-{number:04d}"
    return Incident(
        reference=reference,
        brand=brand,
        title=title,
        title_language="en",
        severity=list(Severity)[number % 4],
        status=Status.ACTIVE if is_open else Status.CLOSED,
        opened_by=lead,
        lead=lead,
        playbook_revision=revision,
        languages=list(brand.languages),
        channels=["x"],
        origin_channel="x",
        detected_at=seen_at,
        aware_at=seen_at,
        opened_at=seen_at,
        activated_at=seen_at,
        closed_at=None if is_open else seen_at + timedelta(hours=9),
        search_text=fold(f"{reference} {title} {brand.name}"),
    )


def _promise(at: datetime, number: int) -> deadlines.Plan:
    return deadlines.Plan(
        kind=DeadlineKind.COMMITMENT,
        label={"en": f"Promise {number}", "ar": f"وعد {number}", "he": f"הבטחה {number}"},
        started_at=at,
        length=timedelta(minutes=10),
        lives_until=Status.CLOSED,
        is_quiet=True,
        escalate=False,
    )
