// Keeps clocks true between two answers of the server. The server writes the first value and the words (meta clock-forms).
//   <span data-due="ISO">            due in 26 min · due now · 19 min late
//   <progress data-start data-until> time used
//   <time datetime="ISO" data-since> 34 min ago
const forms = JSON.parse(document.querySelector("meta[name=clock-forms]")?.content || "null");
const plural = new Intl.PluralRules(document.documentElement.lang || "en");
// The server's clock, not this machine's: the difference is taken once from the page.
const skew = Number(document.documentElement.dataset.now || Date.now()) - Date.now();
const now = () => Date.now() + skew;

const unit = (name, n) => (forms.units[name][plural.select(n)] ?? forms.units[name].other).replace("{n}", n);
const join = (longer, shorter) => (/^\p{Nd}/u.test(shorter) ? forms.join : forms.join_word).replace("{longer}", longer).replace("{shorter}", shorter);

export function span(seconds) {
  const minutes = Math.max(Math.floor(seconds / 60), 0);
  const hours = Math.floor(minutes / 60);
  if (!hours) return unit("min", minutes);
  const days = Math.floor(hours / 24);
  if (days) return hours % 24 ? join(unit("day", days), unit("h", hours % 24)) : unit("day", days);
  return minutes % 60 ? join(unit("h", hours), unit("min", minutes % 60)) : unit("h", hours);
}

export function dueWords(due, at) {
  const left = (due - at) / 1000;
  if (left > 0) return forms.due.replace("{span}", span(Math.ceil(left / 60) * 60));
  if (left > -60) return forms.now;
  return forms.late.replace("{span}", span(-left));
}

export function sinceWords(when, at) {
  let seconds = (at - when) / 1000;
  if (seconds < 60) return forms.just;
  if (seconds >= 86400) seconds -= seconds % 86400;
  else if (seconds >= 21600) seconds -= seconds % 3600;
  return forms.ago.replace("{span}", span(seconds));
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function tick() {
  const at = now();
  for (const element of document.querySelectorAll("[data-due]")) {
    const due = Date.parse(element.dataset.due);
    write(element, dueWords(due, at));
    const late = due <= at;
    element.classList.toggle("late-word", late);
    if (late) element.closest("[data-clock], .strip > li, .todo > li, .item, .ck")?.classList.add("is-late");
  }
  for (const bar of document.querySelectorAll("progress[data-until]")) {
    bar.value = Math.min(Math.max((at - Date.parse(bar.dataset.start)) / 1000, 0), bar.max);
  }
  for (const element of document.querySelectorAll("[data-since]")) {
    write(element, sinceWords(Date.parse(element.dateTime), at));
  }
}

if (forms) {
  setInterval(() => { if (!document.hidden) tick(); }, 15000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}
