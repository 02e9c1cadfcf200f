"""`manage.py restore FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisisdesk.stack import archive
from crisisdesk.stack.binaries import MissingProgram
from crisisdesk.stack.plan import Plan
from crisisdesk.stack.postgres import PostgresFailed


class Command(BaseCommand):
    """Ends with verify_timeline, so a damaged history is known at once."""

    help = "Bring a backup back into an empty desk (DATA_DIR, or the database in DATABASE_URL)."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        plan = Plan.from_environment()
        try:
            archive.restore(plan, file.absolute())
        except (archive.ArchiveFailed, MissingProgram, PostgresFailed) as reason:
            raise CommandError(str(reason)) from reason
        start = "manage.py up --no-demo" if plan.layout.real.exists() else "manage.py up"
        self.stdout.write(f"Restored into {plan.layout.data}. Start it with: {start}")
