"""Download and upload: what leads see, what is refused and how, and what strangers do not find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from playbooks.domain.archive import MOST_BYTES, pack
from playbooks.domain.shelf_files import read_shelf
from playbooks.domain.yaml_files import read_bytes
from playbooks.models import Playbook, PlaybookRevision
from tests.factories.incidents import Desk
from tests.factories.organisation import make_brand, make_member
from tests.playbooks.archives import files_in, zipped
from tests.web.shelf.conftest import SignIn

IMPORT = "/playbooks/own/import/"
OUTAGE = "/playbooks/service-outage/"
FOLDERS = {row.slug: row for row in read_shelf(Path(settings.BASE_DIR) / "fixtures").folders}


def archive(**words: str) -> bytes:
    """Return the outage playbook as an archive, with these English words changed."""
    files = files_in(pack(FOLDERS["service-outage"].content()))
    english = read_bytes(Path("en.yaml"), files["en.yaml"]).data | words
    return zipped(files | {"en.yaml": yaml.safe_dump(english, allow_unicode=True).encode()})


def sent(raw: bytes, **fields: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("plan.zip", raw), "brand": "nour", **fields}


def test_a_playbook_is_downloaded_as_its_files(signed_in: SignIn) -> None:
    page = signed_in("staff").get(f"{OUTAGE}export/")
    assert page.status_code == 200
    assert page["Content-Disposition"] == 'attachment; filename="service-outage-1.zip"'
    assert page.content == pack(FOLDERS["service-outage"].content())


@pytest.mark.parametrize(
    "path",
    [f"{OUTAGE}export/?revision=9", f"{OUTAGE}export/?revision=x", f"{OUTAGE}export/?brand=nour",
     f"{OUTAGE}?brand=nowhere", "/playbooks/none/export/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(signed_in: SignIn, path: str) -> None:
    assert signed_in("lead").get(path).status_code == 404


def test_a_stranger_downloads_nothing(signed_in: SignIn) -> None:
    assert signed_in("stranger").get(f"{OUTAGE}export/").status_code == 404


def test_a_lead_imports_a_playbook_and_reads_it(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in("lead")
    page = client.post(
        IMPORT, sent(archive(title="Our outage plan"), note="From the agency"), follow=True
    )
    assert page.redirect_chain == [(f"{OUTAGE}?brand=nour", 302)]
    assert "Our outage plan" in page.content.decode()
    assert "Imported as revision 1." in page.content.decode()
    own = PlaybookRevision.objects.get(playbook__brand=desk.brand)
    assert (own.note, own.author) == ("From the agency", desk.lead)
    shelf = client.get("/playbooks/").content.decode()
    assert "own" in shelf and "?brand=nour" in shelf and "?brand=shared" in shelf
    shared = client.get(f"{OUTAGE}?brand=shared").content.decode()
    assert "Our outage plan" not in shared


def test_the_same_press_twice_is_one_import(signed_in: SignIn) -> None:
    client = signed_in("lead")
    for _ in range(2):
        client.post(IMPORT, sent(archive(title="Ours"), key="once"))
    assert PlaybookRevision.objects.filter(playbook__brand__isnull=False).count() == 1


def test_the_same_words_change_nothing_and_say_so(signed_in: SignIn) -> None:
    client = signed_in("lead")
    client.post(IMPORT, sent(archive()))
    page = client.post(IMPORT, sent(archive()), follow=True)
    assert "nothing was changed" in page.content.decode()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "1 place to look at again:"),
        ("ar", "موضع واحد يستحق نظرة أخرى:"),
        ("he", "מקום אחד שכדאי לבדוק שוב:"),
    ],
)
def test_what_was_not_in_the_way_is_shown_to_who_imports(
    desk: Desk, signed_in: SignIn, language: str, said: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    files = files_in(pack(FOLDERS["service-outage"].content()))
    english = read_bytes(Path("en.yaml"), files["en.yaml"]).data
    english["statements"]["update"]["text"] += " More of it." * 30
    raw = zipped(files | {"en.yaml": yaml.safe_dump(english, allow_unicode=True).encode()})
    body = signed_in("lead").post(IMPORT, sent(raw), follow=True).content.decode()
    assert said in body and "en.yaml:" in body
    assert PlaybookRevision.objects.filter(playbook__brand=desk.brand).exists()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_faulty_file_is_explained_line_by_line(
    desk: Desk, signed_in: SignIn, language: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    raw = archive(title="", summery="x")
    page = signed_in("lead").post(IMPORT, sent(raw, note="My note stays"))
    body = page.content.decode()
    assert page.status_code == 422
    assert "en.yaml" in body and "title" in body and "summery" in body
    assert "My note stays" in body
    assert not Playbook.objects.filter(brand__isnull=False).exists()
    if language == "ar":
        assert "هذا المفتاح غير معروف هنا." in body


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"brand": "nour"}, "Choose the .zip"),
        (sent(b"x" * 10, brand="elsewhere"), "There is no such brand"),
        (sent(b"not a zip"), "This is not a .zip that can be read."),
    ],
)
def test_refusals_are_said(signed_in: SignIn, fields: dict[str, Any], said: str) -> None:
    page = signed_in("lead").post(IMPORT, fields)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_file_above_ten_megabytes_is_refused(signed_in: SignIn) -> None:
    page = signed_in("lead").post(IMPORT, sent(b"0" * (MOST_BYTES + 1)))
    assert page.status_code == 422 and "10 MB" in page.content.decode()


@pytest.mark.parametrize(
    "name", ["staff", "approver", "executive", "observer", "admin", "stranger"]
)
def test_nobody_but_a_lead_has_the_page(signed_in: SignIn, name: str) -> None:
    client = signed_in(name)
    assert client.get(IMPORT).status_code == 404
    assert client.post(IMPORT, sent(archive())).status_code == 404
    assert IMPORT not in client.get("/playbooks/").content.decode()


def test_a_lead_of_another_brand_imports_for_their_own_only(desk: Desk, signed_in: SignIn) -> None:
    other = make_brand("other")
    make_member(other, "lead", "other-lead")
    page = signed_in("lead").post(IMPORT, sent(archive(), brand="other"))
    assert page.status_code == 422
    assert not Playbook.objects.filter(brand=other).exists()
