"""`manage.py messages`: bring the .po files up to date with the words in the code."""

from __future__ import annotations

from typing import Any

from babel.messages.pofile import write_po
from django.core.management.base import BaseCommand

from crisisdesk.management import extraction


class Command(BaseCommand):
    """Keeps every translation whose English still exists; nothing is guessed, so none is fuzzy."""

    help = "Write locale/*/LC_MESSAGES/django.po from code and templates, without locations."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = extraction.words_in_code()
        for language in extraction.languages():
            catalog = extraction.read_catalog(language)
            catalog.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
            catalog.obsolete.clear()
            path = extraction.catalog_path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalog, no_location=True, sort_output=True, width=100)
            open_ones = sum(
                1 for message in catalog if message.id and not all(extraction.forms_of(message))
            )
            self.stdout.write(f"{path}: {len(catalog)} messages, {open_ones} to translate")
