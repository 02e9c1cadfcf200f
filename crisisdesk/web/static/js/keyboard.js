// Single keys: / search, g then a letter, j k rows, x tick, Enter open, ? help. They can be switched off (WCAG 2.1.4).
//   data-go="i"   where g i goes      data-rows > data-row   what j and k walk      data-tick   what x presses
//   data-row-open   the link that Enter follows; else the first link or button of the row
const KEPT = "desk-single-keys";
const allowed = () => localStorage.getItem(KEPT) !== "off";
const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
let waiting = 0;

const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent);

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1)];
  const inside = next.querySelector("[data-row-open]") ?? next.querySelector("a[href], button, input:not([type=hidden])") ?? next;
  if (inside === next) next.tabIndex = -1;
  inside.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !allowed()) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const second = Date.now() - waiting < 1500;
  waiting = 0;
  if (second) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  const row = document.activeElement.closest?.("[data-row]");
  const act = {
    "/": () => {
      const search = document.querySelector("[data-search]");
      search?.focus();
      search?.select();
    },
    g: () => { waiting = Date.now(); },
    j: () => move(1),
    k: () => move(-1),
    x: () => row?.querySelector("[data-tick]")?.click(),
    "?": () => document.getElementById("keys")?.showModal(),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

const toggle = document.querySelector("[data-keys-switch]");
if (toggle) {
  toggle.checked = allowed();
  toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
}
