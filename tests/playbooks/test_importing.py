"""An archive becomes the brand's own next revision, or nothing is written and every fault is named."""

from __future__ import annotations

import ast
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role, TokenScope
from crisisdesk.organisation.models import Brand, User
from playbooks.domain.archive import pack
from playbooks.domain.desk_checks import PlaybookRefused, check_content
from playbooks.domain.fault_words import FAULTS
from playbooks.domain.importing import import_playbook
from playbooks.enums import PlaybookOrigin
from playbooks.models import Playbook, PlaybookRevision
from playbooks.queries.shelf import published
from tests.architecture.tree import ROOT
from tests.factories.organisation import NOON, join, make_brand, make_channel, make_member, web
from tests.factories.playbooks import SLUG, load, write_shelf
from tests.playbooks.archives import files_in, small_content, spoilt, zipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def brand(tmp_path: Path) -> Brand:
    """A brand, the channels, and the small shelf that its own playbook stands beside."""
    make_channel("x")
    make_channel("facebook", limit=None)
    load(write_shelf(tmp_path))
    return make_brand()


@pytest.fixture
def lead(brand: Brand) -> User:
    return make_member(brand, Role.LEAD)


def everything() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Playbook, PlaybookRevision)
    return [list(model.objects.order_by("pk").values()) for model in models]


def bring(raw: bytes, brand: Brand, who: User, **asked: Any) -> Any:
    return import_playbook(raw, brand_id=brand.pk, actor=web(who), at=NOON, **asked)


def test_an_archive_becomes_the_brands_own_beside_the_shared_one(brand: Brand, lead: User) -> None:
    shared = Playbook.objects.get()
    done = bring(pack(small_content()), brand, lead, note=" first try ")
    own = Playbook.objects.exclude(pk=shared.pk).get()
    assert (own.brand, own.slug, own.origin, own.is_published) == (
        brand,
        SLUG,
        PlaybookOrigin.DESK,
        True,
    )
    assert (done.playbook, done.revision, done.is_new) == (own, own.revisions.get(), True)
    assert (done.revision.number, done.revision.note, done.revision.author) == (
        1,
        "first try",
        lead,
    )
    assert shared.revisions.count() == 1
    assert [row.playbook for row in published(lead, brand_id=brand.pk)] == [own]


def test_what_is_exported_comes_back_as_the_same_bytes(brand: Brand, lead: User) -> None:
    raw = pack(small_content())
    stored = bring(raw, brand, lead).revision
    stored.refresh_from_db()
    assert pack(stored.content) == raw


def test_the_same_archive_again_changes_nothing(brand: Brand, lead: User) -> None:
    bring(pack(small_content()), brand, lead)
    before = everything()
    assert bring(pack(small_content()), brand, lead).is_new is False
    assert everything() == before


def test_other_words_are_the_next_revision(brand: Brand, lead: User) -> None:
    bring(pack(small_content()), brand, lead)
    done = bring(spoilt("he.yaml", lambda data: data.update(title="כותרת")), brand, lead)
    assert (done.revision.number, done.is_new) == (2, True)


def test_two_brands_keep_their_own(brand: Brand, lead: User) -> None:
    other = make_brand("other")
    join(lead, other, Role.LEAD)
    bring(pack(small_content()), brand, lead)
    bring(pack(small_content()), other, lead)
    assert Playbook.objects.filter(slug=SLUG).count() == 3


def test_the_loader_says_what_stands_beside_the_files(
    brand: Brand, lead: User, tmp_path: Path
) -> None:
    bring(spoilt("en.yaml", lambda data: data.update(title="Ours")), brand, lead)
    before = everything()
    report = load(tmp_path)
    assert report.beside == [f"{SLUG} (nour-home)"] and report.unchanged == [SLUG]
    assert everything() == before
    said = StringIO()
    call_command("load_playbooks", fixtures=tmp_path, stdout=said)
    assert f"beside a brand's own of the same name: {SLUG} (nour-home)" in said.getvalue()


def test_every_fault_is_named_with_file_line_and_key(brand: Brand, lead: User) -> None:
    before = everything()
    files = files_in(pack(small_content()))
    files["ar.yaml"] = files["ar.yaml"].replace(b"{link}", b"{lnik}", 1)
    del files["he.yaml"]
    with pytest.raises(PlaybookRefused) as refused:
        bring(zipped(files), brand, lead)
    found = {(f.path.as_posix(), f.line > 1, f.key, f.code) for f in refused.value.faults}
    assert ("ar.yaml", True, "statements.acknowledgement.text", "unknown_placeholder") in found
    assert ("he.yaml", False, "", "file_missing") in found
    assert refused.value.params["count"] == len(
        [f for f in refused.value.faults if not f.is_warning]
    )
    assert everything() == before


@pytest.mark.parametrize(
    ("role", "error"),
    [(role, NotAllowed) for role in Role.values if role != Role.LEAD] + [("stranger", NotVisible)],
)
def test_only_the_brands_leads_import(brand: Brand, role: str, error: type[Exception]) -> None:
    home = brand if role in Role.values else make_brand("elsewhere")
    who = make_member(home, role if role in Role.values else Role.LEAD, "somebody")
    before = everything()
    with pytest.raises(error):
        bring(pack(small_content()), brand, who)
    assert everything() == before


def test_a_read_token_imports_nothing(brand: Brand, lead: User) -> None:
    actor = Actor(lead, "api", scope=TokenScope.READ)
    with pytest.raises(NotAllowed, match="read_only_token"):
        import_playbook(pack(small_content()), brand_id=brand.pk, actor=actor, at=NOON)


def test_an_archive_above_ten_megabytes_is_not_opened(brand: Brand, lead: User) -> None:
    with pytest.raises(PlaybookRefused) as refused:
        bring(b"0" * (10 * 1024 * 1024 + 1), brand, lead)
    assert [fault.code for fault in refused.value.faults] == ["archive_too_large"]


@given(data=st.data())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_broken_archive_is_all_or_nothing(data: st.DataObject, brand: Brand, lead: User) -> None:
    raw = bytearray(pack(small_content()))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    before = everything()
    try:
        done = bring(bytes(raw), brand, lead)
    except PlaybookRefused as refused:
        assert refused.faults and everything() == before
    else:
        assert done.revision.content and not [
            f for f in check_content(done.revision.content, brand_id=brand.pk) if not f.is_warning
        ]


def test_the_command_writes_the_same_bytes(tmp_path: Path, brand: Brand, lead: User) -> None:
    bring(spoilt("en.yaml", lambda data: data.update(title="Ours")), brand, lead)
    bring(spoilt("en.yaml", lambda data: data.update(title="Ours, later")), brand, lead)
    shared, own, first = tmp_path / "shared.zip", tmp_path / "own.zip", tmp_path / "first.zip"
    call_command("export_playbook", SLUG, shared, verbosity=0)
    call_command("export_playbook", SLUG, own, brand="nour-home", verbosity=0)
    call_command("export_playbook", SLUG, first, brand="nour-home", revision=1, verbosity=0)
    assert shared.read_bytes() == pack(small_content())
    assert own.read_bytes() == pack(published(lead, brand_id=brand.pk)[0].revision.content)
    assert len({path.read_bytes() for path in (shared, own, first)}) == 3


def test_the_command_names_what_is_not_there(tmp_path: Path, brand: Brand) -> None:
    with pytest.raises(CommandError, match="no such playbook"):
        call_command("export_playbook", "nothing", tmp_path / "a.zip")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_playbook", SLUG, tmp_path / "no" / "a.zip")


def test_every_fault_has_its_sentence() -> None:
    codes = set()
    for path in sorted((ROOT / "playbooks" / "domain").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = {"fault": 1, "_fault": 1, "Fault": 3}.get(called)
            if place is not None and len(node.args) > place:
                told = node.args[place]
                codes |= {told.value} if isinstance(told, ast.Constant) else set()
    assert len(codes) > 30
    assert codes - FAULTS.keys() == set()
