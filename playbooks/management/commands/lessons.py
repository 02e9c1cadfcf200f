"""manage.py lessons --coverage"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from playbooks.domain.checking import check_shelf
from playbooks.domain.content import parse
from playbooks.domain.lesson_use import coverage, told_in_files, uses


class Command(BaseCommand):
    """Shows what follows from each lesson; reads the files only and needs no database."""

    help = "List the lessons and what follows from each; --coverage counts what is left out."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --coverage and another fixtures folder."""
        parser.add_argument(
            "--coverage", action="store_true", help="only the counts; fails if anything is left out"
        )
        parser.add_argument(
            "--fixtures",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="another fixtures folder",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the counts, or one line a lesson; fail for faults in the files and for what is left out."""
        checked = check_shelf(options["fixtures"].resolve())
        if checked.errors:
            raise CommandError(
                f"{len(checked.errors)} faults in the files; load_playbooks --check lists them"
            )
        shelf = checked.shelf
        found = uses(told_in_files(shelf), [parse(folder.content()) for folder in shelf.folders])
        if not options["coverage"]:
            for use in found.values():
                self.stdout.write(
                    f"{use.state:8}{use.key}: {use.item_count} items, {use.clock_count} clocks, "
                    f"{len(use.present)} behaviours, {len(use.planned)} planned"
                )
            return
        counts = coverage(shelf.rows(shelf.notes, "notes"), found)
        self.stdout.write(
            f"{counts.mapped} of {counts.notes} mapped, {counts.lessons} lessons, "
            f"{counts.used} used, {counts.planned} planned, {counts.unused} unused"
        )
        if not counts.is_whole:
            raise CommandError("a note or a lesson is left lying; manage.py lessons names them")
