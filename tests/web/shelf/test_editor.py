"""The editor's pages: every place as a form, saves and their answers, rows, publishing, and who finds them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from playbooks.domain.places import value_at
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision
from tests.factories.incidents import Desk
from tests.web.shelf.conftest import SignIn

NEW = "/playbooks/own/new/"
PARTS = [
    "about",
    "first",
    "questions",
    "clocks",
    "items",
    "statements",
    "placeholders",
    "avoid",
    "approval",
    "none",
]
TITLE = "words.ar.title"


def begin(
    client: Client, slug: str = "our-outage", source: str = "service-outage", **fields: str
) -> PlaybookDraft:
    """Begin a playbook through the page and return its draft."""
    revision = PlaybookRevision.objects.filter(playbook__slug=source, playbook__brand=None).last()
    told = {"title": "Our outage", "language": "en", "slug": slug, "brand": "nour",
            "source": str(revision.pk) if revision else ""} | fields  # fmt: skip
    page = client.post(NEW, told)
    draft = PlaybookDraft.objects.get(playbook__slug=slug)
    assert (page.status_code, page["Location"]) == (302, f"/playbooks/own/{draft.playbook_id}/")
    return draft


def save(
    client: Client, draft: PlaybookDraft, path: str, typed: Any, was: Any, **fields: str
) -> Any:
    """Send one place as the page does."""
    told = {"path": path, path: typed, "was": json.dumps(was), "part": "about", "row": ""} | fields
    return client.post(
        f"/playbooks/own/{draft.playbook_id}/save/", told, headers={"HX-Request": "true"}
    )


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_part_of_a_plan_and_of_an_empty_one_shows(
    desk: Desk, signed_in: SignIn, language: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    client = signed_in("lead")
    for draft in (begin(client), begin(client, "empty", source="none")):
        for part in PARTS:
            page = client.get(f"/playbooks/own/{draft.playbook_id}/?part={part}")
            body = page.content.decode()
            assert page.status_code == 200 and "<c-" not in body and "style=" not in body
            assert f'<html lang="{language}"' in body
        assert client.get(f"/playbooks/own/{draft.playbook_id}/publish/").status_code == 200
    assert "Our outage" in client.get("/playbooks/").content.decode()


def test_a_save_is_kept_and_counted(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    was = value_at(draft.content, TITLE)
    page = save(client, draft, TITLE, "عنوان", was)
    body = page.content.decode()
    assert page.status_code == 200
    assert 'id="draft-version" value="2"' in body and "Ready to publish" in body
    assert json.dumps("عنوان").replace('"', "&quot;") in body
    empty = save(client, draft, TITLE, "", "عنوان").content.decode()
    assert "Nothing is written here yet." in empty and "1 thing to mend" in empty


def test_a_stale_save_shows_both_texts(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    was = value_at(draft.content, TITLE)
    save(client, draft, TITLE, "ما حفظه الآخر", was)
    page = save(client, draft, TITLE, "ما كتبته", was)
    body = page.content.decode()
    assert page.status_code == 409
    assert "ما حفظه الآخر" in body and "Somebody else saved this first" in body
    assert f'name="was" value="{json.dumps(was).replace(chr(34), "&quot;")}"' in body
    over = save(client, draft, TITLE, "ما كتبته", was, over=json.dumps("ما حفظه الآخر"))
    assert over.status_code == 200
    draft.refresh_from_db()
    assert value_at(draft.content, TITLE) == "ما كتبته"


@pytest.mark.parametrize(
    ("path", "typed", "was", "stands"),
    [
        ("channels", ["x", "email"], ["x", "facebook", "youtube"], ["x", "email"]),
        ("items.see-it-from-outside.required", "false", "true", False),
        ("items.see-it-from-outside.minutes.sev1", "9", "5", 9),
        ("items.see-it-from-outside.minutes.sev1", "", "5", None),
        ("items.see-it-from-outside.meets", "activation", "", "activation"),
    ],
)
def test_every_kind_of_control_is_read(
    signed_in: SignIn, path: str, typed: Any, was: Any, stands: Any
) -> None:
    client = signed_in("lead")
    draft = begin(client)
    first = value_at(draft.content, path)
    shown = (
        [*first]
        if isinstance(first, list)
        else {True: "true", False: "false", None: ""}.get(first, str(first))
    )
    page = save(client, draft, path, typed, shown, part="items", row="see-it-from-outside")
    assert page.status_code == 200, page.content.decode()
    draft.refresh_from_db()
    assert value_at(draft.content, path) == stands


@pytest.mark.parametrize(("path", "typed"), [("items.none.phase", "learn"), ("slug", "x"), ("", "x"),
                                              ("items.see-it-from-outside.minutes.sev1", "ten")])  # fmt: skip
def test_a_wrong_save_is_refused_and_changes_nothing(
    signed_in: SignIn, path: str, typed: str
) -> None:
    client = signed_in("lead")
    draft = begin(client)
    assert save(client, draft, path, typed, "").status_code == 422
    again = PlaybookDraft.objects.get()
    assert (again.content, again.version) == (draft.content, 1)


def test_it_works_without_scripts(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    told = {
        "path": TITLE,
        TITLE: "عنوان",
        "was": json.dumps(value_at(draft.content, TITLE)),
        "part": "about",
    }
    page = client.post(f"/playbooks/own/{draft.playbook_id}/save/", told, follow=True)
    assert page.redirect_chain[0][0].endswith("?part=about") and "Saved." in page.content.decode()


def press(client: Client, draft: PlaybookDraft, pressed: str, **fields: str) -> Any:
    """Press a button of the rows, as the page shows it now."""
    version = PlaybookDraft.objects.get(pk=draft.pk).version
    told = {"press": pressed, "version": str(version), "part": "items", "row": ""} | fields
    return client.post(f"/playbooks/own/{draft.playbook_id}/rows/", told)


def test_rows_are_added_moved_and_taken_out(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    keys = [row["key"] for row in draft.content["items"]]
    added = press(client, draft, f"add|items|{keys[0]}")
    assert added["Location"].endswith("?part=items&row=item-1#rows")
    moved = press(client, draft, "move|items|item-1|0")
    assert moved["Location"].endswith("#r-items-item-1")
    draft.refresh_from_db()
    assert [row["key"] for row in draft.content["items"]] == ["item-1", *keys]
    press(client, draft, "remove|items|item-1")
    draft.refresh_from_db()
    assert [row["key"] for row in draft.content["items"]] == keys


@pytest.mark.parametrize(("pressed", "fields", "said"), [
    ("", {}, "is not there any more"), ("move|items|none|1", {}, "is not there any more"),
    ("remove|items|see-it-from-outside", {"version": "9"}, "Somebody changed this draft meanwhile"),
    ("add|placeholders|", {"name": "No Good"}, "small Latin letters"),
])  # fmt: skip
def test_refused_rows_are_said(
    signed_in: SignIn, pressed: str, fields: dict[str, str], said: str
) -> None:
    client = signed_in("lead")
    draft = begin(client)
    page = press(client, draft, pressed, **fields)
    assert said in client.get(page["Location"].partition("#")[0]).content.decode()
    assert PlaybookDraft.objects.get().content == draft.content


def test_a_draft_is_published_read_and_opened_again(desk: Desk, signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    url = f"/playbooks/own/{draft.playbook_id}/"
    refused = client.post(f"{url}publish/", {"version": "1", "note": ""})
    assert refused.status_code == 422 and "Say in one line what changed" in refused.content.decode()
    done = client.post(f"{url}publish/", {"version": "1", "note": "First"}, follow=True)
    assert "Published as revision 1." in done.content.decode()
    assert done.redirect_chain[0][0] == "/playbooks/our-outage/?brand=nour"
    assert client.get(url)["Location"] == "/playbooks/our-outage/?brand=nour"
    assert client.post(url)["Location"] == url
    assert client.get(url).status_code == 200


def test_the_same_words_as_another_playbook_s_are_told_and_stop_nothing(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    url = f"/playbooks/own/{draft.playbook_id}/publish/"
    assert "Another playbook says the same" not in client.get(url).content.decode()
    other = PlaybookRevision.objects.filter(playbook__slug="data-leak").latest("number").content
    place = f"words.he.items.{draft.content['items'][0]['key']}.detail"
    detail = next(iter(other["words"]["he"]["items"]))
    theirs = other["words"]["he"]["items"][detail]["detail"]
    save(client, draft, place, theirs, value_at(draft.content, place))
    body = client.get(url).content.decode()
    assert "Another playbook says the same; write it for this case." in body
    assert f"data-leak/he.yaml items.{detail}.detail" in body
    done = client.post(url, {"version": "2", "note": "First"}, follow=True)
    assert "Published as revision 1." in done.content.decode()


def test_publishing_with_faults_names_each_with_its_way(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    path = "words.he.items.see-it-from-outside.words"
    save(client, draft, path, "", value_at(draft.content, path))
    page = client.post(
        f"/playbooks/own/{draft.playbook_id}/publish/", {"version": "2", "note": "First"}
    )
    body = page.content.decode()
    assert page.status_code == 422 and "Not published" in body and "First" in body
    assert "?part=items&amp;row=see-it-from-outside" in body
    assert not PlaybookRevision.objects.filter(playbook=draft.playbook).exists()


def test_a_draft_is_thrown_away(signed_in: SignIn) -> None:
    client = signed_in("lead")
    draft = begin(client)
    url = f"/playbooks/own/{draft.playbook_id}/discard/"
    assert client.post(url, {"version": "7"})["Location"].endswith("/publish/")
    assert client.post(url, {"version": "1"})["Location"] == "/playbooks/"
    assert not Playbook.objects.filter(slug="our-outage").exists()


@pytest.mark.parametrize(("fields", "said"), [
    ({"slug": "No Good"}, "small letters"), ({"title": "", "source": ""}, "Say in one line"),
    ({"brand": "elsewhere"}, "There is no such brand"),
])  # fmt: skip
def test_a_playbook_does_not_begin_wrongly(
    signed_in: SignIn, fields: dict[str, str], said: str
) -> None:
    told = {
        "title": "Mine",
        "language": "en",
        "slug": "mine",
        "brand": "nour",
        "source": "",
    } | fields
    page = signed_in("lead").post(NEW, told)
    assert page.status_code == 422 and said in page.content.decode()
    assert not Playbook.objects.filter(brand__isnull=False).exists()


@pytest.mark.parametrize(
    "name", ["staff", "approver", "executive", "observer", "admin", "stranger"]
)
def test_for_everybody_else_it_does_not_exist(signed_in: SignIn, name: str) -> None:
    draft = begin(signed_in("lead"))
    client, url = signed_in(name), f"/playbooks/own/{draft.playbook_id}/"
    assert [client.get(path).status_code for path in (NEW, url, f"{url}publish/")] == [404] * 3
    posts = [NEW, url, f"{url}save/", f"{url}rows/", f"{url}publish/", f"{url}discard/"]
    assert [client.post(path, {"version": "1"}).status_code for path in posts] == [404] * 6
    assert url not in client.get("/playbooks/").content.decode()
    again = PlaybookDraft.objects.get()
    assert (again.content, again.version) == (draft.content, 1)
