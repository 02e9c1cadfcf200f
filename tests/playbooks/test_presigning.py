"""The first word may be approved in peacetime, by the right person, for exact words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, NotVisible
from crisisdesk.core.placeholders import fill
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, BrandLanguage, User
from playbooks.domain.content import parse
from playbooks.domain.presigning import (
    find_presigned,
    presigned_texts,
    sign_acknowledgement,
    withdraw_signature,
)
from playbooks.models import Playbook, PlaybookRevision, PresignedText
from tests.factories.organisation import NOON, make_brand, make_member, make_user
from tests.factories.playbooks import SLUG, load, loaded_revision, write_playbook

pytestmark = pytest.mark.django_db

FACTS = {"fake_account": "@NourHelp", "next_update": "14:30 (Asia/Dubai)"}


@pytest.fixture
def brand() -> Brand:
    brand = make_brand()
    approver = make_member(brand, Role.APPROVER, "approver", reads=["ar", "en"])
    deputy = make_member(brand, Role.APPROVER, "deputy", reads=["ar", "he"])
    BrandLanguage.objects.filter(brand=brand).update(approver=approver, deputy=deputy)
    return brand


@pytest.fixture
def revision(tmp_path: Path) -> PlaybookRevision:
    return loaded_revision(tmp_path)


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@desk.test")


def sign(
    revision: PlaybookRevision, brand: Brand, who: Any = "approver", **asked: Any
) -> PresignedText:
    values: dict[str, Any] = {
        "revision_id": revision.pk,
        "brand_id": brand.pk,
        "statement_key": "acknowledgement",
        "language": "ar",
        "actor": Actor(person(who)) if isinstance(who, str) else who,
        "at": NOON,
    } | asked
    return sign_acknowledgement(**values)


def filled(revision: PlaybookRevision, language: str = "ar", **facts: str) -> str:
    statement = parse(revision).statement("acknowledgement")
    assert statement is not None
    return fill(statement.text[language], FACTS | facts).text


def found(revision: PlaybookRevision, brand: Brand, text: str, language: str = "ar") -> bool:
    signed = find_presigned(
        revision, brand, statement_key="acknowledgement", language=language, text=text
    )
    return signed is not None


@pytest.mark.parametrize("who", ["approver", "deputy"])
def test_the_brands_approver_and_deputy_sign(
    revision: PlaybookRevision, brand: Brand, who: str
) -> None:
    row = sign(revision, brand, who)
    assert (row.approver, row.signed_at, row.withdrawn_at) == (person(who), NOON, None)
    (signed,) = presigned_texts(revision, brand)
    assert (signed.statement_key, signed.language) == ("acknowledgement", "ar")
    assert signed.facts == ("fake_account", "next_update")
    assert found(revision, brand, filled(revision))


def test_words_with_only_facts_filled_in_are_covered(
    revision: PlaybookRevision, brand: Brand
) -> None:
    sign(revision, brand)
    right = filled(revision)
    assert found(revision, brand, right)
    assert found(revision, brand, f"  {right}\r\n")
    assert found(revision, brand, filled(revision, fake_account="\u2066#نور_هوم\u2069"))
    assert not found(revision, brand, right.replace("نعرف", "نعتذر"))
    assert not found(revision, brand, right + " نعتذر")
    assert not found(revision, brand, right, language="he")
    assert not found(revision, make_brand("other"), right)
    assert not found(revision, brand, filled(revision, fake_account="@a. We are so sorry for it"))
    assert not found(revision, brand, filled(revision, next_update="soon"))
    assert not found(revision, brand, filled(revision, next_update="9! نعتذر"))
    # {link} is not among the facts that were signed: filled in, it is a change like any other.
    assert not found(revision, brand, filled(revision, link="https://a.example"))


def test_line_breaks_of_a_browser_are_no_change(
    revision: PlaybookRevision, brand: Brand, tmp_path: Path
) -> None:
    def two_lines(files: dict[str, dict[str, Any]]) -> None:
        files["ar.yaml"]["statements"]["acknowledgement"]["text"] += "\nشكرا"

    write_playbook(tmp_path, SLUG, two_lines)
    load(tmp_path)
    newer = PlaybookRevision.objects.get(number=2)
    sign(newer, brand)
    text = filled(newer)
    assert "\n" in text and found(newer, brand, text)
    assert found(newer, brand, text.replace("\n", "\r\n"))
    assert not found(newer, brand, text.replace("\n", "\n\n"))


REFUSALS = [
    ({"who": "stranger"}, NotVisible, "not_found"),
    ({"who": "lead"}, NotAllowed, "not_the_brands_approver"),
    ({"who": "admin"}, NotAllowed, "not_the_brands_approver"),
    ({"who": SYSTEM}, NotAllowed, "not_the_brands_approver"),
    ({"who": "approver", "language": "he"}, NotAllowed, "language_not_read"),
    ({"who": "deputy", "language": "en"}, NotAllowed, "language_not_read"),
    ({"language": "fr"}, NotAllowed, "not_the_brands_approver"),
    ({"statement_key": "holding"}, Invalid, "not_an_acknowledgement"),
    ({"statement_key": "nothing"}, Invalid, "not_an_acknowledgement"),
    ({"revision_id": 0}, NotVisible, "not_found"),
    ({"brand_id": 0}, NotVisible, "not_found"),
]


@pytest.mark.parametrize(("asked", "kind", "code"), REFUSALS)
def test_refusals_write_nothing(
    revision: PlaybookRevision,
    brand: Brand,
    asked: dict[str, Any],
    kind: type[DomainError],
    code: str,
) -> None:
    make_user("stranger")
    make_member(brand, Role.LEAD)
    make_member(brand, Role.ADMIN)
    with pytest.raises(kind) as refused:
        sign(revision, brand, **asked)
    assert refused.value.code == code
    assert not PresignedText.objects.exists()


def test_a_read_token_signs_nothing(revision: PlaybookRevision, brand: Brand) -> None:
    with pytest.raises(NotAllowed, match="read_only_token"):
        sign(revision, brand, Actor(person("approver"), "api", scope="read"))
    assert not PresignedText.objects.exists()


def test_who_lost_the_role_signs_no_more(revision: PlaybookRevision, brand: Brand) -> None:
    person("approver").memberships.update(role=Role.OBSERVER)
    with pytest.raises(NotAllowed, match="not_the_brands_approver"):
        sign(revision, brand)


def test_another_brands_playbook_is_not_there(revision: PlaybookRevision, brand: Brand) -> None:
    Playbook.objects.update(brand=make_brand("other"))
    with pytest.raises(NotVisible):
        sign(revision, brand)


def test_the_same_words_are_signed_once(revision: PlaybookRevision, brand: Brand) -> None:
    sign(revision, brand)
    with pytest.raises(Invalid, match="already_signed"):
        sign(revision, brand, "deputy")
    assert PresignedText.objects.count() == 1


def test_an_old_revision_and_an_unpublished_playbook_are_not_signed(
    revision: PlaybookRevision, brand: Brand, tmp_path: Path
) -> None:
    write_playbook(tmp_path, SLUG, lambda files: files["he.yaml"].update(title="חדש"))
    load(tmp_path)
    with pytest.raises(Invalid, match="revision_superseded"):
        sign(revision, brand)
    Playbook.objects.update(is_published=False)
    with pytest.raises(Invalid, match="playbook_not_published"):
        sign(revision, brand)
    assert not PresignedText.objects.exists()


def test_a_signature_holds_for_later_revisions_with_the_same_words(
    revision: PlaybookRevision, brand: Brand, tmp_path: Path
) -> None:
    sign(revision, brand)
    write_playbook(tmp_path, SLUG, lambda files: files["ar.yaml"].update(title="جديد"))
    load(tmp_path)
    newer = PlaybookRevision.objects.get(number=2)
    assert found(newer, brand, filled(newer))
    with pytest.raises(Invalid, match="already_signed"):
        sign(newer, brand)


def more_facts(files: dict[str, dict[str, Any]]) -> None:
    files["playbook.yaml"]["statements"][0]["facts"].append("link")


def other_kind(files: dict[str, dict[str, Any]]) -> None:
    files["playbook.yaml"]["placeholders"]["fake_account"]["kind"] = "phrase"


def other_words(files: dict[str, dict[str, Any]]) -> None:
    files["ar.yaml"]["statements"]["acknowledgement"]["text"] += " شكرا"


@pytest.mark.parametrize("change", [more_facts, other_kind, other_words])
def test_other_words_or_facts_need_a_new_signature(
    revision: PlaybookRevision, brand: Brand, tmp_path: Path, change: Any
) -> None:
    sign(revision, brand)
    write_playbook(tmp_path, SLUG, change)
    load(tmp_path)
    newer = PlaybookRevision.objects.get(number=2)
    assert presigned_texts(newer, brand) == ()
    assert (
        presigned_texts(revision, brand) != ()
    )  # an incident that copied the old words keeps them
    assert sign(newer, brand).revision == newer


def test_a_signature_is_withdrawn_and_may_be_given_again(
    revision: PlaybookRevision, brand: Brand
) -> None:
    row = sign(revision, brand)
    later = NOON + timedelta(hours=1)
    back = withdraw_signature(presigned_id=row.pk, actor=Actor(person("deputy")), at=later)
    assert (back.withdrawn_at, back.withdrawn_by) == (later, person("deputy"))
    assert presigned_texts(revision, brand) == ()
    assert not found(revision, brand, filled(revision))
    with pytest.raises(Invalid, match="already_withdrawn"):
        withdraw_signature(presigned_id=row.pk, actor=Actor(person("approver")), at=later)
    assert sign(revision, brand).pk != row.pk


@pytest.mark.parametrize(
    ("who", "kind", "code"),
    [("stranger", NotVisible, "not_found"), ("lead", NotAllowed, "not_the_brands_approver")],
)
def test_others_cannot_withdraw(
    revision: PlaybookRevision, brand: Brand, who: str, kind: type[DomainError], code: str
) -> None:
    row = sign(revision, brand)
    make_user("stranger")
    make_member(brand, Role.LEAD)
    for actor in (Actor(person(who)), SYSTEM):
        with pytest.raises(DomainError) as refused:
            withdraw_signature(presigned_id=row.pk, actor=actor, at=NOON)
        if actor is not SYSTEM:
            assert isinstance(refused.value, kind) and refused.value.code == code
    row.refresh_from_db()
    assert row.withdrawn_at is None


def test_the_database_keeps_signatures_as_they_were_given(
    revision: PlaybookRevision, brand: Brand
) -> None:
    row = sign(revision, brand)
    rows = PresignedText.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        rows.update(text_hash="0" * 64)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(withdrawn_at=NOON)
    withdraw_signature(presigned_id=row.pk, actor=Actor(person("approver")), at=NOON)
    with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
        rows.update(withdrawn_at=None, withdrawn_by=None)
