"""manage.py export_playbook SLUG FILE [--brand KEY] [--revision N]"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from playbooks.domain.archive import pack
from playbooks.models import PlaybookRevision


class Command(BaseCommand):
    """Writes one playbook as a .zip of its files; the same revision is the same bytes each time."""

    help = "Write a playbook's newest revision as a .zip of its YAML files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the slug, the file and, for a brand's own playbook, the brand."""
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--brand", default="", help="the key of the brand whose own it is")
        parser.add_argument("--revision", type=int, help="an older revision, by its number")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, or say which playbook is not there."""
        found = PlaybookRevision.objects.filter(playbook__slug=options["slug"])
        found = (
            found.filter(playbook__brand__key=options["brand"])
            if options["brand"]
            else found.filter(playbook__brand__isnull=True)
        )
        if options["revision"] is not None:
            found = found.filter(number=options["revision"])
        revision = found.order_by("-number").first()
        if revision is None:
            raise CommandError(f"no such playbook on the shelf: {options['slug']}")
        path: Path = options["file"]
        try:
            path.write_bytes(pack(revision.content))
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        if options["verbosity"]:
            self.stdout.write(f"{options['slug']}, revision {revision.number}: {path}")
