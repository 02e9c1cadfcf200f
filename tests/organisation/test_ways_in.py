"""Tokens, invitations, sign-in links and the first set-up: secrets open once, for whom they were
made."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation.domain import first_setup, invitations, sign_in_links, tokens
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.brands import BrandDetails
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import ApiToken, Brand, Invitation, Membership, SignInLink, User
from crisisdesk.stack import setup_code
from tests.factories.organisation import NOON, PASSWORD, make_brand, make_member, make_user, web
from tests.organisation.refusals import refused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def admin(brand: Brand) -> User:
    return make_member(brand, Role.ADMIN)


def test_a_token_is_kept_as_a_hash() -> None:
    sara = make_user()
    made = tokens.create_token(
        user_id=sara.pk, name="Weekly export", scope="read", actor=web(sara), at=NOON
    )
    kept = ApiToken.objects.get()
    assert made.secret not in {kept.digest, kept.token_key}
    assert kept.digest == hashlib.sha512(made.secret.encode()).hexdigest()
    assert (kept.name, kept.scope, kept.created, kept.expiry) == (
        "Weekly export",
        "read",
        NOON,
        None,
    )


def test_tokens_are_made_for_oneself_or_by_the_desk() -> None:
    sara, noa = make_user(), make_user("noa")
    tokens.create_token(user_id=sara.pk, name="cron", scope="write", actor=SYSTEM, at=NOON)
    with refused("not_found", NotVisible):
        tokens.create_token(user_id=sara.pk, name="cron", scope="write", actor=web(noa), at=NOON)
    with refused("scope_unknown", field="scope"):
        tokens.create_token(user_id=sara.pk, name="cron", scope="root", actor=web(sara), at=NOON)
    with refused("name_missing", field="name"):
        tokens.create_token(user_id=sara.pk, name=" ", scope="read", actor=web(sara), at=NOON)


def test_only_the_owner_revokes_a_token() -> None:
    sara, noa = make_user(), make_user("noa")
    made = tokens.create_token(user_id=sara.pk, name="cron", scope="read", actor=web(sara), at=NOON)
    with refused("not_found", NotVisible):
        tokens.revoke_token(token_key=made.token.token_key, actor=web(noa), at=NOON)
    tokens.revoke_token(token_key=made.token.token_key, actor=web(sara), at=NOON)
    assert not ApiToken.objects.exists()


def invite(brand: Brand, admin: User, **changes: str) -> invitations.NewInvitation:
    values = {
        "email": "Nadia@desk.test",
        "full_name": "Nadia",
        "role": "staff",
        "language": "ar",
    } | changes
    return invitations.invite_person(brand_id=brand.pk, actor=web(admin), at=NOON, **values)


def accept(secret: str, **changes: object) -> User:
    values: dict[str, object] = {
        "full_name": "Nadia K",
        "password": PASSWORD,
        "zone": "Asia/Dubai",
        "actor": None,
        "at": NOON,
    }
    return invitations.accept_invitation(secret, **(values | changes))  # type: ignore[arg-type]


def test_an_invitation_lets_one_person_in_once(brand: Brand, admin: User) -> None:
    made = invite(brand, admin)
    assert made.secret not in Invitation.objects.get().digest
    nadia = accept(made.secret)
    assert (nadia.email, nadia.full_name, nadia.language) == ("nadia@desk.test", "Nadia K", "ar")
    assert EmailAddress.objects.get(user=nadia).verified
    assert Membership.objects.get(user=nadia).role == Role.STAFF
    with refused("link_used"):
        accept(made.secret)


def test_wrong_expired_withdrawn_and_replaced_links_open_nothing(brand: Brand, admin: User) -> None:
    first = invite(brand, admin)
    second = invite(brand, admin)
    with refused("link_wrong"):
        accept("guess")
    with refused("link_wrong"):
        accept(first.secret)
    with refused("link_expired"):
        accept(second.secret, at=NOON + invitations.OPEN_FOR)
    with refused("password_missing", field="password"):
        accept(second.secret, password="")
    with refused("name_missing"):
        accept(second.secret, full_name=" ")
    invitations.withdraw_invitation(invitation_id=second.invitation.pk, actor=web(admin), at=NOON)
    with refused("link_wrong"):
        accept(second.secret)


def test_who_has_an_account_takes_the_role_signed_in_as_it(brand: Brand, admin: User) -> None:
    nadia = make_user("nadia")
    made = invite(brand, admin)
    with refused("sign_in_first"):
        accept(made.secret)
    with refused("sign_in_first"):
        accept(made.secret, actor=web(admin))
    assert accept(made.secret, actor=web(nadia)) == nadia
    assert nadia.check_password(PASSWORD)
    with refused("already_has_role", field="email"):
        invite(brand, admin)


def test_invitations_are_refused(brand: Brand, admin: User) -> None:
    lead, stranger = make_member(brand, Role.LEAD), make_user("stranger")
    with refused("email_invalid", field="email"):
        invite(brand, admin, email="nadia")
    with refused("role_unknown", field="role"):
        invite(brand, admin, role="king")
    with refused("language_unknown", field="language"):
        invite(brand, admin, language="xx")
    with refused("not_allowed", NotAllowed):
        invite(brand, lead)
    with refused("not_found", NotVisible):
        invite(brand, stranger)
    used = invite(brand, admin)
    accept(used.secret)
    with refused("link_used"):
        invitations.withdraw_invitation(invitation_id=used.invitation.pk, actor=web(admin), at=NOON)
    with refused("not_found", NotVisible):
        invitations.withdraw_invitation(invitation_id=0, actor=web(admin), at=NOON)


def test_a_sign_in_link_opens_once_within_a_quarter_of_an_hour() -> None:
    sara = make_user()
    secret = sign_in_links.make_sign_in_link(email="SARA@desk.test", actor=SYSTEM, at=NOON)
    assert SignInLink.objects.get().digest != secret
    with refused("link_wrong"):
        sign_in_links.use_sign_in_link(secret + "x", at=NOON)
    with refused("link_expired"):
        sign_in_links.use_sign_in_link(secret, at=NOON + timedelta(minutes=15))
    assert sign_in_links.use_sign_in_link(secret, at=NOON + timedelta(minutes=14)) == sara
    with refused("link_used"):
        sign_in_links.use_sign_in_link(secret, at=NOON)


def test_sign_in_links_are_refused() -> None:
    sara = make_user()
    with refused("not_allowed", NotAllowed):
        sign_in_links.make_sign_in_link(email=sara.email, actor=web(sara), at=NOON)
    with refused("person_unknown", NotVisible):
        sign_in_links.make_sign_in_link(email="nobody@desk.test", actor=SYSTEM, at=NOON)
    secret = sign_in_links.make_sign_in_link(email=sara.email, actor=SYSTEM, at=NOON)
    User.objects.update(is_active=False)
    with refused("not_active"):
        sign_in_links.use_sign_in_link(secret, at=NOON)
    with refused("not_active"):
        sign_in_links.make_sign_in_link(email=sara.email, actor=SYSTEM, at=NOON)


@pytest.fixture
def code(tmp_path: Path, settings: Settings) -> str:
    settings.SETUP_CODE_FILE = tmp_path / "setup-code"
    return setup_code.make(settings.SETUP_CODE_FILE)


def set_up(code: str, **changes: object) -> User:
    values: dict[str, object] = {
        "email": "owner@nour.test",
        "full_name": "Huda Saleh",
        "password": PASSWORD,
        "language": "ar",
        "zone": "Asia/Dubai",
        "brand_key": "nour",
        "brand": BrandDetails(name="Nour Home", languages=("ar", "en")),
        "at": NOON,
    }
    return first_setup.setup_first_admin(code=code, **(values | changes))  # type: ignore[arg-type]


def test_the_code_lets_the_first_admin_in_once(
    code: str,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    assert first_setup.is_waiting()
    with django_capture_on_commit_callbacks(execute=True):
        huda = set_up(f" {code.lower()} ")
    assert set(huda.memberships.values_list("brand__key", "role")) == {
        ("nour", "admin"),
        ("nour", "lead"),
    }
    assert not settings.SETUP_CODE_FILE.exists()
    assert not first_setup.is_waiting()
    with refused("already_set_up"):
        set_up(code)


def test_a_wrong_code_sets_up_nothing(code: str, settings: Settings) -> None:
    with refused("setup_code_wrong", field="code"):
        set_up("guess")
    with refused("password_missing", field="password"):
        set_up(code, password="")
    with refused("zone_unknown", field="zone"):
        set_up(code, zone="Mars")
    assert settings.SETUP_CODE_FILE.exists()
    settings.SETUP_CODE_FILE.unlink()
    with refused("setup_code_wrong", field="code"):
        set_up(code)
    settings.SETUP_CODE_FILE.write_text("", encoding="utf-8")
    with refused("setup_code_wrong", field="code"):
        set_up("")
