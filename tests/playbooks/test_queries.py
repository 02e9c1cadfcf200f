"""What a person finds on the shelf, and what is not there for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand
from playbooks.enums import PlaybookOrigin
from playbooks.models import Lesson, Playbook, PlaybookRevision
from playbooks.queries.lessons import lessons_by_key, listed_lessons, sources_by_key
from playbooks.queries.search import search_lessons, search_playbooks
from playbooks.queries.shelf import (
    newest_revision,
    published,
    published_playbook,
    revision,
    revisions_of,
)
from tests.factories.organisation import NOON, make_brand, make_member, make_user
from tests.factories.playbooks import SLUG, load, loaded_revision, write_playbook, write_shelf

pytestmark = pytest.mark.django_db


def own_playbook(brand: Brand, slug: str = SLUG) -> Playbook:
    """Return a brand's own playbook with the words of the loaded one."""
    shared = PlaybookRevision.objects.filter(playbook__brand=None).order_by("pk")[0]
    playbook = Playbook.objects.create(
        brand=brand,
        slug=slug,
        origin=PlaybookOrigin.DESK,
        crisis_type="backlash",
        scct_cluster="victim",
        search_text="own",
        created_at=NOON,
    )
    PlaybookRevision.objects.create(
        playbook=playbook,
        number=1,
        schema=1,
        content=shared.content,
        content_hash="own",
        created_at=NOON,
    )
    return playbook


def test_the_newest_revision_is_on_the_shelf(tmp_path: Path) -> None:
    first = loaded_revision(tmp_path)
    write_playbook(tmp_path, SLUG, lambda files: files["he.yaml"].update(title="חדש"))
    load(tmp_path)
    staff = make_member(make_brand(), Role.STAFF)
    (shelved,) = published(staff)
    assert (shelved.playbook.slug, shelved.revision.number) == (SLUG, 2)
    assert newest_revision(shelved.playbook) == shelved.revision
    assert revision(staff, first.pk) == first
    assert [each.number for each in revisions_of(staff, shelved.playbook.pk)] == [2, 1]


def test_a_person_without_a_brand_finds_nothing(tmp_path: Path) -> None:
    first = loaded_revision(tmp_path)
    stranger = make_user("stranger")
    for user in (stranger, AnonymousUser()):
        assert published(user) == []
        assert revision(user, first.pk) is None
        assert not revisions_of(user, first.playbook_id).exists()
        assert published_playbook(user, SLUG) is None
        assert not search_playbooks(user, SLUG)


def test_a_brands_own_playbook_is_there_for_that_brand_only(tmp_path: Path) -> None:
    loaded_revision(tmp_path)
    ours, theirs = make_brand("ours"), make_brand("theirs")
    own = own_playbook(theirs)
    member, neighbour = make_member(ours, Role.LEAD, "a"), make_member(theirs, Role.LEAD, "b")
    assert [each.playbook.brand_id for each in published(member)] == [None]
    assert {each.playbook.brand_id for each in published(neighbour)} == {None, theirs.pk}
    assert [each.playbook for each in published(neighbour, brand_id=theirs.pk)] == [own]
    mine = published_playbook(neighbour, SLUG, brand_id=theirs.pk)
    assert mine is not None and mine.playbook == own
    other = published_playbook(member, SLUG, brand_id=theirs.pk)
    assert other is not None and other.playbook.brand_id is None
    assert revision(member, own.revisions.get().pk) is None


def test_what_is_off_the_shelf_is_not_offered_but_its_words_stay(tmp_path: Path) -> None:
    first = loaded_revision(tmp_path)
    staff = make_member(make_brand(), Role.STAFF)
    Playbook.objects.update(is_published=False)
    assert published(staff) == [] and not search_playbooks(staff, SLUG)
    assert revision(staff, first.pk) == first


def test_a_slug_is_taken_once_among_shared_and_once_in_a_brand(tmp_path: Path) -> None:
    loaded_revision(tmp_path)
    brand = make_brand()
    own_playbook(brand)
    own_playbook(make_brand("second"))
    with pytest.raises(IntegrityError), transaction.atomic():
        own_playbook(brand)
    with pytest.raises(IntegrityError), transaction.atomic():
        Playbook.objects.create(
            slug=SLUG, origin="desk", crisis_type="outage", scct_cluster="victim", created_at=NOON
        )


@pytest.mark.parametrize("slugs", [("one",), ("one", "two", "three")])
def test_the_shelf_takes_one_query_for_one_as_for_three(
    tmp_path: Path, slugs: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    load(write_shelf(tmp_path, *slugs))
    staff = make_member(make_brand(), Role.STAFF)
    with django_assert_num_queries(1):
        assert [each.playbook.slug for each in published(staff)] == sorted(slugs)


def test_playbooks_are_found_in_every_script(tmp_path: Path) -> None:
    loaded_revision(tmp_path)
    staff = make_member(make_brand(), Role.STAFF)
    for words in ("كَلِمات", "והמילים", "Fake help", "words desk"):
        assert [each.slug for each in search_playbooks(staff, words)] == [SLUG], words
    assert not search_playbooks(staff, "elephant") and not search_playbooks(staff, " !")


def test_lessons_are_found_and_stay_readable_when_unlisted(tmp_path: Path) -> None:
    loaded_revision(tmp_path)
    assert [lesson.key for lesson in search_lessons("الكلمات")] == ["answer-first"]
    assert not search_lessons("elephant") and not search_lessons("")
    Lesson.objects.update(is_listed=False)
    assert not listed_lessons() and not search_lessons("words")
    assert lessons_by_key(["answer-first", "none"])["answer-first"].documents == ("target-ar",)
    assert list(sources_by_key()) == ["target-ar"]
    assert sources_by_key()["target-ar"].title_in("fr") == "words of this"
