"""A refusal of the domain, put where the person looks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.words import error_text

if TYPE_CHECKING:
    from django.forms import BaseForm

    from crisisdesk.core.errors import DomainError


def add_refusal(form: BaseForm, error: DomainError) -> None:
    """Put the refusal's sentence at its field, or at the top of the form when the form has no such
    field."""
    form.add_error(error.field if error.field in form.fields else None, error_text(error))
