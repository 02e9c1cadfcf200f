"""Settings: what each person finds there, what they change, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import send_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from crisisdesk.core import clock
from crisisdesk.notifications.queries.preferences import wants_email
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.domain.tokens import create_token
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    ApiToken,
    Brand,
    BrandLanguage,
    Invitation,
    Membership,
    OfficialAccount,
    User,
)
from tests.factories.organisation import (
    NOON,
    make_account,
    make_brand,
    make_channel,
    make_member,
    make_user,
    web,
)
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def admin(brand: Brand, client: Client) -> User:
    """An administrator, signed in with the test's browser."""
    person = make_member(brand, Role.ADMIN)
    client.force_login(person)
    return person


def browser(person: User) -> Client:
    """Return another browser in which the person is signed in."""
    other = Client()
    other.force_login(person)
    return other


OWN_PAGES = ["/settings/", "/settings/security/", "/settings/tokens/"]
ADMIN_PAGES = [
    "/settings/people/",
    "/settings/people/invite/",
    "/settings/brands/",
    "/settings/brands/new/",
    "/settings/brands/nour-home/",
    "/settings/brands/nour-home/accounts/new/",
]


@pytest.mark.parametrize(
    "path", [*OWN_PAGES, *ADMIN_PAGES, "/settings/accounts/", "/settings/mail/"]
)
def test_signed_out_is_led_to_the_sign_in_page(client: Client, brand: Brand, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize(
    "path", [*OWN_PAGES, *ADMIN_PAGES, "/settings/accounts/", "/settings/mail/"]
)
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_an_administrator_finds_every_page_in_every_language(
    client: Client, brand: Brand, admin: User, path: str, language: str
) -> None:
    make_account(brand, make_channel(), owner=admin)
    User.objects.update(language=language)
    page = client.get(path)
    assert page.status_code == 200
    words = page.content.decode()
    assert "<c-" not in words
    assert " style=" not in words


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMIN])
@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_administration_does_not_exist_for_others(brand: Brand, role: Role, path: str) -> None:
    assert browser(make_member(brand, role)).get(path).status_code == 404


def test_a_stranger_finds_nothing_of_a_brand(brand: Brand, admin: User) -> None:
    account = make_account(brand, make_channel())
    stranger = browser(make_user("stranger"))
    before = rows()
    posts = [
        f"/settings/people/{admin.pk}/role/give/",
        f"/settings/people/{admin.pk}/role/take/",
        f"/settings/people/{admin.pk}/deactivate/",
        f"/settings/people/{admin.pk}/reactivate/",
        f"/settings/people/{admin.pk}/anonymise/",
        "/settings/brands/nour-home/",
        "/settings/brands/nour-home/approvers/ar/",
        "/settings/brands/nour-home/accounts/new/",
        f"/settings/accounts/{account.pk}/",
        f"/settings/accounts/{account.pk}/test/",
    ]
    for path in posts:
        answer = stranger.post(path, {"brand": brand.pk, "role": "lead", "sure": "yes"})
        assert answer.status_code == 404, path
    for path in [
        *ADMIN_PAGES,
        f"/settings/people/{admin.pk}/",
        "/settings/accounts/",
        "/settings/mail/",
    ]:
        assert stranger.get(path).status_code == 404, path
    assert rows() == before


# --- one's own ---


def test_the_profile_is_saved(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    client.post("/settings/", {"full_name": "Sara Cohen", "name_he": "שרה כהן", "phone": "+972 50"})
    client.post("/settings/zone/", {"zone": "Asia/Jerusalem"})
    client.post("/settings/reads/", {"reads": ["he", "en"]})
    sara.refresh_from_db()
    assert (sara.full_name, sara.name_he, sara.phone) == ("Sara Cohen", "שרה כהן", "+972 50")
    assert (sara.zone, sara.reads) == ("Asia/Jerusalem", ["he", "en"])


def test_mail_that_is_not_urgent_is_a_choice(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    client.post("/settings/by-mail/", {})
    assert not wants_email(sara)
    client.post("/settings/by-mail/", {"enabled": "yes"})
    assert wants_email(sara)


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/settings/", {"full_name": "   ", "phone": "kept words"}, "kept words"),
        ("/settings/zone/", {"zone": "Mars"}, "Mars"),
        ("/settings/reads/", {"reads": ["xx"]}, "xx"),
    ],
)
def test_a_refused_profile_keeps_what_was_typed(
    client: Client, path: str, data: dict[str, object], words: str
) -> None:
    client.force_login(make_user())
    before = rows()
    answer = client.post(path, data)
    assert answer.status_code == 422
    assert "Nothing you typed was lost" in answer.content.decode()
    assert words in answer.content.decode()
    assert rows() == before


def test_a_language_one_approves_in_is_not_given_up(client: Client, brand: Brand) -> None:
    approver = make_member(brand, Role.APPROVER)
    BrandLanguage.objects.filter(brand=brand, language="he").update(approver=approver)
    answer = browser(approver).post("/settings/reads/", {"reads": ["en"]})
    assert answer.status_code == 422
    assert "Nour Home" in answer.content.decode()
    approver.refresh_from_db()
    assert "he" in approver.reads


def test_a_token_is_shown_once_and_revoked(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    made = client.post(
        "/settings/tokens/", {"name": "weekly figures", "scope": "read", "days": "30"}
    )
    token = ApiToken.objects.get()
    assert made.status_code == 201
    assert "no-store" in made.headers["Cache-Control"]
    assert made.content.decode().count(token.token_key) >= 1
    assert made.context["made"].secret not in client.get("/settings/tokens/").content.decode()
    assert token.expiry == token.created + timedelta(days=30)
    noa = browser(make_user("noa"))
    assert noa.post(f"/settings/tokens/{token.token_key}/revoke/").status_code == 404
    assert ApiToken.objects.count() == 1
    client.post(f"/settings/tokens/{token.token_key}/revoke/")
    assert not ApiToken.objects.exists()


def test_a_token_without_a_purpose_is_refused(client: Client) -> None:
    client.force_login(make_user())
    for data in (
        {"name": " ", "scope": "read", "days": "0"},
        {"name": "x", "scope": "root", "days": "0"},
    ):
        assert client.post("/settings/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()


# --- people ---


def nadia(brand: Brand) -> dict[str, object]:
    return {
        "email": "nadia@desk.test",
        "full_name": "Nadia",
        "brand": brand.pk,
        "role": "staff",
        "language": "ar",
    }


def test_an_invitation_goes_by_mail_in_its_language(
    client: Client,
    brand: Brand,
    admin: User,
) -> None:
    answer = client.post("/settings/people/invite/", nadia(brand))
    assert answer.status_code == 302
    sent = mail.outbox[0]
    assert sent.to == ["nadia@desk.test"]
    assert sent.subject.startswith("\u200f")
    assert "http://testserver/invitation/" in sent.body
    page = client.get("/settings/people/").content.decode()
    assert "nadia@desk.test" in page
    assert Invitation.objects.get().digest not in page
    client.post(f"/settings/people/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert "nadia@desk.test" not in client.get("/settings/people/").content.decode()


def test_mail_that_does_not_go_out_is_said(
    client: Client, brand: Brand, admin: User, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = client.post("/settings/people/invite/", nadia(brand), follow=True).content.decode()
    assert "The mail did not go out" in page
    assert Invitation.objects.get().withdrawn_at is None


def test_a_refused_invitation_sends_nothing(client: Client, brand: Brand, admin: User) -> None:
    before = rows()
    theirs = make_brand("other")
    before = rows()
    good = {
        "email": "n@desk.test",
        "full_name": "N",
        "brand": brand.pk,
        "role": "staff",
        "language": "ar",
    }
    for wrong in (
        {"email": "n"},
        {"full_name": " "},
        {"brand": theirs.pk},
        {"role": "king"},
        {"language": "xx"},
    ):
        assert client.post("/settings/people/invite/", good | wrong).status_code == 422
    assert (
        client.post(
            "/settings/people/invite/", good | {"email": admin.email, "role": "admin"}
        ).status_code
        == 422
    )
    assert rows() == before
    assert not mail.outbox


def test_nobody_withdraws_anothers_invitation(client: Client, brand: Brand, admin: User) -> None:
    theirs = make_brand("other")
    other = make_member(theirs, Role.ADMIN, "other-admin")
    made = invite_person(
        brand_id=theirs.pk,
        email="n@desk.test",
        full_name="N",
        role="staff",
        language="en",
        actor=web(other),
        at=clock.now(),
    )
    answer = client.post(f"/settings/people/invitations/{made.invitation.pk}/withdraw/")
    assert answer.status_code == 404
    assert Invitation.objects.get().withdrawn_at is None


def test_roles_are_given_and_taken(client: Client, brand: Brand, admin: User) -> None:
    staff = make_member(brand, Role.STAFF)
    client.post(f"/settings/people/{staff.pk}/role/give/", {"brand": brand.pk, "role": "lead"})
    client.post(f"/settings/people/{staff.pk}/role/take/", {"brand": brand.pk, "role": "staff"})
    assert list(Membership.objects.filter(user=staff).values_list("role", flat=True)) == ["lead"]


def test_the_last_administrator_stays_and_the_page_says_why(
    client: Client, brand: Brand, admin: User
) -> None:
    before = rows()
    answer = client.post(
        f"/settings/people/{admin.pk}/role/take/", {"brand": brand.pk, "role": "admin"}
    )
    assert answer.status_code == 422
    assert "needs at least one administrator" in answer.content.decode()
    answer = client.post(f"/settings/people/{admin.pk}/deactivate/")
    assert answer.status_code == 403
    assert "your own account" in answer.content.decode()
    assert rows() == before


def test_pausing_and_leaving(client: Client, brand: Brand, admin: User) -> None:
    staff = make_member(brand, Role.STAFF)
    client.post(f"/settings/people/{staff.pk}/deactivate/")
    staff.refresh_from_db()
    assert not staff.is_active
    client.post(f"/settings/people/{staff.pk}/reactivate/")
    unsure = client.post(f"/settings/people/{staff.pk}/anonymise/")
    assert unsure.status_code == 422
    staff.refresh_from_db()
    assert (staff.is_active, staff.full_name) == (True, "Staff")
    client.post(f"/settings/people/{staff.pk}/anonymise/", {"sure": "yes"})
    staff.refresh_from_db()
    assert (staff.is_active, staff.full_name) == (False, "")


def test_people_of_other_brands_are_not_listed(client: Client, brand: Brand, admin: User) -> None:
    elsewhere = make_member(make_brand("other"), Role.LEAD, "elsewhere")
    assert "elsewhere@desk.test" not in client.get("/settings/people/").content.decode()
    assert client.get(f"/settings/people/{elsewhere.pk}/").status_code == 404


def test_people_are_found_in_any_script(client: Client, brand: Brand, admin: User) -> None:
    make_member(brand, Role.LEAD, "maryam", name_ar="مريم الحدّاد")
    page = client.get("/settings/people/", {"q": "حداد"}).content.decode()
    assert "maryam@desk.test" in page
    assert admin.email not in page.split("<table")[1]


def test_the_people_page_costs_the_same_with_one_and_with_fifty(
    client: Client, brand: Brand, admin: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/settings/people/").status_code == 200
        return len(queries)

    make_member(brand, Role.STAFF, "one")
    client.get("/settings/people/")
    with_one = cost()
    for number in range(49):
        make_member(brand, Role.STAFF, f"person-{number}")
    assert cost() == with_one
    assert with_one <= 12
    assert "from=50" in client.get("/settings/people/").content.decode()
    assert client.get("/settings/people/?from=50").status_code == 200


# --- brands and accounts ---


def brand_data(brand: Brand, **changes: object) -> dict[str, object]:
    return {
        "name": brand.name,
        "languages": brand.languages,
        "zone": brand.zone,
        "digit_style": "latin",
        "week_start": "1",
        "weekend": ["6", "7"],
        "version": brand.version,
    } | changes


def test_a_brand_is_added_and_changed(client: Client, brand: Brand, admin: User) -> None:
    client.post("/settings/brands/new/", brand_data(brand, name="Dar", key="dar"))
    dar = Brand.objects.get(key="dar")
    client.post(
        "/settings/brands/dar/",
        brand_data(dar, name_ar="دار", aliases="Dar Home\n Dar", weekend=["5", "6"]),
    )
    dar.refresh_from_db()
    assert (dar.name_in("ar"), dar.aliases, dar.weekend, dar.version) == (
        "دار",
        ["Dar Home", "Dar"],
        [5, 6],
        2,
    )
    assert Membership.objects.get(brand=dar).user == admin


def test_a_refused_brand_changes_nothing(client: Client, brand: Brand, admin: User) -> None:
    before = rows()
    for wrong in (
        {"name": " "},
        {"languages": []},
        {"colour": "teal"},
        {"zone": "Mars"},
        {"contact_email": "x"},
    ):
        assert (
            client.post("/settings/brands/nour-home/", brand_data(brand, **wrong)).status_code
            == 422
        )
        assert (
            client.post("/settings/brands/new/", brand_data(brand, key="dar", **wrong)).status_code
            == 422
        )
    taken = client.post("/settings/brands/new/", brand_data(brand, key="nour-home"))
    assert "already in use" in taken.content.decode()
    assert rows() == before


def test_two_people_saving_one_brand_lose_nothing(
    client: Client, brand: Brand, admin: User
) -> None:
    client.post("/settings/brands/nour-home/", brand_data(brand, name="First"))
    answer = client.post("/settings/brands/nour-home/", brand_data(brand, name="Second"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "First" in page
    assert "Second" in page
    brand.refresh_from_db()
    assert brand.name == "First"
    client.post("/settings/brands/nour-home/", brand_data(brand, name="Second"))
    brand.refresh_from_db()
    assert brand.name == "Second"


def test_approvers_are_named_per_language(client: Client, brand: Brand, admin: User) -> None:
    approver = make_member(brand, Role.APPROVER, reads=["ar"])
    client.post("/settings/brands/nour-home/approvers/ar/", {"approver": approver.pk})
    row = BrandLanguage.objects.get(brand=brand, language="ar")
    assert (row.approver, row.deputy) == (approver, None)
    answer = client.post("/settings/brands/nour-home/approvers/he/", {"approver": approver.pk})
    assert answer.status_code == 422
    assert "does not read this language" in answer.content.decode()
    assert BrandLanguage.objects.get(brand=brand, language="he").approver is None


ACCOUNT = {"channel": "x", "handle": "@NourHome", "url": "https://x.com/NourHome"}


def test_an_account_is_added_changed_and_tested(client: Client, brand: Brand, admin: User) -> None:
    make_channel()
    client.post("/settings/brands/nour-home/accounts/new/", ACCOUNT | {"owner": admin.pk})
    account = OfficialAccount.objects.get()
    path = f"/settings/accounts/{account.pk}/"
    client.post(path, ACCOUNT | {"handle": "@Nour", "version": 1})
    stale = client.post(path, ACCOUNT | {"handle": "@Other", "version": 1})
    assert stale.status_code == 409
    assert "@Nour" in stale.content.decode()
    assert "@Other" in stale.content.decode()
    client.post(f"{path}test/", {"worked": "no"})
    account.refresh_from_db()
    assert (account.handle, account.version, account.access_worked) == ("@Nour", 2, False)
    assert "Could not be opened" in client.get("/settings/accounts/").content.decode()


def test_a_refused_account_changes_nothing(client: Client, brand: Brand, admin: User) -> None:
    make_account(brand, make_channel(), "@NourHome")
    before = rows()
    path = "/settings/brands/nour-home/accounts/new/"
    for wrong in (
        {},
        {"handle": " "},
        {"handle": "@o", "url": "nope"},
        {"handle": "@o", "channel": "fax"},
    ):
        assert client.post(path, ACCOUNT | wrong).status_code == 422
    assert rows() == before


def test_who_may_test_an_account(brand: Brand) -> None:
    account = make_account(brand, make_channel())
    observer, staff = make_member(brand, Role.OBSERVER), make_member(brand, Role.STAFF)
    assert browser(observer).get("/settings/accounts/").status_code == 200
    assert browser(observer).post(f"/settings/accounts/{account.pk}/test/").status_code == 403
    account.refresh_from_db()
    assert account.last_access_test is None
    browser(staff).post(f"/settings/accounts/{account.pk}/test/", {"worked": "yes"})
    account.refresh_from_db()
    assert account.access_worked


def test_the_accounts_page_costs_the_same_with_one_and_with_fifty(
    client: Client, brand: Brand, admin: User
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/settings/accounts/")
        return len(queries)

    channel = make_channel()
    make_account(brand, channel, owner=admin)
    client.get("/settings/accounts/")
    with_one = cost()
    for number in range(49):
        make_account(brand, channel, f"@n{number}", owner=admin)
    assert cost() == with_one


# --- kept mail ---


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    """Two mails kept in a folder, as the desk without a mail server does."""
    settings.MAIL_KEPT = True
    settings.EMAIL_BACKEND = "crisisdesk.notifications.transports.kept_mail.KeptMailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send_mail("\u200fحادثة جديدة", "http://testserver/incidents/", None, ["a@desk.test"])
    send_mail("Second", "<b>words</b>", None, ["b@desk.test"])
    return tmp_path


def test_kept_mail_is_listed_and_read(client: Client, admin: User, kept: Path) -> None:
    page = client.get("/settings/mail/").content.decode()
    assert page.index("Second") < page.index("حادثة جديدة")
    first, second = sorted(file.stem for file in kept.glob("*.eml"))
    assert f"/settings/mail/{first}/" in page
    words = client.get(f"/settings/mail/{first}/").content.decode()
    assert 'href="http://testserver/incidents/"' in words
    assert "&lt;b&gt;words" in client.get(f"/settings/mail/{second}/").content.decode()


@pytest.mark.parametrize("key", ["none.0", "..%2fsecret.0", "x", "a.9"])
def test_a_mail_that_is_not_there_is_404(client: Client, admin: User, kept: Path, key: str) -> None:
    assert client.get(f"/settings/mail/{key}/").status_code == 404


def test_who_may_read_kept_mail(brand: Brand, admin: User, kept: Path, settings: Settings) -> None:
    staff = browser(make_member(brand, Role.STAFF))
    assert staff.get("/settings/mail/").status_code == 404
    settings.DEMO = True
    assert staff.get("/settings/mail/").status_code == 200
    settings.MAIL_KEPT = False
    assert browser(admin).get("/settings/mail/").status_code == 404


def test_an_expired_token_is_shown_as_ended(client: Client) -> None:
    sara = make_user()
    client.force_login(sara)
    create_token(
        user_id=sara.pk, name="old", scope="read", actor=web(sara), at=NOON, expires_at=NOON
    )
    assert "Ended" in client.get("/settings/tokens/").content.decode()
