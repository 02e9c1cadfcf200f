"""A brand that writes its own playbooks, its lead, and a draft."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from playbooks.models import PlaybookDraft, PlaybookRevision
from tests.factories.organisation import make_brand, make_channel, make_member
from tests.factories.playbooks import load, write_shelf
from tests.playbooks.drafts import begin


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    """A brand, the channels, and the small shelf."""
    for key in ("x", "facebook", "email", "press", "internal"):
        make_channel(key)
    load(write_shelf(tmp_path))
    return make_brand()


@pytest.fixture
def lead(brand: Brand) -> User:
    return make_member(brand, Role.LEAD)


@pytest.fixture
def draft(brand: Brand, lead: User) -> PlaybookDraft:
    """A copy of the shared playbook, not published yet."""
    return begin(brand, lead, from_revision=PlaybookRevision.objects.get().pk)
