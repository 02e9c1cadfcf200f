"""Brands, roles for them, approvers per language, official accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crisisdesk.core.errors import NotAllowed, NotVisible, Stale
from crisisdesk.organisation.domain import accounts, brands, memberships
from crisisdesk.organisation.domain.accounts import AccountDetails
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.brands import BrandDetails
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, BrandLanguage, Membership, User
from tests.factories.organisation import (
    NOON,
    join,
    make_account,
    make_brand,
    make_channel,
    make_member,
    make_user,
    web,
)
from tests.organisation.refusals import refused

pytestmark = pytest.mark.django_db

NOUR = BrandDetails(
    name="Nour Home",
    languages=("ar", "he", "en"),
    names={"ar": "نور هوم", "he": "נור הום", "en": ""},
    aliases=("Nour",),
    zone="Asia/Dubai",
    colour="#0B7A75",
    weekend=(7, 6),
    marking={"en": "Internal: do not forward"},
    contact_email="Press@Nour.test",
)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def admin(brand: Brand) -> User:
    return make_member(brand, Role.ADMIN)


def test_who_makes_a_brand_is_its_admin(admin: User) -> None:
    made = brands.create_brand(key="nour", details=NOUR, actor=web(admin), at=NOON)
    assert (made.name_in("he"), made.name_in("en"), made.colour) == (
        "נור הום",
        "Nour Home",
        "#0b7a75",
    )
    assert (made.weekend, made.contact_email) == ([6, 7], "press@nour.test")
    assert made.marking_in("en") == "Internal: do not forward"
    assert made.marking_in("ar") == ""
    assert [row.language for row in made.brand_languages.all()] == ["ar", "he", "en"]
    assert Membership.objects.get(brand=made).role == Role.ADMIN


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"name": "  "}, "name_missing", "name"),
        ({"languages": ()}, "languages_missing", "languages"),
        ({"languages": ("fr",)}, "language_unknown", "languages"),
        ({"zone": "Nowhere"}, "zone_unknown", "zone"),
        ({"colour": "teal"}, "colour_invalid", "colour"),
        ({"digit_style": "roman"}, "digit_style_unknown", "digit_style"),
        ({"weekend": (8,)}, "weekday_unknown", "weekend"),
        ({"week_start": 0}, "weekday_unknown", "weekend"),
        ({"contact_email": "press"}, "email_invalid", "contact_email"),
        ({"marking": {"fr": "x"}}, "language_unknown", "marking"),
    ],
)
def test_what_cannot_be_a_brand_is_refused(
    brand: Brand, admin: User, change: dict[str, object], code: str, field: str
) -> None:
    details = replace(NOUR, **change)  # type: ignore[arg-type]
    with refused(code, field=field):
        brands.create_brand(key="nour", details=details, actor=web(admin), at=NOON)
    with refused(code, field=field):
        brands.change_brand(
            brand_id=brand.pk, details=details, version=1, actor=web(admin), at=NOON
        )


@pytest.mark.parametrize(
    ("key", "code"), [("", "key_invalid"), ("Nour Home", "key_invalid"), ("nour-home", "key_taken")]
)
def test_a_key_is_short_plain_and_free(admin: User, key: str, code: str) -> None:
    with refused(code, field="key"):
        brands.create_brand(key=key, details=NOUR, actor=web(admin), at=NOON)


def test_changing_a_brand_keeps_approvers_of_the_languages_that_stay(
    brand: Brand, admin: User
) -> None:
    approver = make_member(brand, Role.APPROVER)
    BrandLanguage.objects.filter(brand=brand, language="ar").update(approver=approver)
    changed = brands.change_brand(
        brand_id=brand.pk,
        details=replace(NOUR, languages=("ar",)),
        version=1,
        actor=web(admin),
        at=NOON,
    )
    assert (changed.languages, changed.version) == (["ar"], 2)
    assert list(BrandLanguage.objects.values_list("language", "approver_id")) == [
        ("ar", approver.pk)
    ]


def test_a_stale_save_is_told_what_stands(brand: Brand, admin: User) -> None:
    brands.change_brand(brand_id=brand.pk, details=NOUR, version=1, actor=web(admin), at=NOON)
    with refused("stale", Stale):
        brands.change_brand(brand_id=brand.pk, details=NOUR, version=1, actor=web(admin), at=NOON)


def test_approver_and_deputy_per_language(brand: Brand, admin: User) -> None:
    approver, lead = make_member(brand, Role.APPROVER), make_member(brand, Role.LEAD)
    row = brands.set_brand_approvers(
        brand_id=brand.pk,
        language="he",
        approver_id=approver.pk,
        deputy_id=lead.pk,
        actor=web(admin),
        at=NOON,
    )
    assert (row.approver, row.deputy) == (approver, lead)


def test_approvers_must_read_hold_a_role_and_be_two(brand: Brand, admin: User) -> None:
    approver = make_member(brand, Role.APPROVER, reads=["en", "ar"])
    staff = make_member(brand, Role.STAFF)

    def name(language: str, approver_id: int | None, deputy_id: int | None) -> BrandLanguage:
        return brands.set_brand_approvers(
            brand_id=brand.pk,
            language=language,
            approver_id=approver_id,
            deputy_id=deputy_id,
            actor=web(admin),
            at=NOON,
        )

    with refused("does_not_read", field="approver"):
        name("he", approver.pk, None)
    with refused("approver_without_role", field="deputy"):
        name("ar", approver.pk, staff.pk)
    with refused("same_person", field="deputy"):
        name("ar", approver.pk, approver.pk)
    with refused("language_not_of_brand", field="language"):
        name("fr", approver.pk, None)


def test_a_role_is_given_once_and_taken_away(brand: Brand, admin: User) -> None:
    person = make_user("nadia")
    for _ in range(2):
        memberships.set_membership(
            user_id=person.pk, brand_id=brand.pk, role="staff", actor=web(admin), at=NOON
        )
    assert Membership.objects.filter(user=person).count() == 1
    memberships.remove_membership(
        user_id=person.pk, brand_id=brand.pk, role="staff", actor=web(admin), at=NOON
    )
    assert not Membership.objects.filter(user=person).exists()


def test_roles_that_may_not_be_given(brand: Brand, admin: User) -> None:
    elsewhere = make_member(make_brand("other"), Role.STAFF, "elsewhere")
    paused = make_member(brand, Role.STAFF, "paused", is_active=False)

    def give(person: User, role: str) -> None:
        memberships.set_membership(
            user_id=person.pk, brand_id=brand.pk, role=role, actor=web(admin), at=NOON
        )

    with refused("role_unknown", field="role"):
        give(admin, "king")
    with refused("not_active", field="user"):
        give(paused, "lead")
    with refused("not_found", NotVisible):
        give(elsewhere, "lead")


def test_roles_that_may_not_be_taken(brand: Brand, admin: User) -> None:
    approver = make_member(brand, Role.APPROVER)
    BrandLanguage.objects.filter(brand=brand, language="ar").update(approver=approver)

    def take(person: User, role: str) -> None:
        memberships.remove_membership(
            user_id=person.pk, brand_id=brand.pk, role=role, actor=web(admin), at=NOON
        )

    with refused("last_admin"):
        take(admin, "admin")
    with refused("still_responsible"):
        take(approver, "approver")
    with refused("role_not_held", field="role"):
        take(approver, "lead")
    join(approver, brand, Role.LEAD)
    take(approver, "approver")
    assert list(Membership.objects.filter(user=approver).values_list("role", flat=True)) == ["lead"]


def test_an_official_account_is_kept(brand: Brand, admin: User) -> None:
    make_channel()
    details = AccountDetails(
        channel="x",
        handle=" @NourHome ",
        url="https://x.com/NourHome",
        contact_url="https://nour.test/help",
        contact_line={"ar": "راسلونا هنا", "he": " "},
        owner_id=admin.pk,
    )
    account = accounts.add_official_account(
        brand_id=brand.pk, details=details, actor=web(admin), at=NOON
    )
    assert (account.handle, account.owner, account.contact_line) == (
        "@NourHome",
        admin,
        {"ar": "راسلونا هنا"},
    )
    changed = accounts.save_official_account(
        account_id=account.pk,
        details=replace(details, handle="@Nour"),
        version=1,
        actor=web(admin),
        at=NOON,
    )
    assert (changed.handle, changed.version) == ("@Nour", 2)
    with refused("stale", Stale):
        accounts.save_official_account(
            account_id=account.pk, details=details, version=1, actor=web(admin), at=NOON
        )


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"channel": "fax"}, "channel_unknown", "channel"),
        ({"handle": "  "}, "handle_missing", "handle"),
        ({"handle": "@nourhome"}, "account_exists", "handle"),
        ({"url": "javascript:alert(1)"}, "link_invalid", "url"),
        ({"contact_url": "nour"}, "link_invalid", "contact_url"),
        ({"contact_line": {"fr": "x"}}, "language_unknown", "contact_line"),
        ({"owner_id": 0}, "not_a_member", "owner"),
        ({"owner_id": 7, "backup_owner_id": 7}, "same_person", "backup_owner"),
    ],
)
def test_what_cannot_be_an_account_is_refused(
    brand: Brand, admin: User, change: dict[str, object], code: str, field: str
) -> None:
    make_account(brand, make_channel(), "@NourHome")
    with refused(code, field=field):
        accounts.add_official_account(
            brand_id=brand.pk,
            details=replace(AccountDetails(channel="x", handle="@other"), **change),  # type: ignore[arg-type]
            actor=web(admin),
            at=NOON,
        )


def test_an_access_test_is_on_record(brand: Brand, admin: User) -> None:
    account = make_account(brand, make_channel())
    staff, observer = make_member(brand, Role.STAFF), make_member(brand, Role.OBSERVER)
    tested = accounts.record_access_test(
        account_id=account.pk, worked=False, actor=web(staff), at=NOON
    )
    assert (tested.last_access_test, tested.access_worked) == (NOON, False)
    with refused("not_allowed", NotAllowed):
        accounts.record_access_test(
            account_id=account.pk, worked=True, actor=web(observer), at=NOON
        )


def test_a_stranger_finds_no_brand_and_no_account(brand: Brand, admin: User) -> None:
    account = make_account(brand, make_channel())
    stranger = web(make_user("stranger"))
    details = AccountDetails(channel="x", handle="@NourHome")
    attempts = [
        lambda: brands.change_brand(
            brand_id=brand.pk, details=NOUR, version=1, actor=stranger, at=NOON
        ),
        lambda: brands.set_brand_approvers(
            brand_id=brand.pk,
            language="ar",
            approver_id=None,
            deputy_id=None,
            actor=stranger,
            at=NOON,
        ),
        lambda: memberships.set_membership(
            user_id=admin.pk, brand_id=brand.pk, role="lead", actor=stranger, at=NOON
        ),
        lambda: memberships.remove_membership(
            user_id=admin.pk, brand_id=brand.pk, role="admin", actor=stranger, at=NOON
        ),
        lambda: accounts.add_official_account(
            brand_id=brand.pk, details=details, actor=stranger, at=NOON
        ),
        lambda: accounts.save_official_account(
            account_id=account.pk, details=details, version=1, actor=stranger, at=NOON
        ),
        lambda: accounts.record_access_test(
            account_id=account.pk, worked=True, actor=stranger, at=NOON
        ),
    ]
    for attempt in attempts:
        with refused("not_found", NotVisible):
            attempt()
    with refused("not_allowed", NotAllowed):
        brands.create_brand(key="mine", details=NOUR, actor=stranger, at=NOON)


def test_a_read_token_changes_no_brand(brand: Brand, admin: User) -> None:
    reader = Actor(admin, "api", "read")
    with refused("read_only_token", NotAllowed):
        brands.change_brand(brand_id=brand.pk, details=NOUR, version=1, actor=reader, at=NOON)
    with refused("read_only_token", NotAllowed):
        memberships.set_membership(
            user_id=admin.pk, brand_id=brand.pk, role="lead", actor=reader, at=NOON
        )


def test_the_desk_itself_may_make_a_brand_without_an_admin() -> None:
    made = brands.create_brand(key="nour", details=NOUR, actor=SYSTEM, at=NOON)
    assert not Membership.objects.filter(brand=made).exists()
