"""Browser news in a real Chromium: asked, shown while no tab is open, turned off.

No push service can be had without the internet, so PushManager alone is stood in for: what it would have given the
desk is made here, the desk sends to a service on loopback, and what came there is decrypted as the browser would and
given to the worker by Chromium's own means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect
from pytest_django import Settings

from crisisdesk.core import clock
from crisisdesk.incidents.domain import roles
from crisisdesk.incidents.models import Incident
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.domain.outbox import enqueue_many
from crisisdesk.notifications.models import Address, Notification
from tests.factories.incidents import Desk, make_incident
from tests.factories.notifications import message
from tests.factories.receivers import Browser as Keys
from tests.factories.receivers import Receiver, receiving
from tests.journeys.conftest import Window, no_barriers

PAGE = "/settings/transports/"
# What Chromium cannot do without Google: everything else is its own.
STAND_IN = """
  let given = null;
  const told = TOLD;
  PushManager.prototype.getSubscription = async () => given;
  PushManager.prototype.subscribe = async (asked) => {
    if (!asked.userVisibleOnly || !asked.applicationServerKey) throw new Error('not asked rightly');
    sessionStorage.given = 'yes';
    given = made;
    return given;
  };
  const made = {
    endpoint: told.endpoint,
    toJSON: () => ({endpoint: told.endpoint, keys: {p256dh: told.p256dh, auth: told.auth}}),
    unsubscribe: async () => { given = null; delete sessionStorage.given; return true; },
  };
  if (sessionStorage.given) given = made;
"""

# Only a finger on a notification lets a worker show a window, and no test has one: these two write down what they were
# asked for. The notification, the listener and the windows it finds are the browser's own.
CLICK = """async (tag) => {
  const did = [];
  WindowClient.prototype.focus = async function () { did.push(['focus', this.url]); return this; };
  Clients.prototype.openWindow = async (url) => { did.push(['open', url]); };
  const shown = await registration.getNotifications({tag});
  const event = new NotificationEvent('notificationclick', {notification: shown[0]});
  let done = null;
  event.waitUntil = (work) => { done = work; };
  dispatchEvent(event);
  await done;
  return did;
}"""


@pytest.fixture
def service(settings: Settings) -> Iterator[Receiver]:
    """A push service on loopback that whoever runs the desk has named."""
    settings.OUTBOUND_PRIVATE_HOSTS = settings.PUSH_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        made.reply = lambda post: (201, b"", {})
        yield made


def state(page: Page) -> Any:
    """The one state that is shown."""
    return page.locator("[data-push] p[data-push-state]:visible")


def shown(page: Page) -> list[dict[str, Any]]:
    """What stands on the device's screen."""
    return page.evaluate(
        """async () => (await (await navigator.serviceWorker.getRegistration('/')).getNotifications()).map((one) =>
        ({title: one.title, body: one.body, dir: one.dir, lang: one.lang, tag: one.tag, path: one.data.path}))"""
    )


def deliver(page: Page, news: dict[str, Any]) -> None:
    """Give the worker what the browser has decrypted, by Chromium's own means."""
    line = page.context.new_cdp_session(page)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    assert found, "Chromium knows no worker"
    origin = page.evaluate("location.origin")
    line.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": origin,
            "registrationId": found[0],
            "data": json.dumps(news, ensure_ascii=False),
        },
    )
    page.wait_for_timeout(500)


def tell(incident: Incident, person: Any) -> None:
    """Tell this person of the incident as an event does, and deliver it."""
    like = Notification.objects.filter(recipient=person, transport="inbox")[0]
    number = Notification.objects.count()
    news = message(
        person,
        number,
        topic="incident",
        topic_id=incident.pk,
        kind=like.kind,
        data=like.data,
        urgent=True,
    )
    at = clock.now()
    with transaction.atomic():
        enqueue_many([news], at=at)
    delivery.deliver_all(clock=clock.now)


@pytest.mark.parametrize("width", [1280, 390])
def test_news_comes_while_the_desk_is_closed(
    desk: Desk, window: Window, service: Receiver, mailoutbox: list[Any], width: int
) -> None:
    incident, keys = make_incident(desk, at=clock.now()), Keys()
    page = window(desk.approver, language="ar", width=width, permissions=["notifications"])
    told = {"endpoint": f"{service.url}/abc", "p256dh": keys.p256dh, "auth": keys.auth}
    page.add_init_script(STAND_IN.replace("TOLD", json.dumps(told)))
    page.goto(PAGE)
    expect(state(page)).to_contain_text("لم يُطلب ذلك من هذا المتصفح بعد")
    no_barriers(page)
    page.get_by_role("button", name="تشغيل في هذا المتصفح").click()
    expect(state(page)).to_contain_text("حتى والمكتب مغلق")
    assert Address.objects.get().user == desk.approver

    tell(incident, desk.approver)
    (post,) = service.posts
    news = keys.read(post)
    deliver(page, news)
    (notice,) = shown(page)
    assert (notice["lang"], notice["dir"], notice["tag"]) == ("ar", "rtl", news["key"])
    assert notice["title"] == news["title"] and incident.reference in notice["title"]
    assert incident.title in notice["body"] and incident.reference in notice["path"]
    deliver(page, news)
    assert len(shown(page)) == 1

    roles.restrict(
        incident_id=incident.pk, restricted=True, actor=desk.actor("lead"), at=clock.now()
    )
    roles.grant_access(
        incident_id=incident.pk, user=desk.approver, actor=desk.actor("lead"), at=clock.now()
    )
    service.posts.clear()
    tell(incident, desk.approver)
    hushed = keys.read(service.posts[-1])
    assert incident.title not in json.dumps(hushed, ensure_ascii=False)
    deliver(page, hushed)
    assert {one["title"] for one in shown(page)} == {news["title"], hushed["title"]}

    page.reload()
    page.get_by_role("button", name="إيقاف في هذا المتصفح").click()
    expect(state(page)).to_contain_text("لم يُطلب ذلك من هذا المتصفح بعد")
    assert Address.objects.get().removed_at is not None


def news_of(path: str) -> dict[str, Any]:
    """What the desk sends of news about this page."""
    words = {"title": "CD-2026-0001", "body": "Due", "language": "en", "direction": "ltr"}
    return words | {"key": path, "path": path, "stays": True}


def click(page: Page, path: str) -> list[list[str]]:
    """Press the notification about this page; returns the windows that were shown or opened."""
    deliver(page, news_of(path))
    (worker,) = page.context.service_workers
    did: list[list[str]] = worker.evaluate(CLICK, path)
    assert worker.evaluate("tag => registration.getNotifications({tag})", path) == []
    return did


def test_a_notification_leads_to_its_page(desk: Desk, window: Window) -> None:
    page = window(desk.lead, permissions=["notifications"])
    page.goto("/settings/")
    base = page.evaluate("location.origin")
    page.evaluate(
        "navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready)"
    )
    # A window of the desk is there: it comes to the front and goes to the page; on the page already, it stays.
    assert click(page, "/inbox/") == [["focus", f"{base}/settings/"]]
    page.wait_for_url(f"{base}/inbox/")
    assert click(page, "/inbox/") == [["focus", f"{base}/inbox/"]]
    # Of two, the one that shows the page already.
    other = page.context.new_page()
    other.goto("/incidents/")
    assert click(other, "/inbox/") == [["focus", f"{base}/inbox/"]]
    other.close()
    # Words that nobody has sent stay where they are: the page opens beside them.
    page.goto("/plans/new/")
    page.locator("main textarea").first.fill("Half a decision")
    assert click(page, "/inbox/") == [["open", f"{base}/inbox/"]]
    assert page.url == f"{base}/plans/new/"
    # Nothing of anybody else's is opened, whatever came.
    for path in ("//evil.example/inbox/", "https://evil.example/", "javascript:alert(1)"):
        assert click(page, path) == [], path


def test_a_notification_opens_the_desk_where_no_window_is(desk: Desk, window: Window) -> None:
    page = window(desk.lead, permissions=["notifications"])
    page.goto("/settings/")
    base = page.evaluate("location.origin")
    page.evaluate(
        "navigator.serviceWorker.register('/push-worker.js').then(() => navigator.serviceWorker.ready)"
    )
    deliver(page, news_of("/inbox/"))
    (worker,) = page.context.service_workers
    page.goto("about:blank")
    assert worker.evaluate(CLICK, "/inbox/") == [["open", f"{base}/inbox/"]]


def test_a_browser_that_blocks_notifications_says_so(
    desk: Desk, window: Window, service: Receiver
) -> None:
    page = window(desk.approver, language="he")
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.goto(PAGE)
    expect(state(page)).to_contain_text("חסומות בדפדפן הזה")
    no_barriers(page)
