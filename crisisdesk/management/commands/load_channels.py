"""Bring the channels' facts in the database up to fixtures/channels.yaml."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text
from crisisdesk.organisation.domain.channels import load_channels


class Command(BaseCommand):
    """`manage.py load_channels`: safe to run again; channels that left the file stay."""

    help = "Load the channels' limits, counting rules and routes."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = load_channels()
        except DomainError as error:
            raise CommandError(error_text(error)) from error
        self.stdout.write(f"{changed} channels were new or different.")
