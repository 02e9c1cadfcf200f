"""People: invitations, roles, pausing and leaving."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from crisisdesk.core import clock
from crisisdesk.organisation.domain.invitations import invite_person
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    Invitation,
    Membership,
    User,
)
from tests.factories.organisation import (
    make_brand,
    make_member,
    web,
)
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db


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
    assert admin.email not in page.split("data-rows")[1]


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
