"""Who holds which role, who sees whom, and what the table gives."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation import rules
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries import visibility
from crisisdesk.organisation.queries.roles import (
    brand_roles,
    brands_with_role,
    people_with_role,
    remember_roles,
    roles_anywhere,
)
from crisisdesk.organisation.queries.search import search_brands, search_people
from tests.factories.organisation import (
    join,
    make_account,
    make_brand,
    make_channel,
    make_member,
    make_user,
    web,
)

pytestmark = pytest.mark.django_db


def test_roles_are_held_per_brand() -> None:
    ours, theirs = make_brand(), make_brand("other")
    sara = join(make_user(), ours, Role.LEAD, Role.ADMIN)
    assert brand_roles(sara, ours.pk) == {Role.LEAD, Role.ADMIN}
    assert brand_roles(sara, theirs.pk) == frozenset()
    assert roles_anywhere(sara) == {Role.LEAD, Role.ADMIN}
    assert brands_with_role(sara, Role.LEAD) == [ours.pk]
    assert people_with_role(ours.pk, Role.LEAD, Role.ADMIN) == [sara]


def test_nobody_signed_out_or_deactivated_holds_a_role() -> None:
    brand = make_brand()
    gone = make_member(brand, Role.ADMIN, is_active=False)
    assert brand_roles(gone, brand.pk) == frozenset()
    assert brand_roles(AnonymousUser(), brand.pk) == frozenset()
    assert people_with_role(brand.pk, Role.ADMIN) == []


def test_roles_are_read_afresh_unless_the_object_lives_for_one_request(
    django_assert_num_queries,
) -> None:
    brand = make_brand()
    sara = make_member(brand, Role.STAFF, "sara")
    join(sara, brand, Role.LEAD)
    assert brand_roles(sara, brand.pk) == {Role.STAFF, Role.LEAD}
    sara.memberships.all().delete()
    assert brand_roles(sara, brand.pk) == frozenset()
    remember_roles(sara)
    with django_assert_num_queries(1):
        brand_roles(sara, brand.pk)
        brand_roles(sara, brand.pk)


def test_a_stranger_sees_nothing_of_ours() -> None:
    brand = make_brand()
    lead = make_member(brand, Role.LEAD)
    make_account(brand, make_channel())
    stranger = make_user("stranger")
    assert list(visibility.brands_visible_to(stranger)) == []
    assert list(visibility.accounts_visible_to(stranger)) == []
    assert list(visibility.people_visible_to(stranger)) == [stranger]
    assert lead in visibility.people_visible_to(lead)
    assert stranger not in visibility.people_visible_to(lead)


def test_people_see_who_shares_a_brand_and_admins_see_who_has_none() -> None:
    ours, theirs = make_brand(), make_brand("other")
    admin, staff = make_member(ours, Role.ADMIN), make_member(ours, Role.STAFF)
    elsewhere, nowhere = make_member(theirs, Role.LEAD), make_user("nowhere")
    assert set(visibility.people_visible_to(staff)) == {admin, staff}
    assert set(visibility.people_visible_to(admin)) == {admin, staff, nowhere}
    assert elsewhere not in visibility.people_visible_to(admin)
    assert list(visibility.brands_administered_by(admin)) == [ours]
    assert list(visibility.brands_administered_by(staff)) == []


@pytest.mark.parametrize("signed_out", [AnonymousUser(), None])
def test_signed_out_sees_nothing(signed_out: AnonymousUser | None) -> None:
    make_member(make_brand(), Role.LEAD)
    nobody = signed_out or make_user("paused", is_active=False)
    for seen in (
        visibility.brands_visible_to(nobody),
        visibility.brands_administered_by(nobody),
        visibility.people_visible_to(nobody),
        visibility.accounts_visible_to(nobody),
        visibility.tokens_visible_to(nobody),
    ):
        assert list(seen) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", sorted(rules.PERMISSIONS))
def test_the_table_decides(permission: str, role: Role) -> None:
    brand = make_brand()
    person = make_member(brand, role)
    allowed = role in rules.PERMISSIONS[permission]
    assert rules.allows(person, permission, brand.pk) is allowed
    assert rules.allows(person, permission, None) is allowed
    if allowed:
        rules.require(web(person), permission, brand.pk)
    else:
        with pytest.raises(NotAllowed, match="not_allowed"):
            rules.require(web(person), permission, brand.pk)


def test_a_stranger_is_told_that_it_does_not_exist() -> None:
    with pytest.raises(NotVisible):
        rules.require(web(make_user()), "organisation.invite", make_brand().pk)


def test_a_read_token_changes_nothing_and_the_desk_itself_may() -> None:
    brand = make_brand()
    admin = make_member(brand, Role.ADMIN)
    assert not Actor(admin, "api", "read").may_write
    with pytest.raises(NotAllowed, match="read_only_token"):
        rules.require(Actor(admin, "api", "read"), "organisation.invite", brand.pk)
    assert SYSTEM.id is None
    assert SYSTEM.is_system
    rules.require(SYSTEM, "organisation.invite", brand.pk)


@pytest.mark.parametrize("typed", ["مريم", "مَرْيَم", "maryam", "Haddad", "maryam had", "الحداد"])
def test_people_are_found_in_any_script(typed: str) -> None:
    brand = make_brand()
    maryam = make_member(brand, Role.LEAD, "maryam-haddad", name_ar="مريم الحدّاد")
    make_member(brand, Role.STAFF, "noa-levi", name_he="נועה לוי")
    assert list(search_people(maryam, typed)) == [maryam]


def test_search_never_leaves_what_may_be_seen() -> None:
    make_member(make_brand(), Role.LEAD, "maryam")
    stranger = make_user("stranger")
    assert list(search_people(stranger, "maryam")) == []
    assert list(search_brands(stranger, "nour")) == []
    assert list(search_people(stranger, "  ")) == []


def test_brands_are_found_by_any_name() -> None:
    brand = make_brand(names={"ar": "نور هوم", "he": "נור הום"}, aliases=["NourHelp"])
    lead = make_member(brand, Role.LEAD)
    for typed in ("نور", "נור", "nourhelp"):
        assert list(search_brands(lead, typed)) == [brand]
