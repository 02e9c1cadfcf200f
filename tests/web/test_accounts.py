"""Ways in: password, code by mail, one-time link, invitation, first set-up, demo; and what one
press changes."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as desk_settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from crisisdesk.core import clock
from crisisdesk.organisation.domain import sign_in_links
from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import ApiToken, Membership, User
from crisisdesk.stack import setup_code
from tests.factories.organisation import PASSWORD, make_brand, make_member, make_user, web
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> int | None:
    """Return the id of who is signed in with this browser."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_sign_in_by_password_whatever_the_case_of_the_address(client: Client) -> None:
    sara = make_user()
    answer = client.post("/accounts/login/", {"login": "SARA@desk.test", "password": PASSWORD})
    assert answer.status_code == 302
    assert signed_in(client) == sara.pk


@pytest.mark.parametrize("person", [{"is_active": False}, {"password": "another-one-entirely"}])
def test_a_wrong_password_and_a_paused_person_stay_outside(
    client: Client, person: dict[str, object]
) -> None:
    make_user(**person)
    client.post("/accounts/login/", {"login": "sara@desk.test", "password": PASSWORD})
    assert signed_in(client) is None


def test_who_is_paused_is_signed_out_at_once(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    assert client.get("/settings/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/settings/").status_code == 302


def test_guessing_is_slowed_down(client: Client) -> None:
    make_user()
    for _ in range(6):
        client.post("/accounts/login/", {"login": "sara@desk.test", "password": "guess"})
    client.post("/accounts/login/", {"login": "sara@desk.test", "password": PASSWORD})
    assert signed_in(client) is None


def test_nobody_signs_up(client: Client) -> None:
    client.post(
        "/accounts/signup/",
        {"email": "new@desk.test", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.exists()
    assert not mail.outbox


def test_a_code_by_mail_in_the_readers_language(client: Client) -> None:
    sara = make_user(language="ar")
    client.post("/accounts/login/code/", {"email": sara.email}, HTTP_ACCEPT_LANGUAGE="en")
    assert mail.outbox[0].to == [sara.email]
    assert mail.outbox[0].subject.startswith("\u200f")
    code = next(
        line for line in mail.outbox[0].body.splitlines() if re.fullmatch(r"[A-Z0-9-]{6,}", line)
    )
    client.post("/accounts/login/code/confirm/", {"code": "WRONG1"})
    assert signed_in(client) is None
    client.post("/accounts/login/code/confirm/", {"code": code})
    assert signed_in(client) == sara.pk


def test_a_code_for_an_unknown_address_is_sent_nowhere(client: Client) -> None:
    answer = client.post("/accounts/login/code/", {"email": "nobody@desk.test"})
    assert answer.status_code == 302
    assert not mail.outbox


def test_a_forgotten_password_is_set_anew_once(client: Client) -> None:
    sara = make_user()
    client.post("/accounts/password/reset/", {"email": sara.email})
    path = re.search(r"http://testserver(/\S+)", mail.outbox[0].body)
    assert path
    page = client.get(path[1], follow=True)
    new = "seven-quiet-lanterns"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    sara.refresh_from_db()
    assert sara.check_password(new)
    client.post("/accounts/logout/")
    again = client.get(path[1], follow=True)
    client.post(again.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    sara.refresh_from_db()
    assert sara.check_password(new)


def test_the_second_step_is_asked_for_and_recovery_codes_open(client: Client) -> None:
    sara = make_user()
    TOTP.activate(sara, generate_totp_secret())
    codes = RecoveryCodes.activate(sara).generate_codes()
    client.post("/accounts/login/", {"login": sara.email, "password": PASSWORD})
    assert signed_in(client) is None
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert signed_in(client) is None
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert signed_in(client) == sara.pk


def test_addresses_are_not_changed_behind_the_administrators_back(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    client.post("/accounts/email/", {"action_add": "", "email": "other@desk.test"})
    assert list(sara.emailaddress_set.values_list("email", flat=True)) == [sara.email]


# --- the one-time link ---


def test_a_link_signs_in_only_when_pressed_and_only_once(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    sara = make_user()
    call_command("sign_in_link", "Sara@desk.test")
    link = capsys.readouterr().out.strip().removeprefix(desk_settings.BASE_URL)
    assert client.get(link).status_code == 200
    assert signed_in(client) is None
    assert client.post(link).status_code == 302
    assert signed_in(client) == sara.pk
    again = Client().post(link)
    assert again.status_code == 422
    assert "already used" in again.content.decode()


def test_wrong_and_expired_links_say_so(client: Client) -> None:
    sara = make_user()
    wrong = client.get("/sign-in/guess/")
    assert wrong.status_code == 422
    assert "not from this desk" in wrong.content.decode()
    secret = sign_in_links.make_sign_in_link(email=sara.email, actor=SYSTEM, at=clock.now())
    before = rows()
    with time_machine.travel(clock.now() + timedelta(minutes=15, seconds=1), tick=False):
        late = client.post(f"/sign-in/{secret}/")
    assert late.status_code == 422
    assert "expired" in late.content.decode()
    assert rows() == before
    assert signed_in(client) is None


def test_a_link_does_not_go_round_the_second_step(client: Client) -> None:
    sara = make_user()
    TOTP.activate(sara, generate_totp_secret())
    secret = sign_in_links.make_sign_in_link(email=sara.email, actor=SYSTEM, at=clock.now())
    client.post(f"/sign-in/{secret}/")
    assert signed_in(client) is None


def test_commands_refuse_in_words() -> None:
    with pytest.raises(CommandError, match="nobody@desk.test"):
        call_command("sign_in_link", "nobody@desk.test")
    with pytest.raises(CommandError, match="nobody@desk.test"):
        call_command("create_token", "nobody@desk.test")
    make_user(is_active=False)
    with pytest.raises(CommandError, match="cannot sign in"):
        call_command("create_token", "sara@desk.test")
    assert not ApiToken.objects.exists()


def test_a_token_from_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    sara = make_user()
    call_command("create_token", "SARA@desk.test", "--scope", "write", "--days", "30")
    secret = capsys.readouterr().out.strip()
    token = ApiToken.objects.get()
    assert (token.user, token.scope, token.token_key) == (sara, "write", secret[:15])
    assert token.expiry is not None


# --- invitation and first set-up ---


def invited(email: str = "nadia@desk.test") -> str:
    brand = make_brand()
    admin = make_member(brand, Role.ADMIN)
    return invite_person(
        brand_id=brand.pk,
        email=email,
        full_name="Nadia",
        role="staff",
        language="ar",
        actor=web(admin),
        at=clock.now(),
    ).secret


def test_an_invited_person_chooses_a_password_and_is_in(client: Client) -> None:
    secret = invited()
    assert "nadia@desk.test" in client.get(f"/invitation/{secret}/").content.decode()
    client.post(
        f"/invitation/{secret}/",
        {"full_name": "Nadia K", "password": PASSWORD, "zone": "Asia/Dubai"},
    )
    nadia = User.objects.get(email="nadia@desk.test")
    assert signed_in(client) == nadia.pk
    assert Client().get(f"/invitation/{secret}/").status_code == 422


@pytest.mark.parametrize("password", ["short", "nadia@desk.test", "1234567890", ""])
def test_a_weak_password_is_refused_and_nothing_written(client: Client, password: str) -> None:
    secret = invited()
    before = rows()
    answer = client.post(
        f"/invitation/{secret}/", {"full_name": "Nadia", "password": password, "zone": "Asia/Dubai"}
    )
    assert answer.status_code == 422
    assert rows() == before
    assert signed_in(client) is None


def test_a_wrong_or_expired_invitation_says_so(client: Client) -> None:
    secret = invited()
    assert client.get("/invitation/guess/").status_code == 422
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert "expired" in client.get(f"/invitation/{secret}/").content.decode()


def test_who_has_an_account_signs_in_and_takes_the_role(client: Client) -> None:
    nadia, other = make_user("nadia"), make_user("other")
    secret = invited()
    path = f"/invitation/{secret}/"
    assert f"/accounts/login/?next={path}" in client.get(path).content.decode()
    client.force_login(other)
    assert client.post(path).status_code == 422
    assert not Membership.objects.filter(role=Role.STAFF).exists()
    client.force_login(nadia)
    assert client.post(path).status_code == 302
    assert Membership.objects.get(role=Role.STAFF).user == nadia


@pytest.fixture
def code(settings: Settings, tmp_path: Path) -> str:
    settings.SETUP_CODE_FILE = tmp_path / "setup-code"
    return setup_code.make(settings.SETUP_CODE_FILE)


FIRST = {
    "email": "owner@nour.test",
    "full_name": "Huda Saleh",
    "password": PASSWORD,
    "language": "ar",
    "zone": "Asia/Dubai",
    "brand_name": "Nour Home",
    "brand_key": "nour-home",
    "languages": ["ar", "he"],
}


def test_an_empty_desk_leads_to_its_set_up(
    client: Client, code: str, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert client.get("/accounts/login/").headers["Location"] == "/setup/"
    assert client.get("/setup/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/setup/", FIRST | {"code": code})
    huda = User.objects.get()
    assert signed_in(client) == huda.pk
    assert huda.memberships.filter(role=Role.ADMIN, brand__key="nour-home").exists()
    assert client.get("/setup/").status_code == 404


def test_a_wrong_code_is_told_at_its_field_and_writes_nothing(client: Client, code: str) -> None:
    answer = client.post("/setup/", FIRST | {"code": "guess"})
    assert answer.status_code == 422
    assert "not the set-up code" in answer.content.decode()
    assert not User.objects.exists()


def test_a_desk_with_people_has_no_set_up(client: Client, code: str) -> None:
    make_user()
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", FIRST | {"code": code}).status_code == 404
    assert User.objects.count() == 1


# --- the demo ---


def test_see_the_demo_as_one_of_its_people(client: Client, settings: Settings) -> None:
    settings.DEMO = True
    lead = make_user(email="lead@demo.test")
    assert client.post("/demo/sign-in/", {"role": "lead"}).status_code == 302
    assert signed_in(client) == lead.pk
    assert client.post("/demo/sign-in/", {"role": "admin"}).status_code == 404
    assert client.get("/demo/sign-in/").status_code == 405


def test_a_real_desk_has_no_demo_door(client: Client) -> None:
    make_user(email="lead@demo.test")
    assert client.post("/demo/sign-in/", {"role": "lead"}).status_code == 404
    assert signed_in(client) is None


# --- language and theme ---


def test_one_press_changes_the_language_and_returns_to_the_page(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    answer = client.post("/language/", {"language": "he", "next": "/settings/tokens/?a=1"})
    assert answer.headers["Location"] == "/settings/tokens/?a=1"
    sara.refresh_from_db()
    assert sara.language == "he"
    page = client.get("/settings/")
    assert page.headers["Content-Language"] == "he"
    assert '<html lang="he" dir="rtl"' in page.content.decode()


def test_before_sign_in_the_browser_remembers_the_language(client: Client) -> None:
    assert (
        client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="ar").headers["Content-Language"]
        == "ar"
    )
    client.post("/language/", {"language": "he", "next": "/accounts/login/"})
    page = client.get("/accounts/login/", HTTP_ACCEPT_LANGUAGE="ar")
    assert page.headers["Content-Language"] == "he"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""]
)
@pytest.mark.parametrize("path", ["/language/", "/theme/"])
def test_no_press_leads_to_another_site(client: Client, path: str, elsewhere: str) -> None:
    answer = client.post(path, {"language": "ar", "theme": "dark", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    client.post("/language/", {"language": "xx"})
    sara.refresh_from_db()
    assert sara.language == "en"


def test_the_theme_is_kept_for_this_browser(client: Client) -> None:
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()
    client.post("/theme/", {"theme": ""})
    assert "data-theme" not in client.get("/accounts/login/").content.decode()
