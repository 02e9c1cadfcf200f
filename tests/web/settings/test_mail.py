"""Mail that is kept because no server is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.test import Client
from pytest_django import Settings

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    User,
)
from tests.factories.organisation import (
    make_member,
)
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db


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
