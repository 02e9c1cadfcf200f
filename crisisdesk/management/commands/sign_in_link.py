"""Print a one-time link that signs a person in, for when mail is down."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.core.words import error_text
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.sign_in_links import make_sign_in_link


class Command(BaseCommand):
    """`manage.py sign_in_link EMAIL`: the link is the only line on standard output."""

    help = "Print a link that signs a person in once, within 15 minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            secret = make_sign_in_link(email=options["email"], actor=SYSTEM, at=clock.now())
        except DomainError as error:
            raise CommandError(error_text(error)) from error
        self.stdout.write(settings.BASE_URL + reverse("web:sign-in-link", args=[secret]))
