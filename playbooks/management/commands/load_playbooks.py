"""manage.py load_playbooks [--check]"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from crisisdesk.core import clock
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from playbooks.domain.checking import check_shelf
from playbooks.domain.loading import LoadReport, ShelfRefused, load_shelf
from playbooks.domain.yaml_files import Fault


class Command(BaseCommand):
    """Loads playbooks, lessons and sources; with --check it only reads the files and needs no
    database.
    """

    help = "Load playbooks, lessons and sources from fixtures/; --check only lists the faults."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check and another fixtures folder."""
        parser.add_argument(
            "--check", action="store_true", help="only check the files; no database is needed"
        )
        parser.add_argument(
            "--fixtures",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="another fixtures folder",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check or load; faults go out one a line and make the command fail."""
        root: Path = options["fixtures"].resolve()
        if options["check"]:
            checked = check_shelf(root)
            self._say(checked.faults, root)
            self.stdout.write(
                f"{len(checked.shelf.folders)} playbooks, no faults, {len(checked.faults)} warnings"
            )
            return
        try:
            report = load_shelf(root, actor=Actor(user=None, source=Source.COMMAND), at=clock.now())
        except ShelfRefused as refused:
            self._say(refused.faults, root)
        else:
            if options["verbosity"]:
                self.stdout.write(_sentence(report))

    def _say(self, faults: tuple[Fault, ...], root: Path) -> None:
        """Write one line a fault; fail if one of them is more than a warning."""
        for fault in faults:
            line = fault.shown(root.parent)
            self.stderr.write(self.style.WARNING(line) if fault.is_warning else line)
        count = sum(not fault.is_warning for fault in faults)
        if count:
            raise CommandError(f"{count} faults in the files; nothing was written")


def _sentence(report: LoadReport) -> str:
    parts = {
        "new": report.created,
        "new revision": report.revised,
        "unchanged": report.unchanged,
        "taken off the shelf": report.retired,
        "kept as written at the desk": report.kept,
        "beside a brand's own of the same name": report.beside,
    }
    said = [f"{words}: {', '.join(slugs)}" for words, slugs in parts.items() if slugs]
    return "; ".join(
        [
            *said,
            f"lessons written: {report.lessons}",
            f"sources written: {report.sources}",
            f"authorities written: {report.regulators}",
        ]
    )
