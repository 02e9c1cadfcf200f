"""`manage.py verify_timeline [REFERENCE …]`: prove that no incident's history was changed, cut or reordered."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisisdesk.incidents.domain.timeline import verify
from crisisdesk.incidents.models import Incident


class Command(BaseCommand):
    """Checks the chain of hashes of every incident, or of those that are named."""

    help = "Check the hash chain of every incident's timeline."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("references", nargs="*", help="CD-2026-0042 …; none means all")

    def handle(self, *args: Any, **options: Any) -> None:
        incidents = Incident.objects.order_by("pk")
        if options["references"]:
            incidents = incidents.filter(reference__in=options["references"])
        checked, faults = 0, []
        for incident in incidents.iterator():
            checked += 1
            faults += verify(incident)
        for fault in faults:
            self.stderr.write(f"{fault.reference} event {fault.number}: {fault.what}")
        if faults:
            raise CommandError(f"{len(faults)} faults in {checked} timelines.")
        self.stdout.write(f"{checked} timelines are whole.")
