"""A refusal has a code and leaves every row of the room as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from crisisdesk.core.errors import DomainError, Invalid


def rows() -> dict[str, list[dict[str, Any]]]:
    """Return every row of the organisation and of the verified addresses."""
    models = [*apps.get_app_config("organisation").get_models(), EmailAddress]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


@contextmanager
def refused(
    code: str, kind: type[DomainError] = Invalid, *, field: str | None = None
) -> Iterator[None]:
    """Expect this refusal inside, and nothing written by it."""
    before = rows()
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
    if field is not None:
        assert caught.value.field == field
    assert rows() == before
