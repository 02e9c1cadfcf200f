"""What is pasted when an incident opens: the words become its title, the link goes where it belongs."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.domain.sightings import take_apart
from crisisdesk.incidents.models import Evidence
from tests.factories.incidents import Desk, make_incident

POST = "https://x.com/NourHelp/status/1"


@pytest.mark.parametrize(
    ("seen", "title", "links"),
    [
        (f"@NourHelp answers our customers {POST}", "@NourHelp answers our customers", (POST,)),
        (f"حساب مزيف يرد على عملائنا: {POST}،", "حساب مزيف يرد على عملائنا", (POST,)),
        (f"חשבון מזויף ({POST})", "חשבון מזויף", (POST,)),
        (POST, "@NourHelp, x.com", (POST,)),
        ("https://www.tiktok.com/@nour.help/video/7", "@nour.help, tiktok.com", None),
        ("https://instagram.com/p/abc/", "instagram.com", None),
        ("Two: https://a.test/1 https://a.test/1/2", "Two", ("https://a.test/1", "https://a.test/1/2")),
        (f"See {POST} and https://a.test/1", "@NourHelp, x.com", (POST, "https://a.test/1")),
        (f"انظروا {POST} وhttps://a.test/1", "@NourHelp, x.com", (POST, "https://a.test/1")),
        (f"ראו {POST} ו-https://a.test/1 כאן", "@NourHelp, x.com", (POST, "https://a.test/1")),
        (f"See {POST} and https://a.test/1: two fakes", "See two fakes", None),
        ("  Only\n words,  kept.  ", "Only words, kept.", ()),
        ("   ", "", ()),
    ],
)  # fmt: skip
def test_words_and_links_are_taken_apart(
    seen: str, title: str, links: tuple[str, ...] | None
) -> None:
    found = take_apart(seen)
    assert found.title == title
    assert links is None or found.links == links


def test_the_first_link_is_the_thread_and_others_are_evidence(desk: Desk) -> None:
    other = "https://news.test/story"
    incident = make_incident(desk, seen=f"A lamp burned {POST} and {other}")
    assert (incident.title, incident.origin_url) == ("A lamp burned", POST)
    assert list(Evidence.objects.values_list("incident", "url")) == [(incident.pk, other)]
    assert list(incident.events.order_by("number").values_list("kind", flat=True)) == [
        "declared",
        "evidence_added",
    ]


def test_a_thread_that_is_given_wins_and_the_pasted_link_is_kept(desk: Desk) -> None:
    incident = make_incident(desk, seen=POST, origin_url="https://x.com/first/status/9")
    assert (incident.title, incident.origin_url) == (
        "@NourHelp, x.com",
        "https://x.com/first/status/9",
    )
    assert Evidence.objects.get().url == POST
