"""`manage.py backup FILE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisisdesk.stack import archive
from crisisdesk.stack.binaries import MissingProgram
from crisisdesk.stack.plan import Plan
from crisisdesk.stack.postgres import PostgresFailed


class Command(BaseCommand):
    """Safe while the desk runs; starts the database for the time being when it does not."""

    help = "Write database, stored files and secrets to one file. Keep it where secrets may lie."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            written = archive.backup(Plan.from_environment(), file.absolute())
        except (archive.ArchiveFailed, MissingProgram, PostgresFailed) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"{written}: {written.stat().st_size / 1e6:.1f} MB. It holds secrets.")
