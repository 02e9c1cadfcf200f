// Runs without a page: shows what the desk sent, and opens the page it is about. Served from the root by views/push.py.
const PATIENCE = 700; // milliseconds

self.addEventListener("push", (event) => {
  const news = event.data.json();
  event.waitUntil(self.registration.showNotification(news.title, {
    body: news.body,
    lang: news.language,
    dir: news.direction,
    // The same news twice is one line: the second takes the place of the first, in silence.
    tag: news.key,
    data: { path: news.path },
    icon: "/static/img/desk-192.png",
    requireInteraction: news.stays,
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(new URL(event.notification.data.path, self.location.origin)));
});

// A window of the desk that is there comes to the front and is led to the page, unless somebody has unsent words in it;
// without one a new one opens. One press of a notification allows one of the two.
async function open(page) {
  if (page.origin !== self.location.origin) return;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === page.href) ?? (await free(windows));
  if (!there) {
    await self.clients.openWindow(page.href);
    return;
  }
  const shown = await there.focus();
  if (shown.url !== page.href) shown.postMessage({ go: page.href });
}

async function free(windows) {
  const answers = await Promise.all(windows.map(isFree));
  return windows.find((_, place) => answers[place]);
}

// led.js answers; a window that sleeps, or that was opened before there was such an answer, is left alone.
const isFree = (one) => new Promise((answer) => {
  const line = new MessageChannel();
  line.port1.onmessage = (event) => answer(event.data === true);
  setTimeout(answer, PATIENCE, false);
  one.postMessage({ ask: "free" }, [line.port2]);
});
