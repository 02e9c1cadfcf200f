"""People come, change what is theirs, pause and leave."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation.domain import people, profile
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import ApiToken, BrandLanguage, Membership, User
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


def new(**changes: object) -> User:
    values: dict[str, object] = {
        "email": "Maryam@Desk.Test",
        "full_name": " Maryam  Haddad ",
        "actor": SYSTEM,
        "at": NOON,
    }
    return people.create_user(**(values | changes))  # type: ignore[arg-type]


def test_a_new_person_has_a_verified_address_in_lower_case() -> None:
    person = new(
        language="ar",
        password="secret-enough-1",
        title="د.",
        name_ar="مريم حداد",
        phone="+971 50 000",
    )
    assert (person.email, person.full_name, person.date_joined) == (
        "maryam@desk.test",
        "Maryam Haddad",
        NOON,
    )
    assert person.reads == ["ar"]
    assert person.check_password("secret-enough-1")
    assert person.name_in("ar") == "د. مريم حداد"
    assert person.name_in("he") == "د. Maryam Haddad"
    address = EmailAddress.objects.get(user=person)
    assert (address.email, address.verified, address.primary) == ("maryam@desk.test", True, True)


def test_without_a_password_none_opens_the_door() -> None:
    person = new()
    assert not person.has_usable_password()
    assert not person.check_password("")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"email": "no address"}, "email_invalid", "email"),
        ({"full_name": "   "}, "name_missing", "full_name"),
        ({"language": "fr"}, "language_unknown", "language"),
        ({"reads": ["en", "fr"]}, "language_unknown", "reads"),
        ({"zone": "Mars/Base"}, "zone_unknown", "zone"),
    ],
)
def test_what_cannot_be_a_person_is_refused(
    changes: dict[str, object], code: str, field: str
) -> None:
    with refused(code, field=field):
        new(**changes)


def test_one_address_is_one_person_whatever_the_case() -> None:
    new()
    with refused("email_taken", field="email"):
        new(email="MARYAM@desk.test", full_name="Another")


def test_only_an_admin_adds_people() -> None:
    brand = make_brand()
    lead, admin = make_member(brand, Role.LEAD), make_member(brand, Role.ADMIN)
    with refused("not_allowed", NotAllowed):
        new(actor=web(lead))
    with refused("read_only_token", NotAllowed):
        new(actor=Actor(admin, "api", "read"))
    assert new(actor=web(admin)).pk


def test_people_change_what_is_theirs() -> None:
    sara = make_user()
    profile.change_language("he", actor=web(sara), at=NOON)
    profile.change_zone("Asia/Jerusalem", actor=web(sara), at=NOON)
    profile.change_reads(["he", "en", "he"], actor=web(sara), at=NOON)
    profile.change_profile(
        full_name="Sara  Cohen", name_he="שרה כהן", phone=" +972 ", actor=web(sara), at=NOON
    )
    sara.refresh_from_db()
    assert (sara.language, sara.zone, sara.reads) == ("he", "Asia/Jerusalem", ["he", "en"])
    assert (sara.full_name, sara.name_he, sara.phone) == ("Sara Cohen", "שרה כהן", "+972")
    assert "שרה" in sara.search_text


def test_a_profile_that_makes_no_sense_is_refused() -> None:
    actor = web(make_user())
    with refused("language_unknown", field="language"):
        profile.change_language("xx", actor=actor, at=NOON)
    with refused("zone_unknown", field="zone"):
        profile.change_zone("", actor=actor, at=NOON)
    with refused("language_unknown", field="reads"):
        profile.change_reads(["xx"], actor=actor, at=NOON)
    with refused("name_missing", field="full_name"):
        profile.change_profile(full_name=" ", actor=actor, at=NOON)
    with refused("read_only_token", NotAllowed):
        profile.change_language("ar", actor=Actor(actor.user, "api", "read"), at=NOON)
    with refused("not_found", NotVisible):
        profile.change_language("ar", actor=SYSTEM, at=NOON)


def test_nobody_stops_reading_a_language_they_approve() -> None:
    brand = make_brand()
    approver = make_member(brand, Role.APPROVER)
    BrandLanguage.objects.filter(brand=brand, language="he").update(deputy=approver)
    with refused("still_responsible"):
        profile.change_reads(["en"], actor=web(approver), at=NOON)
    assert profile.change_reads(["he"], actor=web(approver), at=NOON).reads == ["he"]


def test_a_paused_person_keeps_their_roles_and_can_return() -> None:
    brand = make_brand()
    admin, staff = make_member(brand, Role.ADMIN), make_member(brand, Role.STAFF)
    assert not people.deactivate_user(user_id=staff.pk, actor=web(admin), at=NOON).is_active
    assert Membership.objects.filter(user=staff).exists()
    assert people.reactivate_user(user_id=staff.pk, actor=web(admin), at=NOON).is_active


def test_leaving_removes_data_and_every_way_in() -> None:
    brand = make_brand()
    admin, staff = (
        make_member(brand, Role.ADMIN),
        make_member(brand, Role.STAFF, phone="+971", name_ar="سارة"),
    )
    create_token(user_id=staff.pk, name="script", scope="read", actor=web(staff), at=NOON)
    Authenticator.objects.create(user=staff, type="totp", data={})
    people.anonymise_user(user_id=staff.pk, actor=web(admin), at=NOON)
    staff.refresh_from_db()
    assert (staff.full_name, staff.name_ar, staff.phone, staff.search_text) == ("", "", "", "")
    assert staff.email == f"former-{staff.pk}@invalid.invalid"
    assert (staff.is_active, staff.anonymised_at, staff.has_usable_password()) == (
        False,
        NOON,
        False,
    )
    assert staff.name_in("en") == "Former team member"
    for model in (EmailAddress, ApiToken, Authenticator, Membership):
        assert not model.objects.filter(user=staff).exists()
    with refused("anonymised"):
        people.anonymise_user(user_id=staff.pk, actor=web(admin), at=NOON)
    with refused("anonymised"):
        people.reactivate_user(user_id=staff.pk, actor=web(admin), at=NOON)


@pytest.mark.parametrize("command", [people.deactivate_user, people.anonymise_user])
def test_who_may_not_shut_the_door(command) -> None:  # type: ignore[no-untyped-def]
    ours, theirs = make_brand(), make_brand("other")
    admin, lead = make_member(ours, Role.ADMIN), make_member(ours, Role.LEAD)
    shared = join(make_member(ours, Role.STAFF), theirs, Role.STAFF)
    stranger = make_user("stranger")
    with refused("own_account", NotAllowed):
        command(user_id=admin.pk, actor=web(admin), at=NOON)
    with refused("not_allowed", NotAllowed):
        command(user_id=shared.pk, actor=web(lead), at=NOON)
    with refused("admin_elsewhere", NotAllowed):
        command(user_id=shared.pk, actor=web(admin), at=NOON)
    with refused("not_found", NotVisible):
        command(user_id=shared.pk, actor=web(stranger), at=NOON)
    with refused("read_only_token", NotAllowed):
        command(user_id=lead.pk, actor=Actor(admin, "api", "read"), at=NOON)


@pytest.mark.parametrize("command", [people.deactivate_user, people.anonymise_user])
def test_nobody_leaves_a_hole(command) -> None:  # type: ignore[no-untyped-def]
    brand = make_brand()
    admin = make_member(brand, Role.ADMIN)
    approver, keeper = make_member(brand, Role.APPROVER), make_member(brand, Role.STAFF)
    BrandLanguage.objects.filter(brand=brand, language="ar").update(approver=approver)
    make_account(brand, make_channel(), owner=keeper)
    for person in (approver, keeper):
        with refused("still_responsible"):
            command(user_id=person.pk, actor=web(admin), at=NOON)
    with refused("last_admin"):
        command(user_id=admin.pk, actor=SYSTEM, at=NOON)
