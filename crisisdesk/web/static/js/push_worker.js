// Runs without a page: shows what the desk sent, and opens the page it is about. Served from the root by views/push.py.
self.addEventListener("push", (event) => {
  const news = event.data.json();
  event.waitUntil(self.registration.showNotification(news.title, {
    body: news.body,
    lang: news.language,
    dir: news.direction,
    // The same news twice is one line: the second takes the place of the first, in silence.
    tag: news.key,
    data: { path: news.path },
    icon: "/static/img/mark.svg",
    requireInteraction: news.stays,
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.path, self.location.origin)));
});

// A tab of the desk that is there already comes to the front and goes to the page; without one a new one opens.
async function open(page) {
  if (page.origin !== self.location.origin) return;
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = tabs.find((tab) => tab.url === page.href);
  if (there) await there.focus();
  else await self.clients.openWindow(page.href);
}
