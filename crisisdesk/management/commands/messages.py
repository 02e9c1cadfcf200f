"""`manage.py messages`: bring the .po files up to date with the words in the code."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from crisisdesk.management import extraction


class Command(BaseCommand):
    """Keeps every translation whose English still exists; nothing is guessed, so none is fuzzy."""

    help = "Write locale/*/LC_MESSAGES/django.po from code and templates, without locations."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = extraction.words_in_code()
        for language in extraction.languages():
            path = extraction.catalog_path(language)
            text = extraction.written(language, wanted)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
            catalog = extraction.read_catalog(language)
            open_ones = sum(
                1 for message in catalog if message.id and not all(extraction.forms_of(message))
            )
            self.stdout.write(f"{path}: {len(catalog)} messages, {open_ones} to translate")
