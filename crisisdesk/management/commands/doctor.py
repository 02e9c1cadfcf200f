"""`manage.py doctor`: what is missing, in words, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import OperationalError

from crisisdesk.celery import app
from crisisdesk.core import clock
from crisisdesk.notifications.enums import Hand
from crisisdesk.notifications.queries import heartbeat
from crisisdesk.stack import checks
from crisisdesk.stack.checks import Finding
from crisisdesk.stack.plan import Plan


class Command(BaseCommand):
    """Looks at the machine always, and at the desk if it runs. Changes nothing."""

    help = "Say what keeps this desk from working, and how to mend it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--machine", action="store_true", help="only the machine, not the running desk"
        )

    def handle(self, *args: Any, machine: bool, **options: Any) -> None:
        plan = Plan.from_environment()
        findings = list(checks.before_start(plan))
        if not machine:
            findings += desk()
        for finding in findings:
            self.stdout.write(f"✗ {finding.what}\n    {finding.mend}")
        if not findings:
            self.stdout.write("✓ Nothing is missing.")
        if any(finding.stops for finding in findings):
            raise SystemExit(1)


def desk() -> Iterator[Finding]:
    """What is wrong with the desk that runs, or that it does not run."""
    if not settings.DATABASE_URL:
        yield Finding("No desk was started in this folder yet.", "Start it with: make run")
        return
    try:
        connection.ensure_connection()
    except Error as error:
        yield Finding(
            f"The database does not answer: {str(error).strip()}",
            "Start the desk with: make run"
            if Plan.from_environment().own_database
            else "Start it, or correct DATABASE_URL.",
            stops=True,
        )
        return
    yield from _tables()
    yield from _broker()
    yield from _mail()


def _tables() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            f"{len(waiting)} changes of the database wait to be applied.",
            "Run: python manage.py migrate (make run does it too)",
            stops=True,
        )
        return
    yield from _hands()


def _hands() -> Iterator[Finding]:
    for silence in heartbeat.late(clock.now()):
        since = f"since {silence.since:%Y-%m-%d %H:%M:%S} UTC" if silence.since else "so far"
        follows = (
            "nobody checks alarms, mail and histories"
            if silence.hand == Hand.AUDITOR
            else "reminders and mail do not go out"
        )
        yield Finding(
            f"No sign of life from {silence.hand} {since}: {follows}.",
            "Look at worker.log and beat.log in the log folder, and start the desk again.",
        )


def _broker() -> Iterator[Finding]:
    line = app.connection_for_write()
    try:
        line.ensure_connection(max_retries=1, timeout=3)
    except (OSError, OperationalError) as error:
        yield Finding(
            f"The queue does not answer: {error}",
            "Nothing is lost, a sweep sends it later. Start the desk again, or correct BROKER_URL.",
        )
    finally:
        line.release()


def _mail() -> Iterator[Finding]:
    if settings.MAIL_KEPT:
        return
    try:
        server = get_connection(fail_silently=False)
        server.open()
        server.close()
    except OSError as error:
        yield Finding(f"The mail server does not answer: {error}", "Correct EMAIL_URL.")
