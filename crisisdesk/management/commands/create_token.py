"""Print a new API token for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.enums import TokenScope
from crisisdesk.organisation.models import User


class Command(BaseCommand):
    """`manage.py create_token EMAIL --scope read|write`: the token is the only line on standard
    output."""

    help = "Print a new API token for a person. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.READ)
        parser.add_argument("--name", default="made on the command line", help="what it is for")
        parser.add_argument(
            "--days", type=int, default=0, help="valid for so many days (default: until revoked)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        person = User.objects.filter(email=options["email"].strip().lower()).first()
        if person is None:
            raise CommandError(f"Nobody with the address {options['email']} is known here.")
        try:
            made = create_token(
                user_id=person.pk,
                name=options["name"],
                scope=options["scope"],
                expires_at=at + timedelta(days=options["days"]) if options["days"] > 0 else None,
                actor=SYSTEM,
                at=at,
            )
        except DomainError as error:
            raise CommandError(error_text(error)) from error
        self.stdout.write(made.secret)
