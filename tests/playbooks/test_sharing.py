"""Words that another playbook says too are told before publishing, with their place, and stop nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from crisisdesk.organisation.models import Brand, User
from playbooks.domain.sharing import shared_texts
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision
from playbooks.queries.shelf import Shelved, published
from tests.factories.organisation import NOON
from tests.factories.playbooks import folder_data
from tests.playbooks.drafts import publish

pytestmark = pytest.mark.django_db


def content_of(slug: str) -> dict[str, Any]:
    """Return a playbook of its own words."""
    files = folder_data(slug)
    words = {code: files[f"{code}.yaml"] for code in ("en", "ar", "he")}
    return {**files["playbook.yaml"], "words": words}


def others(lead: User) -> list[Shelved]:
    """What stands on the shelf."""
    return published(lead)


def test_words_of_their_own_are_told_nothing(lead: User) -> None:
    assert shared_texts(content_of("quite-another"), others(lead)) == ()


def test_the_same_words_are_told_with_their_place(lead: User) -> None:
    content = content_of("quite-another")
    shelf = PlaybookRevision.objects.get()
    theirs = shelf.content["words"]["ar"]
    ours = content["words"]["ar"]
    ours["items"]["item-4"]["detail"] = theirs["items"]["item-9"]["words"].upper() + " ."
    ours["statements"]["update"]["text"] = theirs["statements"]["holding"]["text"]
    found = shared_texts(content, others(lead))
    slug = shelf.playbook.slug
    assert [(each.path.as_posix(), each.key, each.message) for each in found] == [
        ("ar.yaml", "items.item-4.detail", f"the same words as {slug}/ar.yaml items.item-9.words"),
        (
            "ar.yaml",
            "statements.update.text",
            f"the same words as {slug}/ar.yaml statements.holding.text",
        ),
    ]
    assert all(each.is_warning and each.code == "shared_text" for each in found)


def test_what_a_playbook_was_copied_from_is_left_out(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    assert shared_texts(draft.content, others(lead)) == ()
    other = deepcopy(content_of("quite-another"))
    said = draft.content["words"]["he"]["statements"]["holding"]["text"]
    other["words"]["he"]["statements"]["correction"]["text"] = said
    playbook = Playbook.objects.create(
        brand=brand, slug="quite-another", origin="desk", crisis_type="general",
        scct_cluster="victim", is_published=True, created_at=NOON,
    )  # fmt: skip
    PlaybookRevision.objects.create(
        playbook=playbook, number=1, schema=1, content=other, content_hash="x", created_at=NOON
    )
    (found,) = shared_texts(draft.content, others(lead))
    assert found.message.endswith("quite-another/he.yaml statements.correction.text")
    assert publish(draft, lead).number == 1


def test_half_written_words_are_no_fault() -> None:
    assert shared_texts({"words": {"en": {"items": {"a": None}}, "ar": None}}, []) == ()
