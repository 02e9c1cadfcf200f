"""How people get in: no sign-up, mail in the reader's language, secrets never through the
outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse
from django.utils import translation

from crisisdesk.core.languages import LANGUAGES, direction
from crisisdesk.organisation.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest

RIGHT_TO_LEFT_MARK = "\u200f"


class AccountAdapter(DefaultAccountAdapter):
    """The desk's rules for allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send an account mail in the language of whoever reads it, not of whoever asked for it."""
        language = str(context.get("language") or language_of(email) or translation.get_language())
        with translation.override(language):
            super().send_mail(template_prefix, email, context | {"language": language})

    def format_email_subject(self, subject: str) -> str:
        """Start Arabic and Hebrew subjects with U+200F, so that mail programs lay them out from the
        right."""
        mark = RIGHT_TO_LEFT_MARK if direction(translation.get_language() or "en") == "rtl" else ""
        return mark + super().format_email_subject(subject)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to where the change was asked for."""
        return reverse("web:settings-security")


def language_of(email: str) -> str:
    """Return the language of the person with this address; empty for nobody of ours."""
    found = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
    return found if found in LANGUAGES else ""
