"""Everything a desk needs before its first page: tables, the queue's lost work, shelf, demo."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse

from crisisdesk.celery import app
from crisisdesk.stack import setup_code
from crisisdesk.stack.plan import DEMO_PEOPLE
from crisisdesk.stack.supervisor import SAY


class Command(BaseCommand):
    """Run by `up` between the servers and the desk; safe to run again at any time then."""

    help = "Bring tables, queue, playbooks and demo up to date (run by `up`)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--current", action="store_true", help="code and content are those of the last time"
        )

    def handle(self, *args: Any, current: bool, **options: Any) -> None:
        if not current:
            call_command("migrate", interactive=False, verbosity=0)
            call_command("load_channels", stdout=self.stdout)
            call_command("load_playbooks", stdout=self.stdout)
            if settings.DEMO:
                call_command("demo", stdout=self.stdout)
        if found := requeue_unacknowledged():
            self._say(f"{found} tasks that were being worked on are queued again.")
        if settings.DEMO:
            self._compare_password()
        elif not get_user_model().objects.exists():
            code = setup_code.make(Path(settings.SETUP_CODE_FILE))
            address = settings.BASE_URL + reverse("web:first-setup")
            self._say(f"Set this desk up at {address} with the code {code}; it works once.")

    def _compare_password(self) -> None:
        password = os.environ.get("DEMO_PASSWORD", "")
        person = get_user_model().objects.filter(email=DEMO_PEOPLE[0][0]).first()
        if person and password and not person.check_password(password):
            self._say("The demo was loaded with another password; `make demo` plays it with this.")

    def _say(self, text: str) -> None:
        self.stdout.write(f"{SAY}{text}")


def requeue_unacknowledged() -> int:
    """Queue again what a killed worker held, instead of waiting for the broker's timeout.

    Only right while no worker runs: then whatever is unacknowledged is nobody's.
    """
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        if not hasattr(channel, "unacked_index_key"):  # RabbitMQ does it by itself
            return 0
        with channel.conn_or_acquire() as client:
            tags = client.zrange(channel.unacked_index_key, 0, -1)
        for tag in tags:
            channel.qos.restore_by_tag(tag.decode() if isinstance(tag, bytes) else tag)
        return len(tags)
