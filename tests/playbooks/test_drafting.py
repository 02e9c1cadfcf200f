"""A draft changes place by place, loses nothing, and becomes a revision only without faults."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role, TokenScope
from crisisdesk.organisation.models import Brand, User
from playbooks.domain import drafting, places, publishing, rows
from playbooks.domain.archive import pack
from playbooks.domain.blank import blank_content
from playbooks.domain.content import parse
from playbooks.domain.desk_checks import check_content
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision
from playbooks.queries.drafts import drafts_open_to
from playbooks.queries.shelf import published
from tests.factories.organisation import NOON, make_brand, make_member, make_user, web
from tests.factories.playbooks import SLUG
from tests.playbooks.archives import small_content
from tests.playbooks.drafts import TITLE, begin, change, everything, publish, put

pytestmark = pytest.mark.django_db


def test_a_copy_is_a_draft_that_nobody_opens_from(
    draft: PlaybookDraft, lead: User, brand: Brand
) -> None:
    assert draft.content == {**small_content("fake-help-desk"), "slug": "ours"} | {
        "words": draft.content["words"]
    }
    assert draft.content["words"]["en"]["title"] == "Ours"
    assert [row.playbook.slug for row in published(lead, brand_id=brand.pk)] == [SLUG]
    assert list(drafts_open_to(lead)) == [draft]


def test_an_empty_plan_has_its_bones_and_only_words_missing(brand: Brand, lead: User) -> None:
    draft = begin(brand, lead, title="خطة", language="ar")
    assert draft.content["words"]["ar"]["title"] == "خطة"
    codes = {
        fault.code
        for fault in check_content(draft.content, brand_id=brand.pk)
        if not fault.is_warning
    }
    assert codes == {"empty_text", "first_facts_count"}
    parse(draft.content)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"slug": "No Good"}, "key_invalid"),
        ({"slug": "x" * 81}, "key_invalid"),
        ({"slug": ""}, "key_invalid"),
        ({"title": " "}, "title_missing"),
        ({"language": "fr"}, "language_unknown"),
    ],
)
def test_a_playbook_does_not_begin_wrongly(
    brand: Brand, lead: User, asked: dict[str, Any], code: str
) -> None:
    before = everything()
    with pytest.raises(Invalid, match=code):
        begin(brand, lead, **asked)
    assert everything() == before


def test_a_slug_is_taken_once_per_brand(draft: PlaybookDraft, brand: Brand, lead: User) -> None:
    with pytest.raises(Invalid, match="key_taken"):
        begin(brand, lead)


def test_an_unseen_revision_cannot_be_copied(brand: Brand, lead: User) -> None:
    other = make_brand("other")
    theirs = begin(
        other,
        make_member(other, Role.LEAD, "their-lead"),
        from_revision=PlaybookRevision.objects.get().pk,
    )
    made = publish(theirs, User.objects.get(email="their-lead@desk.test"))
    with pytest.raises(NotVisible):
        begin(brand, lead, from_revision=made.pk)


def test_a_place_keeps_what_is_typed(draft: PlaybookDraft, lead: User) -> None:
    was = draft.content["words"]["ar"]["title"]
    saved = put(draft, lead, TITLE, "  عنوان   جديد\r\n", was, at=NOON + timedelta(minutes=1))
    assert saved.content["words"]["ar"]["title"] == "عنوان جديد"
    assert (saved.version, saved.updated_by, saved.updated_at) == (
        2,
        lead,
        NOON + timedelta(minutes=1),
    )


def test_two_people_write_at_two_places_at_once(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    second = make_member(brand, Role.LEAD, "second")
    words = draft.content["words"]
    put(draft, lead, TITLE, "واحد", words["ar"]["title"])
    put(draft, second, "words.he.title", "שניים", words["he"]["title"])
    draft.refresh_from_db()
    assert (draft.content["words"]["ar"]["title"], draft.content["words"]["he"]["title"]) == (
        "واحد",
        "שניים",
    )


def test_a_stale_save_shows_both_texts_and_writes_nothing(
    draft: PlaybookDraft, brand: Brand, lead: User
) -> None:
    second = make_member(brand, Role.LEAD, "second")
    was = draft.content["words"]["ar"]["title"]
    put(draft, lead, TITLE, "واحد", was)
    before = everything()
    with pytest.raises(Stale) as refused:
        put(draft, second, TITLE, "اثنان", was)
    both = refused.value.current
    assert (both.typed, both.stands, both.who, both.path) == ("اثنان", "واحد", lead, TITLE)
    assert everything() == before
    assert put(draft, second, TITLE, "اثنان", "واحد").content["words"]["ar"]["title"] == "اثنان"


def test_saving_the_same_again_is_no_change(draft: PlaybookDraft, lead: User) -> None:
    put(draft, lead, TITLE, "واحد", draft.content["words"]["ar"]["title"])
    before = everything()
    put(draft, lead, TITLE, "واحد", "something long gone")
    assert everything() == before


@pytest.mark.parametrize(
    ("path", "value", "was", "stands"),
    [
        ("items.item-0.phase", "learn", "first_15_minutes", "learn"),
        ("items.item-0.minutes.sev1", 7, 10, 7),
        ("items.item-0.minutes.sev1", None, 10, None),
        ("items.item-0.when.severity", ["sev1"], [], ["sev1"]),
        ("items.item-0.after", ["item-1"], [], ["item-1"]),
        ("items.item-0.from", {"item": "item-1"}, "", {"item": "item-1"}),
        ("items.item-0.repeat.minutes.sev1", 30, None, 30),
        ("statements.holding.channels", ["x"], ["facebook", "x"], ["x"]),
        ("statements.holding.when.answers.people_harmed", True, None, True),
        ("placeholders.link.autofill", "", "contact_link", None),
        ("words.he.avoid.2.because", "כי", "מילים על because 2, fake-help-desk", "כי"),
        ("words.en.first_facts.0", "Who?", "words of question 0, fake-help-desk", "Who?"),
        ("lanes.normal.approvals.sev1", 2, 1, 2),
        ("escalation.0.after_percent", 130, 125, 130),
    ],
)
def test_every_kind_of_place_is_set(
    draft: PlaybookDraft, lead: User, path: str, value: Any, was: Any, stands: Any
) -> None:
    saved = put(draft, lead, path, value, was)
    saved.refresh_from_db()
    assert places.value_at(saved.content, path) == stands


def test_what_is_emptied_leaves_nothing_behind(draft: PlaybookDraft, lead: User) -> None:
    put(draft, lead, "items.item-0.when.severity", ["sev1"], [])
    saved = put(draft, lead, "items.item-0.when.severity", [], ["sev1"])
    assert "when" not in saved.content["items"][0]


def test_another_origin_drops_the_old_source(draft: PlaybookDraft, lead: User) -> None:
    saved = put(draft, lead, "items.item-0.origin", "ours", "document")
    assert "source" not in saved.content["items"][0]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("items.nothing.phase", "learn", "no_such_place"),
        ("slug", "other", "no_such_place"),
        ("schema", 9, "no_such_place"),
        ("items.item-0.key", "x", "no_such_place"),
        ("words.fr.title", "x", "no_such_place"),
        ("words.en.avoid.99.words", "x", "no_such_place"),
        ("items.item-0.minutes.sev9", 5, "no_such_place"),
        ("", "x", "no_such_place"),
        ("items.item-0.minutes.sev1", "ten", "wrong_kind_of_value"),
        ("items.item-0.after", "item-1", "wrong_kind_of_value"),
        ("words.en.title", ["x"], "wrong_kind_of_value"),
        ("words.en.trap", "x" * 5001, "text_too_long"),
    ],
)
def test_a_place_that_is_none_is_refused(
    draft: PlaybookDraft, lead: User, path: str, value: Any, code: str
) -> None:
    before = everything()
    with pytest.raises(Invalid, match=code):
        put(draft, lead, path, value, places.value_at(draft.content, path) if path else None)
    assert everything() == before


def test_rows_come_with_their_words_and_go_with_them(draft: PlaybookDraft, lead: User) -> None:
    grown, key = change(draft, lead, "add", "items", after="item-6")
    assert [row["key"] for row in grown.content["items"]][7] == key
    assert grown.content["items"][7]["phase"] == "first_hour"
    assert all(
        grown.content["words"][code]["items"][key] == {"words": "", "detail": ""}
        for code in ("en", "ar", "he")
    )
    shrunk, _ = change(grown, lead, "remove", "items", name=key)
    assert shrunk.content == draft.content


@pytest.mark.parametrize("to", [0, 3, 99, -5])
def test_rows_move_and_stop_at_the_ends(draft: PlaybookDraft, lead: User, to: int) -> None:
    moved, _ = change(draft, lead, "move", "items", name="item-2", to=to)
    keys = [row["key"] for row in moved.content["items"]]
    assert keys.index("item-2") == max(0, min(to, 19)) and len(keys) == 20
    assert sorted(keys) == sorted(row["key"] for row in draft.content["items"])


@pytest.mark.parametrize(
    "part",
    ["words.ar.avoid", "words.he.first_facts", "escalation", "clocks", "statements", "lanes"],
)
def test_every_list_grows_and_shrinks(draft: PlaybookDraft, lead: User, part: str) -> None:
    grown, name = change(draft, lead, "add", part)
    assert (
        len(places.value_at(grown.content, part)) == len(places.value_at(draft.content, part)) + 1
    )
    shrunk, _ = change(grown, lead, "remove", part, name=name)
    assert shrunk.content == draft.content


def test_gaps_and_questions_are_named_by_their_writer(draft: PlaybookDraft, lead: User) -> None:
    grown, name = change(draft, lead, "add", "placeholders", name="cause")
    assert name == "cause" and grown.content["placeholders"]["cause"] == {"kind": "phrase"}
    for wrong, code in (
        ("cause", "key_taken"),
        ("No", "name_invalid"),
        ("a-b", "name_invalid"),
        ("", "name_invalid"),
    ):
        with pytest.raises(Invalid, match=code):
            change(grown, lead, "add", "placeholders", name=wrong)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"change": "remove", "part": "items", "name": "none"}, "no_such_place"),
        ({"change": "move", "part": "words.ar.avoid", "name": "77"}, "no_such_place"),
        ({"change": "add", "part": "words.xx.avoid"}, "no_such_place"),
        ({"change": "add", "part": "nothing"}, "no_such_place"),
        ({"change": "burn", "part": "items"}, "no_such_place"),
        ({"change": "remove", "part": "placeholders", "name": "none"}, "no_such_place"),
    ],
)
def test_rows_that_are_not_there_are_refused(
    draft: PlaybookDraft, lead: User, asked: dict[str, Any], code: str
) -> None:
    before = everything()
    with pytest.raises(Invalid, match=code):
        change(draft, lead, asked.pop("change"), asked.pop("part"), **asked)
    assert everything() == before


def test_the_shape_is_changed_by_who_has_seen_it(draft: PlaybookDraft, lead: User) -> None:
    change(draft, lead, "add", "items")
    before = everything()
    with pytest.raises(Stale, match="draft_changed"):
        change(draft, lead, "remove", "items", name="item-0", version=1)
    assert everything() == before


def test_a_list_does_not_grow_without_end(draft: PlaybookDraft) -> None:
    draft.content["words"]["en"]["first_facts"] = ["x"] * 200
    with pytest.raises(Invalid, match="rows_too_many"):
        rows.add_row(draft.content, "words.en.first_facts")


COMMANDS: dict[str, Any] = {
    "start": lambda draft, who: begin(draft.playbook.brand, who, "another"),
    "open": lambda draft, who: drafting.open_draft(
        playbook_id=draft.playbook_id, actor=web(who), at=NOON
    ),
    "save": lambda draft, who: put(draft, who, TITLE, "x", draft.content["words"]["ar"]["title"]),
    "rows": lambda draft, who: change(draft, who, "add", "items"),
    "publish": lambda draft, who: publish(draft, who),
    "discard": lambda draft, who: drafting.discard_draft(
        playbook_id=draft.playbook_id, version=1, actor=web(who), at=NOON
    ),
    "restore": lambda draft, who: publishing.restore_revision(
        playbook_id=draft.playbook_id, number=1, note="x", actor=web(who), at=NOON
    ),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_only_the_brands_leads_write(draft: PlaybookDraft, brand: Brand, command: str) -> None:
    for role in Role.values:
        if role == Role.LEAD:
            continue
        before = everything()
        with pytest.raises(NotAllowed):
            COMMANDS[command](draft, make_member(brand, role, f"only-{role}"))
        assert everything() == before
    for stranger in (
        make_user("nobody"),
        make_member(make_brand("other"), Role.LEAD, "other-lead"),
    ):
        with pytest.raises(NotVisible):
            COMMANDS[command](draft, stranger)


def test_the_shared_playbook_is_not_edited_from_a_page(brand: Brand, lead: User) -> None:
    shared = Playbook.objects.get(brand=None)
    with pytest.raises(NotAllowed, match="shared_playbook"):
        drafting.open_draft(playbook_id=shared.pk, actor=web(lead), at=NOON)


def test_a_read_token_writes_nothing(draft: PlaybookDraft, lead: User) -> None:
    actor = Actor(lead, "api", scope=TokenScope.READ)
    with pytest.raises(NotAllowed, match="read_only_token"):
        drafting.open_draft(playbook_id=draft.playbook_id, actor=actor, at=NOON)


def test_every_row_of_an_empty_plan_can_be_packed() -> None:
    assert pack(blank_content("empty"))
