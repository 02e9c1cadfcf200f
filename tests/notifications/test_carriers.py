"""What each carrier asks of its service, and what each answer means; the services are stubs on loopback."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Carrier, Refused, Unreachable
from crisisdesk.notifications.transports.mattermost import Mattermost
from crisisdesk.notifications.transports.slack import Slack
from crisisdesk.notifications.transports.sms import Sms
from crisisdesk.notifications.transports.teams import Teams
from crisisdesk.notifications.transports.telegram import Telegram
from crisisdesk.notifications.transports.whatsapp import WhatsApp
from tests.notifications.far_side import DROPPED, Asked, FarSide, Reply, far_side, parcel

LINK = "http://testserver/incidents/CD-2026-0042/"
RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"


@pytest.fixture
def side(settings: Settings) -> Iterator[FarSide]:
    """The services, all at one address, and a desk that has them set up."""
    with far_side() as found:
        settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
        settings.SLACK_URL = settings.TELEGRAM_URL = settings.MATTERMOST_URL = found.url
        settings.WHATSAPP_URL = settings.SMS_URL = found.url
        settings.SLACK_BOT_TOKEN, settings.TELEGRAM_BOT_TOKEN = "xoxb-secret", "123:secret"
        settings.MATTERMOST_TOKEN = settings.WHATSAPP_TOKEN = settings.SMS_TOKEN = "secret"
        settings.WHATSAPP_PHONE_NUMBER_ID, settings.WHATSAPP_TEMPLATE = "10600", ""
        settings.SMS_ACCOUNT, settings.SMS_FROM = "AC7", "+15550100"
        yield found


@dataclass
class Way:
    """One transport: its carrier, an address it takes, and its good answer."""

    carrier: Callable[[], Carrier]
    value: Callable[[FarSide], str]
    good: Callable[[Asked], Reply]
    ours: bool = True


def mattermost(asked: Asked) -> Reply:
    """The three questions of a direct message."""
    known = {"/api/v4/users/me": "bot1", "/api/v4/channels/direct": "chan1"}
    return 200 if asked.method == "GET" else 201, {"id": known.get(asked.path, "post1")}, {}


def always(body: Any, status: int = 200) -> Callable[[Asked], Reply]:
    """One answer to everything."""
    return lambda asked: (status, body, {})


WAYS = {
    "slack": Way(Slack, lambda side: "U07", always({"ok": True, "ts": "1.2"})),
    "teams": Way(Teams, lambda side: f"{side.url}/workflows/7?sig=s", always(b"", 202), ours=False),
    "mattermost": Way(Mattermost, lambda side: "person1", mattermost),
    "telegram": Way(Telegram, lambda side: "7007", always({"ok": True, "result": {}})),
    "whatsapp": Way(WhatsApp, lambda side: "+971500000007", always({"messages": [{"id": "w"}]})),
    "sms": Way(Sms, lambda side: "+971500000007", always({"sid": "SM1"}, 201)),
}


@pytest.fixture(params=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    """Each transport in turn."""
    return WAYS[request.param]


def sent(way: str, side: FarSide, **fields: Any) -> Asked:
    """Send one parcel well and return the last question."""
    side.reply = WAYS[way].good
    answer = WAYS[way].carrier().send(parcel(WAYS[way].value(side), **fields))
    assert answer.startswith("20")
    return side.asked[-1]


def refused(way: Way, side: FarSide) -> Refused:
    """Send one parcel that is not taken."""
    with pytest.raises(Refused) as caught:
        way.carrier().send(parcel(way.value(side)))
    return caught.value


# --- what is asked ---


def test_slack_is_asked_for_a_direct_message(side: FarSide) -> None:
    asked = sent("slack", side)
    assert (asked.method, asked.path) == ("POST", "/chat.postMessage")
    assert asked.headers["authorization"] == "Bearer xoxb-secret"
    assert asked.headers["content-type"] == "application/json; charset=utf-8"
    body = asked.json()
    assert (body["channel"], body["unfurl_links"]) == ("U07", False)
    assert body["text"] == "CD-2026-0042 · SEV2 · Holding statement due"
    kinds = [block["type"] for block in body["blocks"]]
    assert kinds == ["header", "section", "section", "actions", "context"]
    # What the public wrote is plain text: it calls nobody and is no link.
    assert body["blocks"][1]["text"]["type"] == "plain_text"
    assert "<@NourHelp> *really*" in body["blocks"][1]["text"]["text"]
    button = body["blocks"][3]["elements"][0]
    assert (button["url"], button["text"]["text"]) == (LINK, "Open the statement")
    assert body["client_msg_id"] == sent("slack", side, attempt=2).json()["client_msg_id"]
    assert body["client_msg_id"] != sent("slack", side, key="n-18").json()["client_msg_id"]
    assert UUID(body["client_msg_id"])


def test_a_title_calls_nobody_in_slack(side: FarSide) -> None:
    news = parcel().rendered
    loud = type(news)("<!channel> & co", "h", (), "Open", "/x/")
    assert sent("slack", side, rendered=loud).json()["text"] == "&lt;!channel&gt; &amp; co"


def test_teams_is_sent_an_adaptive_card(side: FarSide) -> None:
    asked = sent("teams", side, language="he")
    assert (asked.method, asked.path) == ("POST", "/workflows/7?sig=s")
    (attached,) = asked.json()["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"], card["rtl"]) == ("AdaptiveCard", "1.5", True)
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert card["actions"] == [{"type": "Action.OpenUrl", "title": "להודעה", "url": LINK}]
    assert sent("teams", side).json()["attachments"][0]["content"]["rtl"] is False


def test_mattermost_is_asked_for_a_direct_channel_and_a_post(side: FarSide) -> None:
    asked = sent("mattermost", side)
    paths = [question.path for question in side.asked]
    assert paths == ["/api/v4/users/me", "/api/v4/channels/direct", "/api/v4/posts"]
    assert {question.headers["authorization"] for question in side.asked} == {"Bearer secret"}
    assert side.asked[1].json() == ["bot1", "person1"]
    post = asked.json()
    assert post["channel_id"] == "chan1"
    assert post["pending_post_id"].startswith("bot1:")
    assert r"\<@NourHelp\> \*really\* ours? \[link\]\(https://" in post["message"]
    assert post["message"].endswith(f"[Open the statement]({LINK})")


def test_mattermost_asks_once_who_it_is(side: FarSide) -> None:
    side.reply = mattermost
    carrier = Mattermost()
    carrier.send(parcel("person1"))
    carrier.send(parcel("person1"))
    assert [question.path for question in side.asked].count("/api/v4/users/me") == 1


def test_telegram_is_sent_plain_text(side: FarSide) -> None:
    asked = sent("telegram", side)
    assert asked.path == "/bot123:secret/sendMessage"
    body = asked.json()
    assert body["chat_id"] == "7007"
    assert "parse_mode" not in body
    assert body["link_preview_options"] == {"is_disabled": True}
    assert body["text"].startswith("CD-2026-0042 · SEV2") and body["text"].endswith(f"\n{LINK}")


def test_whatsapp_is_sent_text_or_a_template(side: FarSide, settings: Settings) -> None:
    asked = sent("whatsapp", side)
    assert asked.path == "/10600/messages"
    assert asked.headers["authorization"] == "Bearer secret"
    body = asked.json()
    assert (body["messaging_product"], body["to"], body["type"]) == (
        "whatsapp",
        "971500000007",
        "text",
    )
    assert body["text"]["body"].endswith(LINK) and body["text"]["preview_url"] is False
    settings.WHATSAPP_TEMPLATE = "desk_news"
    template = sent("whatsapp", side, language="ar").json()["template"]
    assert (template["name"], template["language"]) == ("desk_news", {"code": "ar"})
    places = [place["text"] for place in template["components"][0]["parameters"]]
    assert len(places) == 3 and places[2] == LINK
    assert not any("\n" in place for place in places)


def test_a_text_message_is_a_form(side: FarSide, settings: Settings) -> None:
    asked = sent("sms", side)
    assert asked.path == "/Accounts/AC7/Messages.json"
    pair = base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
    assert pair == "AC7:secret"
    form = asked.form()
    assert (form["To"], form["From"]) == ("+971500000007", "+15550100")
    assert form["Body"].splitlines() == [
        "CD-2026-0042 · SEV2 · Holding statement due",
        "Due 15:30 (Asia/Dubai)",
        LINK,
    ]
    assert UUID(asked.headers["idempotency-key"])
    settings.SMS_FROM = "MG77"
    assert sent("sms", side).form()["MessagingServiceSid"] == "MG77"


@pytest.mark.parametrize("language", ["ar", "he"])
def test_right_to_left_words_begin_with_a_mark_and_hold_handles_together(
    side: FarSide, language: str
) -> None:
    text = sent("telegram", side, language=language).json()["text"]
    *lines, link = text.splitlines()
    assert all(line.startswith(RLM) for line in lines) and link == LINK
    assert f"{LRI}@NourHelp{PDI}" in text and f"{LRI}CD-2026-0042{PDI}" in text


def test_words_of_somebody_else_keep_their_own_direction(side: FarSide) -> None:
    assert "\u2067من أنتم؟\u2069" in sent("telegram", side).json()["text"]


@pytest.mark.parametrize("name", ["slack", "telegram", "whatsapp", "sms"])
def test_long_news_is_cut_and_keeps_its_link(side: FarSide, name: str) -> None:
    news = parcel().rendered
    long = type(news)("S" * 400, "S", ("w" * 9000,), "Open", "/incidents/x/")
    body = sent(name, side, rendered=long).body.decode()
    assert len(body) < 8000 and "incidents%2Fx" in body.replace("/", "%2F")


# --- what the answers mean ---


def test_what_is_busy_or_broken_is_tried_again(way: Way, side: FarSide) -> None:
    for status in (408, 429, 500, 502, 503):
        side.answer(status, {"error": {"code": 0}}, Retry_After="90")
        found = refused(way, side)
        assert (found.again, found.gone, found.after) == (True, False, timedelta(seconds=90))
        assert found.answer.startswith(str(status))


def test_what_they_forbid_is_final_and_said(way: Way, side: FarSide) -> None:
    for status in (401, 403):
        side.answer(status, {"message": "token expired"})
        found = refused(way, side)
        assert (found.again, found.gone) == (False, False)
        assert "token expired" in found.answer


def test_nobody_is_followed_elsewhere(way: Way, side: FarSide) -> None:
    side.answer(302, b"", Location=f"{side.url}/sign-in")
    found = refused(way, side)
    assert (found.again, found.gone, len(side.asked)) == (False, False, 1)


def test_an_answer_that_never_comes_costs_an_attempt(
    way: Way, side: FarSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "PATIENCE", 0.2)
    side.silence()
    assert refused(way, side).again
    side.reply = lambda asked: DROPPED
    assert refused(way, side).again


def test_nobody_there_costs_no_attempt_where_the_address_is_the_desks(
    way: Way, side: FarSide, settings: Settings
) -> None:
    nowhere = "http://127.0.0.1:1"
    settings.SLACK_URL = settings.TELEGRAM_URL = settings.MATTERMOST_URL = nowhere
    settings.WHATSAPP_URL = settings.SMS_URL = nowhere
    with pytest.raises(Unreachable if way.ours else Refused) as caught:
        way.carrier().send(parcel("U07" if way.ours else f"{nowhere}/workflows/7?sig=hidden"))
    assert "secret" not in str(caught.value) and "hidden" not in str(caught.value)


def test_a_private_address_is_refused_for_good_and_not_repeated(
    way: Way, side: FarSide, settings: Settings
) -> None:
    settings.OUTBOUND_PRIVATE_HOSTS = []
    found = refused(way, side)
    assert (found.answer, found.again) == ("private_address", False)
    assert side.asked == []


@pytest.mark.parametrize(
    ("error", "again", "gone"),
    [
        ("user_not_found", False, True), ("channel_not_found", False, True), ("user_disabled", False, True),
        ("ratelimited", True, False), ("internal_error", True, False),
        ("invalid_auth", False, False), ("missing_scope", False, False),
    ],
)  # fmt: skip
def test_slack_says_in_words_what_is_wrong(
    side: FarSide, error: str, again: bool, gone: bool
) -> None:
    side.answer(200, {"ok": False, "error": error})
    found = refused(WAYS["slack"], side)
    assert (found.again, found.gone) == (again, gone)
    assert error in found.answer


@pytest.mark.parametrize("status", [404, 410])
def test_a_workflow_that_is_not_there_any_more_is_gone(side: FarSide, status: int) -> None:
    side.answer(status, {"error": {"code": "WorkflowNotFound"}})
    assert refused(WAYS["teams"], side).gone


def test_telegram_says_how_long_to_wait_and_who_blocked_it(side: FarSide) -> None:
    words = {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 12}}
    side.answer(429, words)
    assert refused(WAYS["telegram"], side).after == timedelta(seconds=12)
    side.answer(403, {"ok": False, "description": "Forbidden: bot was blocked by the user"})
    assert refused(WAYS["telegram"], side).gone
    side.answer(404, {"ok": False, "description": "Not Found"})
    found = refused(WAYS["telegram"], side)
    assert (found.gone, found.again) == (False, False)


def test_mattermost_knows_no_such_person(side: FarSide) -> None:
    def nobody(asked: Asked) -> Reply:
        if asked.path.endswith("/direct"):
            return 404, {"message": "no such user"}, {}
        return mattermost(asked)

    side.reply = nobody
    assert refused(WAYS["mattermost"], side).gone


def test_whatsapp_and_sms_say_it_by_number(side: FarSide) -> None:
    side.answer(400, {"error": {"code": 131056, "message": "pair rate limit"}})
    assert refused(WAYS["whatsapp"], side).again
    side.answer(400, {"error": {"code": 131047, "message": "re-engagement"}})
    assert not refused(WAYS["whatsapp"], side).again
    side.answer(400, {"code": 21610, "message": "unsubscribed"})
    assert refused(WAYS["sms"], side).gone
    side.answer(400, {"code": 21606, "message": "from is not a number"})
    found = refused(WAYS["sms"], side)
    assert (found.gone, found.again) == (False, False)


def test_a_date_to_wait_for_is_read(side: FarSide) -> None:
    side.answer(429, b"", Retry_After="Sun, 22 Nov 2026 12:02:00 GMT")
    assert refused(WAYS["sms"], side).after == timedelta(minutes=2)
    side.answer(429, b"", Retry_After="Sun, 22 Nov 2026 23:00:00 GMT")
    assert refused(WAYS["sms"], side).after == timedelta(hours=1)
    side.answer(429, b"", Retry_After="soon")
    assert refused(WAYS["sms"], side).after is None


# --- what is set up, and what is typed ---


def test_what_is_not_set_is_not_set_up(settings: Settings) -> None:
    assert (Slack().missing(), Slack().is_set_up()) == (["SLACK_BOT_TOKEN"], False)
    assert Sms().missing() == ["SMS_ACCOUNT", "SMS_TOKEN", "SMS_FROM"]
    assert Teams().is_set_up()
    settings.SLACK_BOT_TOKEN = "xoxb"
    assert Slack().is_set_up()
    with pytest.raises(Refused, match="TELEGRAM_BOT_TOKEN is not set"):
        Telegram().send(parcel("7"))


def test_every_way_out_is_entered_and_says_what_it_needs() -> None:
    for name in (*WAYS, "service"):
        carrier = CARRIERS[Transport(name)]
        assert str(carrier.needs) and carrier.entry is not None


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("slack", " u012ab3cd ", "U012AB3CD"),
        ("mattermost", "4XP9fdt77pncbef59f4k1qe83o", "4xp9fdt77pncbef59f4k1qe83o"),
        ("telegram", "٠٠٧٠٠٧", "7007"),
        ("whatsapp", "00971 (50) 000-0007", "+971500000007"),
        ("sms", "\u202d+٩٧١ ٥٠ ٠٠٠ ٠٠٠٧", "+971500000007"),
        ("teams", "https://x.logic.azure.com/workflows/7?sig=a", "https://x.logic.azure.com/workflows/7?sig=a"),
    ],
)  # fmt: skip
def test_what_is_typed_is_kept_in_one_form(name: str, typed: str, kept: str) -> None:
    assert CARRIERS[Transport(name)].clean(typed) == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("slack", "@sara"), ("slack", "C012AB3CD"), ("mattermost", "sara"), ("telegram", "@sara"), ("whatsapp", "0500"),
        ("sms", "+0500000007"), ("sms", "+97150000000712345"), ("teams", "http://x.logic.azure.com/workflows/7"),
        ("teams", "https://sara@evil/x"), ("teams", "ftp://x/y"), ("teams", ""),
    ],
)  # fmt: skip
def test_another_form_is_refused_at_its_field(name: str, typed: str) -> None:
    with pytest.raises(Invalid) as caught:
        CARRIERS[Transport(name)].clean(typed)
    assert (caught.value.code, caught.value.field) == ("address_form", "value")
