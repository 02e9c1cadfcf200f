"""Loading makes the shelf equal to its files, once, and keeps every word it ever said."""

from __future__ import annotations

import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction

from crisisdesk.core.errors import NotAllowed
from crisisdesk.organisation.domain.actors import SYSTEM, Actor
from crisisdesk.organisation.enums import Role
from playbooks.domain.content import UnknownSchema, parse
from playbooks.domain.loading import ShelfRefused, load_shelf
from playbooks.enums import PlaybookOrigin
from playbooks.models import Lesson, Playbook, PlaybookRevision, Source
from tests.factories.organisation import NOON, make_brand, make_member
from tests.factories.playbooks import (
    SLUG,
    common_files,
    load,
    loaded_revision,
    write_playbook,
    write_shelf,
    write_yaml,
)

pytestmark = pytest.mark.django_db


def everything() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Playbook, PlaybookRevision, Lesson, Source)
    return [list(model.objects.order_by("pk").values()) for model in models]


def retitle(files: dict[str, dict[str, Any]]) -> None:
    files["he.yaml"]["title"] = "כותרת חדשה"


def test_a_fresh_shelf_is_loaded(tmp_path: Path) -> None:
    report = load(write_shelf(tmp_path, SLUG, "second-plan"))
    assert (report.created, report.revised, report.unchanged) == ([SLUG, "second-plan"], [], [])
    assert (report.lessons, report.sources) == (1, 1)
    playbook = Playbook.objects.get(slug=SLUG)
    assert (playbook.origin, playbook.brand_id, playbook.is_published) == ("files", None, True)
    revision = playbook.revisions.get()
    assert (revision.number, revision.schema, revision.created_at) == (1, 1, NOON)
    assert Lesson.objects.get().documents == (Source.objects.get().key,)


def test_loading_again_writes_nothing(tmp_path: Path) -> None:
    load(write_shelf(tmp_path))
    before = everything()
    report = load_shelf(tmp_path, actor=SYSTEM, at=NOON + timedelta(days=1))
    assert report.unchanged == [SLUG] and not (report.created or report.revised)
    assert (report.lessons, report.sources) == (0, 0)
    assert everything() == before


def test_the_order_of_keys_is_no_change(tmp_path: Path) -> None:
    load(write_shelf(tmp_path))

    def turn(files: dict[str, dict[str, Any]]) -> None:
        files["ar.yaml"] = dict(reversed(files["ar.yaml"].items()))

    write_playbook(tmp_path, SLUG, turn)
    assert load(tmp_path).unchanged == [SLUG]


def test_only_changed_content_makes_the_next_revision(tmp_path: Path) -> None:
    load(write_shelf(tmp_path, SLUG, "second-plan"))
    old = PlaybookRevision.objects.get(playbook__slug=SLUG)
    write_playbook(tmp_path, SLUG, retitle)
    report = load_shelf(tmp_path, actor=SYSTEM, at=NOON + timedelta(days=1))
    assert (report.revised, report.unchanged) == ([SLUG], ["second-plan"])
    new = PlaybookRevision.objects.get(playbook__slug=SLUG, number=2)
    assert parse(new).title["he"] == "כותרת חדשה"
    assert new.created_at == NOON + timedelta(days=1)
    kept = PlaybookRevision.objects.get(pk=old.pk)
    assert (kept.content, kept.content_hash) == (old.content, old.content_hash)
    assert "כותרת" not in str(kept.content["words"]["he"]["title"])


def test_a_faulty_file_stops_everything(tmp_path: Path) -> None:
    load(write_shelf(tmp_path))
    before = everything()
    write_playbook(tmp_path, SLUG, retitle)
    (tmp_path / "playbooks" / SLUG / "ar.yaml").unlink()
    with pytest.raises(ShelfRefused) as refused:
        load(tmp_path)
    assert [fault.code for fault in refused.value.faults] == ["file_missing"]
    assert everything() == before


def test_a_playbook_whose_folder_is_gone_leaves_the_shelf_and_may_come_back(tmp_path: Path) -> None:
    load(write_shelf(tmp_path, SLUG, "second-plan"))
    shutil.rmtree(tmp_path / "playbooks" / "second-plan")
    assert load(tmp_path).retired == ["second-plan"]
    assert not Playbook.objects.get(slug="second-plan").is_published
    assert load(tmp_path).retired == []
    write_playbook(tmp_path, "second-plan")
    assert load(tmp_path).unchanged == [SLUG, "second-plan"]
    assert Playbook.objects.get(slug="second-plan").is_published


def test_what_was_written_at_the_desk_is_left_alone(tmp_path: Path) -> None:
    desk = Playbook.objects.create(
        slug=SLUG,
        origin=PlaybookOrigin.DESK,
        crisis_type="outage",
        scct_cluster="victim",
        created_at=NOON,
    )
    own = Playbook.objects.create(
        slug="gone",
        brand=make_brand(),
        origin=PlaybookOrigin.FILES,
        crisis_type="outage",
        scct_cluster="victim",
        created_at=NOON,
    )
    before = list(Playbook.objects.order_by("pk").values())
    assert load(write_shelf(tmp_path)).kept == [SLUG]
    assert list(Playbook.objects.order_by("pk").values()) == before
    assert not desk.revisions.exists() and not own.revisions.exists()


def test_lessons_and_sources_follow_their_files(tmp_path: Path) -> None:
    load(write_shelf(tmp_path))
    kept = Lesson.objects.get()
    data = common_files()["lessons/lessons.yaml"]
    data["lessons"][0]["words"] = {"en": "new", "ar": "جديد", "he": "חדש"}
    write_yaml(tmp_path / "lessons" / "lessons.yaml", data)
    assert load(tmp_path).lessons == 1
    kept.refresh_from_db()
    assert kept.words_in("ar") == "جديد" and "חדש" in kept.search_text
    data["lessons"][0]["key"] = "other"
    write_yaml(tmp_path / "lessons" / "lessons.yaml", data)

    def use_other(files: dict[str, dict[str, Any]]) -> None:
        files["playbook.yaml"]["lessons"] = ["other"]
        files["playbook.yaml"]["items"][1]["lesson"] = "other"

    write_playbook(tmp_path, SLUG, use_other)
    load(tmp_path)
    assert list(Lesson.objects.order_by("key").values_list("key", "is_listed")) == [
        ("answer-first", False),
        ("other", True),
    ]


def test_only_the_desk_itself_loads(tmp_path: Path) -> None:
    lead = make_member(make_brand(), Role.LEAD)
    with pytest.raises(NotAllowed):
        load_shelf(write_shelf(tmp_path), actor=Actor(lead), at=NOON)
    assert not Playbook.objects.exists()


def test_a_revision_is_frozen_in_python_and_in_the_database(tmp_path: Path) -> None:
    revision = loaded_revision(tmp_path)
    revision.note = "changed"
    with pytest.raises(TypeError):
        revision.save()
    with pytest.raises(TypeError):
        revision.delete()
    for change in (
        lambda: PlaybookRevision.objects.update(note="changed"),
        lambda: PlaybookRevision.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()
    assert PlaybookRevision.objects.get().note == ""


def test_content_of_a_newer_desk_is_refused_in_words(tmp_path: Path) -> None:
    content = loaded_revision(tmp_path).content | {"schema": 99}
    with pytest.raises(UnknownSchema, match="99"):
        parse(content)


def test_content_is_typed(tmp_path: Path) -> None:
    content = parse(loaded_revision(tmp_path))
    assert content.slug == SLUG and content.case.document == "target-ar"
    first = content.items_in("first_15_minutes")
    assert [item.required for item in first] == [True, True, True, False, False, False]
    assert first[0].meets == "acknowledgement" and first[0].minutes == {"sev1": 10, "sev2": 15}
    assert first[0].provenance.as_data() == {
        "origin": "document",
        "document": "target-ar",
        "paragraph": 1,
    }
    assert first[2].provenance.as_data() == {"origin": "ours"}
    assert first[3].provenance.public == "A page"
    acknowledgement = content.statement("acknowledgement")
    assert acknowledgement is not None
    assert acknowledgement.facts == ("fake_account", "next_update")
    assert set(acknowledgement.text) == {"en", "ar", "he"}
    assert content.placeholders["link"].autofill == "contact_link"
    assert content.clocks[1].days == {"sev1": 5, "sev2": 7}
    assert len(content.avoid["he"]) == 5 and len(content.first_facts["ar"]) == 3
    assert content.statement("none") is None and content.lane("none") is None
    assert [step.after_percent for step in content.escalation] == [125, 150]


def test_the_command_loads_and_says_what_it_did(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_playbooks", fixtures=write_shelf(tmp_path), stdout=out)
    assert f"new: {SLUG}" in out.getvalue()
    call_command("load_playbooks", fixtures=tmp_path, stdout=out)
    assert f"unchanged: {SLUG}" in out.getvalue()
    assert PlaybookRevision.objects.count() == 1


def test_the_command_writes_nothing_for_a_faulty_shelf(tmp_path: Path) -> None:
    (write_shelf(tmp_path) / "playbooks" / SLUG / "he.yaml").unlink()
    with pytest.raises(CommandError):
        call_command("load_playbooks", fixtures=tmp_path, stderr=StringIO())
    assert not Playbook.objects.exists() and not Lesson.objects.exists()
