"""`manage.py tick [--loop N]`: every sweep once (or every N seconds), without a broker."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crisisdesk.celery import app
from crisisdesk.schedule import BEAT


class Command(BaseCommand):
    """Runs the same tasks as beat, in this process."""

    help = "Run every sweep once, or every N seconds with --loop N."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--loop", type=int, default=0, metavar="N", help="go on, every N seconds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        while True:
            for entry in BEAT.values():
                app.tasks[entry["task"]](**entry.get("kwargs", {}))
            if not options["loop"]:
                return
            time.sleep(options["loop"])
