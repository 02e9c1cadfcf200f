// Live news: the stream carries numbers only; the page fetches again what it may see.
//   <… data-stream-url="…" data-poll-url="…">  where to listen (poll answers {"number": n})
//   <section id="…" data-live data-live-number="27" hx-get="…" hx-trigger="live" hx-swap="outerHTML">  a region
//   data-live-note (text with {n}) and data-live-show: the words when a region may not be replaced
// Tabs share one stream. A region with focus or unsent words is never replaced; it says what is new and offers to show it.
import { say } from "./announce.js";
import { dirty } from "./unsaved.js";

const SILENCE = 10000;
const source = document.querySelector("[data-stream-url]");
let newest = 0;
let heard = Date.now();

const regions = () => [...document.querySelectorAll("[data-live]")];
const number = (region) => Number(region.dataset.liveNumber || 0);
const busy = (region) =>
  (region.contains(document.activeElement) && document.activeElement !== document.body) || dirty(region);

function fetchAgain(region) {
  region.querySelector(":scope > [data-live-news]")?.remove();
  window.htmx.trigger(region, "live");
}

function offer(region) {
  const count = newest - number(region);
  let line = region.querySelector(":scope > [data-live-news]");
  if (!line) {
    line = document.createElement("div");
    line.className = "notice is-new";
    line.dataset.liveNews = "";
    const words = document.createElement("span");
    const show = document.createElement("button");
    show.type = "button";
    show.className = "link";
    show.textContent = region.dataset.liveShow || source.dataset.liveShow || "";
    show.addEventListener("click", () => fetchAgain(region));
    line.append(words, show);
    region.prepend(line);
  }
  const pattern = region.dataset.liveNote || source.dataset.liveNote || "{n}";
  const words = pattern.replace("{n}", count);
  if (line.firstChild.textContent !== words) {
    line.firstChild.textContent = words;
    say(words);
  }
}

function refresh() {
  for (const region of regions()) {
    if (number(region) >= newest) continue;
    if (busy(region)) offer(region);
    else fetchAgain(region);
  }
}

function news(n) {
  heard = Date.now();
  if (!Number.isFinite(n) || n <= newest) return;
  newest = n;
  refresh();
}

function listen(channel) {
  const stream = new EventSource(source.dataset.streamUrl, { withCredentials: true });
  const alive = () => {
    heard = Date.now();
    channel?.postMessage({ alive: true });
  };
  const pass = (event) => {
    const n = Number(event.data.match(/\d+/)?.[0]);
    channel?.postMessage({ number: n });
    news(n);
  };
  stream.addEventListener("open", alive);
  stream.addEventListener("alive", alive);
  stream.addEventListener("message", pass);
  stream.addEventListener("timeline", pass);
  addEventListener("pagehide", () => stream.close());
}

function poll() {
  if (document.hidden || Date.now() - heard < SILENCE) return;
  const url = source.dataset.pollUrl;
  if (!url) {
    regions().filter((region) => !busy(region)).forEach(fetchAgain);
    return;
  }
  fetch(url, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : {}))
    .then(({ number: n }) => {
      const before = heard;
      news(Number(n));
      heard = before; // polling is not hearing: it goes on until the stream speaks again
    })
    .catch(() => {});
}

if (source) {
  const wanted = source.dataset.streamUrl;
  newest = Math.max(0, ...regions().map(number));
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`desk:${source.dataset.streamUrl}`) : null;
  channel?.addEventListener("message", ({ data }) => {
    if (data.alive) heard = Date.now();
    else news(data.number);
  });
  // The tab that holds the lock listens for all; when it closes, the next one takes over.
  if (wanted && channel && navigator.locks) {
    navigator.locks.request(`desk:${source.dataset.streamUrl}`, () => {
      listen(channel);
      return new Promise(() => {});
    });
  } else if (wanted) {
    listen(null);
  }
  setInterval(poll, SILENCE);
  document.addEventListener("focusout", () => setTimeout(refresh, 300));
  document.addEventListener("htmx:afterSwap", () => {
    newest = Math.max(newest, ...regions().map(number));
  });
}
