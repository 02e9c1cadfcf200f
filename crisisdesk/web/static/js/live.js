// Live news: the stream carries numbers only; the page fetches again what it may see.
//   <… data-stream-url="…" data-poll-url="…">  where to listen (poll answers {"number": n})
//   <section id="…" data-live data-live-number="27" hx-get="…" hx-trigger="live" hx-swap="outerHTML">  a region
//   data-live-hold on a region: it is being read from top to bottom, so it is never replaced unasked
//   HX-Trigger {"desk:seen": {"since": 27, "number": 28}}   those events were this person's own: no news to them
//   data-live-note (text with {n}) and data-live-show: the words when a region may not be replaced
// Tabs share one stream. A region with focus or unsent words is never replaced; it says what is new and offers to show it.
import { say } from "./announce.js";
import { chosen, dirty } from "./unsaved.js";

const SILENCE = 10000; // without a word for so long, the page asks by itself, and as often
const REFUSED = 30000; // a stream that was refused is tried again after this
const source = document.querySelector("[data-stream-url]");
const asked = new WeakMap();
const onTheirWay = new Set(); // regions that a request under way brings anew
let newest = 0;
let heard = Date.now();
let polled = 0;
let behind = false;
let timer = 0;

const regions = () => [...document.querySelectorAll("[data-live]")];
const number = (region) => Number(region.dataset.liveNumber || 0);
const target = (region) => region.getAttribute("hx-target");
const place = (region) => (target(region) && document.querySelector(target(region))) || region;

function busy(region) {
  const here = place(region);
  const focused = here.contains(document.activeElement) && document.activeElement !== document.body;
  return "liveHold" in region.dataset || focused || dirty(here) || chosen(here);
}

// How a region is fetched is not handed down to the buttons and links that stand in it.
function keepApart() {
  for (const region of regions()) region.setAttribute("hx-disinherit", "*");
}

// What a person did themselves is no news to the region in which they did it.
document.addEventListener("desk:seen", ({ target: pressed, detail }) => {
  const region = pressed.closest("[data-live]");
  if (!region || number(region) < detail.since) return;
  region.dataset.liveNumber = Math.max(number(region), detail.number);
  // The stream may have been faster than the answer and have offered it already.
  if (number(region) >= newest) region.querySelector(":scope > [data-live-news]")?.remove();
});

// Regions of one page come with one request: the first takes the others along.
function fetchAgain(list) {
  const groups = new Map();
  for (const region of list) {
    region.querySelector(":scope > [data-live-news]")?.remove();
    const key = target(region) || !region.id ? region : region.getAttribute("hx-get");
    groups.set(key, [...(groups.get(key) ?? []), region]);
  }
  for (const [first, ...others] of groups.values()) {
    if (others.length) first.setAttribute("hx-select-oob", others.map((other) => `#${other.id}`).join(","));
    else first.removeAttribute("hx-select-oob");
    for (const region of [first, ...others]) onTheirWay.add(region);
    asked.set(first, { regions: [first, ...others], number: newest, url: first.getAttribute("hx-get") });
    window.htmx.trigger(first, "live");
  }
}

function offer(region) {
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
    show.addEventListener("click", () => fetchAgain([region]));
    line.append(words, show);
    region.prepend(line);
  }
  const pattern = region.dataset.liveNote || source.dataset.liveNote || "{n}";
  const words = pattern.replace("{n}", newest - number(region));
  if (line.firstChild.textContent !== words) {
    line.firstChild.textContent = words;
    say(words);
  }
}

function refresh() {
  timer = 0;
  const old = regions().filter((region) => number(region) < newest && !onTheirWay.has(region));
  old.filter(busy).forEach(offer);
  fetchAgain(old.filter((region) => !busy(region)));
}

// Many events at once are one fetch, and many pages do not all fetch in the same moment.
function soon() {
  timer ||= setTimeout(refresh, 50 + Math.random() * 250);
}

function news(n) {
  if (!Number.isFinite(n)) return;
  newest = Math.max(newest, n);
  if (regions().some((region) => number(region) < newest)) soon();
}

function listen(channel) {
  let stream;
  const alive = () => {
    heard = Date.now();
    channel?.postMessage({ alive: true });
  };
  const pass = ({ data }) => {
    alive();
    channel?.postMessage({ number: Number(data) });
    news(Number(data));
  };
  const open = () => {
    stream = new EventSource(source.dataset.streamUrl, { withCredentials: true });
    stream.addEventListener("alive", alive);
    stream.addEventListener("message", pass);
    // A broken line the browser mends by itself; after a refusal it never asks again.
    stream.addEventListener("error", () => {
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, REFUSED);
    });
  };
  open();
  channel?.addEventListener("message", ({ data }) => {
    if (data.ask) channel.postMessage({ number: newest });
  });
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
}

function poll() {
  const now = Date.now();
  if (document.hidden || (now - heard < SILENCE && !behind) || now - polled < SILENCE) return;
  polled = now;
  fetch(source.dataset.pollUrl, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok && !answer.redirected ? answer.json() : {}))
    .then(({ number: n }) => {
      if (Number.isFinite(n)) behind = false;
      news(n);
    })
    .catch(() => {});
}

if (source) {
  const wanted = source.dataset.streamUrl;
  newest = Math.max(0, ...regions().map(number));
  keepApart();
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`desk:${wanted}`) : null;
  channel?.addEventListener("message", ({ data }) => {
    if (data.alive) heard = Date.now();
    else if ("number" in data) news(data.number);
  });
  // The tab that holds the lock listens for all; when it closes, the next one takes over.
  if (wanted && channel && navigator.locks) {
    navigator.locks.request(`desk:${wanted}`, () => {
      listen(channel);
      return new Promise(() => {});
    });
    channel.postMessage({ ask: true }); // what the others heard while this page was on its way
  } else if (wanted) {
    listen(null);
  }
  setInterval(poll, 1000);
  document.addEventListener("visibilitychange", poll);
  document.addEventListener("focusout", () => setTimeout(refresh, 300));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    // A closed session answers with the sign-in page: nothing of it belongs into a region.
    const was = asked.get(detail.requestConfig.elt);
    const came = detail.xhr.responseURL;
    if (!was || !came || new URL(came).pathname === new URL(was.url, location.href).pathname) return;
    was.elsewhere = true;
    detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const was = asked.get(detail.requestConfig.elt);
    if (!was) return;
    asked.delete(detail.requestConfig.elt);
    for (const region of was.regions) onTheirWay.delete(region);
    if (!detail.successful || was.elsewhere) behind = true;
    // Where something else was replaced than the region itself, the region learns how far it is.
    else for (const region of was.regions) region.dataset.liveNumber = Math.max(number(region), was.number);
  });
  document.addEventListener("htmx:afterSettle", () => {
    keepApart();
    newest = Math.max(newest, ...regions().map(number));
    if (regions().some((region) => number(region) < newest)) soon();
  });
}
