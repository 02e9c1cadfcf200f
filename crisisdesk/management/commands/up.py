"""`manage.py up`: the whole desk in one foreground process group."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Hands over to the supervisor, which does without Django and so stays small."""

    help = "Start database, queue, web, stream, workers and beat, and keep them running."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="a real desk, no demo people")

    def handle(self, *args: Any, no_demo: bool, **options: Any) -> None:
        self.stdout.flush()
        command = [sys.executable, "-m", "crisisdesk.stack", "up"]
        if no_demo:
            command.append("--no-demo")
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter
