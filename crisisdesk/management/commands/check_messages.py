"""`manage.py check_messages`: are the translations complete?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crisisdesk.management import extraction

SHOWN = 40


class Command(BaseCommand):
    """Reads code and .po files only; changes nothing."""

    help = "Fail on missing, untranslated, fuzzy or unequal entries, or a file not as `messages` writes it."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = extraction.words_in_code()
        found = [
            fault
            for language in extraction.languages()
            for fault in extraction.faults(language, wanted)
        ]
        found += [
            f"{language}: not as `make messages` writes it; run that"
            for language in extraction.languages()
            if not extraction.is_as_written(language, wanted)
        ]
        for fault in found[:SHOWN]:
            self.stdout.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in the translations.")
        self.stdout.write(
            f"{len(wanted)} messages, complete in {len(extraction.languages())} languages."
        )
