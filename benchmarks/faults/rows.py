"""Reminders that fall due one after another, made by the product's own commands."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta

import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from crisisdesk.core import clock
from crisisdesk.incidents.domain import deadlines
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, ReminderState, Status
from crisisdesk.incidents.models import Deadline, Incident, Reminder
from crisisdesk.management.demo.people import make_organisation
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Address, Notification
from crisisdesk.notifications.queries.given_up import given_up
from crisisdesk.notifications.rules import signing
from crisisdesk.organisation.domain import outgoing
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership

INCIDENTS = 1000  # of which bench_seed leaves one in twenty open
KEY = "fault-bench"


def fill() -> None:
    """Add a brand, its people, and the incidents that the reminders belong to."""
    told = yaml.safe_load((settings.BASE_DIR / "fixtures" / "demo" / "desk.yaml").read_text())
    make_organisation(told, at=clock.now())
    call_command("bench_seed", incidents=INCIDENTS, events=1, verbosity=0)


def subscribe(port: int) -> None:
    """Give every second person an address for webhooks, proven already."""
    at = clock.now()
    for number, person in enumerate(_people(_incidents()[0])):
        if number % 2:
            Address.objects.create(
                user_id=person,
                transport=Transport.WEBHOOK,
                value=f"http://127.0.0.1:{port}/{person}",
                secret=signing.new_secret(),
                verified_at=at,
                created_at=at,
            )


def start(count: int, *, first: datetime, span: timedelta, chance: random.Random) -> None:
    """Start so many deadlines, each with one alarm at a moment of the span, spread over incidents and people."""
    incidents = _incidents()
    people = _people(incidents[0])
    plans: dict[int, list[deadlines.Plan]] = defaultdict(list)
    for number in range(count):
        # Whole seconds are what a deadline's length is kept in.
        moment = timedelta(seconds=1 + chance.randrange(int(span.total_seconds())))
        plans[number % len(incidents)].append(
            deadlines.Plan(
                kind=DeadlineKind.COMMITMENT,
                key=KEY,
                label={"en": f"Promise {number}", "ar": f"وعد {number}", "he": f"הבטחה {number}"},
                started_at=first,
                length=moment,
                lives_until=Status.CLOSED,
                owner_id=people[number % len(people)],
                is_quiet=True,
                escalate=False,
            )
        )
    for place, some in plans.items():
        with transaction.atomic():
            deadlines.start_many(incidents[place], some, at=first)


def send_again() -> int:
    """Press "Send again" for what a server refused for good, as who looks after the desk does; returns how many."""
    lead = Membership.objects.filter(role=Role.LEAD, user__is_active=True).order_by("pk")[0].user
    lost = list(given_up(lead).values_list("pk", flat=True))
    return outgoing.send_again(lost, actor=Actor(lead), at=clock.now()) if lost else 0


def _incidents() -> list[Incident]:
    found = Incident.objects.filter(status=Status.ACTIVE, title__regex=" [0-9]+$")
    return list(found.order_by("-pk")[:50])


def _people(incident: Incident) -> list[int]:
    found = Membership.objects.filter(brand=incident.brand_id).exclude(role=Role.ADMIN)
    return list(found.order_by("user").values_list("user", flat=True).distinct())


def give_up() -> None:
    """Let go of all that still waits, so that the next measure starts from nothing."""
    found = Deadline.objects.filter(key=KEY)
    found.filter(state=DeadlineState.RUNNING).update(state=DeadlineState.CANCELLED)
    Reminder.objects.filter(deadline__key=KEY, state=ReminderState.PENDING).update(
        state=ReminderState.CANCELLED
    )
    found.update(key="")
    Notification.objects.filter(state=State.PENDING).update(state=State.WITHHELD)
