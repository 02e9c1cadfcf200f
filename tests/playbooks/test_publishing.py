"""A draft becomes a revision only without faults, an older one comes back, and signatures keep their rule."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.core.errors import DomainError, Invalid, NotVisible, Stale
from crisisdesk.organisation.models import Brand, User
from playbooks.domain import drafting, places, publishing
from playbooks.domain.archive import pack
from playbooks.domain.desk_checks import PlaybookRefused
from playbooks.domain.importing import import_playbook
from playbooks.domain.presigning import presigned_texts, sign_acknowledgement
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision
from playbooks.queries.shelf import published
from tests.factories.organisation import NOON, web
from tests.playbooks.drafts import TITLE, everything, publish, put

pytestmark = pytest.mark.django_db


def test_publishing_freezes_the_draft_and_puts_it_on_the_shelf(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    made = publish(draft, lead)
    assert (made.number, made.note, made.author) == (1, "First words", lead)
    assert not PlaybookDraft.objects.exists()
    assert "ours" in [row.playbook.slug for row in published(lead, brand_id=brand.pk)]


def test_publishing_with_faults_names_them_and_changes_nothing(
    draft: PlaybookDraft, lead: User
) -> None:
    saved = put(draft, lead, TITLE, "", draft.content["words"]["ar"]["title"])
    before = everything()
    with pytest.raises(PlaybookRefused) as refused:
        publish(saved, lead)
    (fault,) = [each for each in refused.value.faults if not each.is_warning]
    assert (fault.path.as_posix(), fault.key, fault.code) == ("ar.yaml", "title", "empty_text")
    assert everything() == before


@pytest.mark.parametrize(
    ("asked", "error", "code"),
    [
        ({"note": "  "}, Invalid, "note_missing"),
        ({"note": "x" * 201}, Invalid, "text_too_long"),
        ({"version": 0}, Stale, "draft_changed"),
    ],
)
def test_publishing_is_refused(
    draft: PlaybookDraft, lead: User, asked: dict[str, Any], error: type[DomainError], code: str
) -> None:
    before = everything()
    with pytest.raises(error, match=code):
        publish(draft, lead, **asked)
    assert everything() == before


def reopened(made: PlaybookRevision, who: User) -> PlaybookDraft:
    return drafting.open_draft(playbook_id=made.playbook_id, actor=web(who), at=NOON)


def test_the_next_draft_begins_with_the_newest_revision(draft: PlaybookDraft, lead: User) -> None:
    made = publish(draft, lead)
    again = reopened(made, lead)
    assert (again.base, again.content) == (made, made.content)
    assert reopened(made, lead) == again
    with pytest.raises(Invalid, match="nothing_new"):
        publish(again, lead)


def test_a_revision_that_came_meanwhile_is_not_passed_over_unseen(
    draft: PlaybookDraft, lead: User
) -> None:
    made = publish(draft, lead)
    again = put(reopened(made, lead), lead, TITLE, "ثالث", made.content["words"]["ar"]["title"])
    publishing.add_revision(made.playbook, {**made.content, "channels": ["x"]}, at=NOON)
    with pytest.raises(Invalid, match="draft_behind"):
        publish(again, lead)
    assert publish(again, lead, over=2).number == 3


def test_restoring_makes_a_new_revision(draft: PlaybookDraft, lead: User) -> None:
    first = publish(draft, lead)
    again = put(reopened(first, lead), lead, TITLE, "ثانٍ", first.content["words"]["ar"]["title"])
    second = publish(again, lead)

    def restore(number: int, note: str = "Back") -> PlaybookRevision:
        return publishing.restore_revision(
            playbook_id=first.playbook_id, number=number, note=note, actor=web(lead), at=NOON
        )

    with pytest.raises(Invalid, match="nothing_new"):
        restore(2)
    with pytest.raises(Invalid, match="note_missing"):
        restore(1, note="")
    with pytest.raises(NotVisible):
        restore(7)
    third = restore(1)
    assert (third.number, third.content_hash) == (3, first.content_hash)
    assert second.content_hash != third.content_hash


def test_throwing_away_leaves_what_is_published(draft: PlaybookDraft, lead: User) -> None:
    made = publish(draft, lead)
    again = reopened(made, lead)
    with pytest.raises(Stale):
        drafting.discard_draft(playbook_id=made.playbook_id, version=9, actor=web(lead), at=NOON)
    drafting.discard_draft(
        playbook_id=made.playbook_id, version=again.version, actor=web(lead), at=NOON
    )
    assert (
        not PlaybookDraft.objects.exists() and PlaybookRevision.objects.filter(pk=made.pk).exists()
    )
    with pytest.raises(Invalid, match="no_draft"):
        put(again, lead, TITLE, "x", "y")


def test_a_draft_that_was_never_published_goes_with_its_playbook(
    draft: PlaybookDraft, lead: User
) -> None:
    drafting.discard_draft(playbook_id=draft.playbook_id, version=1, actor=web(lead), at=NOON)
    assert not Playbook.objects.filter(slug="ours").exists()


def test_a_signature_holds_while_its_words_stay(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    brand.brand_languages.filter(language="ar").update(approver=lead)
    made = publish(draft, lead)
    sign_acknowledgement(
        revision_id=made.pk, brand_id=brand.pk, statement_key="acknowledgement", language="ar",
        actor=web(lead), at=NOON,
    )  # fmt: skip
    kept = publish(
        put(reopened(made, lead), lead, TITLE, "آخر", made.content["words"]["ar"]["title"]), lead
    )
    assert len(presigned_texts(kept, brand)) == 1
    path = "words.ar.statements.acknowledgement.text"
    said = places.value_at(kept.content, path)
    gone = publish(put(reopened(kept, lead), lead, path, f"{said} مزيد", said), lead)
    assert presigned_texts(gone, brand) == ()


def test_what_the_editor_publishes_goes_out_and_in_unchanged(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    made = publish(draft, lead)
    made.refresh_from_db()
    done = import_playbook(pack(made.content), brand_id=brand.pk, actor=web(lead), at=NOON)
    assert (done.is_new, done.revision) == (False, made)
