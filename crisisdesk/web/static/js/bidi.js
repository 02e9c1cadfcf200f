// The direction of what people type follows most of its letters; one press switches it and then it stays.
// Mirrors core/languages.guess_direction: handles, links and addresses do not count.
const NOT_PROSE = /(?:https?:\/\/|www\.)\S+|[@#][\p{L}\p{N}_.]+|\S+@\S+\.\S+|[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)+(?:\/\S*)?/gu;
const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const LETTER = /\p{L}/u;

export function guess(text, fallback) {
  let left = 0;
  let right = 0;
  for (const letter of text.replace(NOT_PROSE, " ")) {
    if (!LETTER.test(letter)) continue;
    if (RTL.test(letter)) right += 1;
    else left += 1;
  }
  if (left === right) return fallback;
  return right > left ? "rtl" : "ltr";
}

const page = () => document.documentElement.dir || "ltr";

function start(field) {
  const control = field.querySelector("textarea, input");
  const flip = field.querySelector("[data-bidi-switch]");
  if (!control || field.dataset.bidiReady) return;
  field.dataset.bidiReady = "yes";
  let chosen = "";
  const show = () => {
    control.dir = chosen || guess(control.value, page());
    if (!flip) return;
    flip.hidden = !control.value;
    flip.textContent = control.dir === "rtl" ? flip.dataset.ltr : flip.dataset.rtl;
  };
  flip?.addEventListener("click", () => {
    chosen = control.dir === "rtl" ? "ltr" : "rtl";
    show();
    control.focus();
  });
  control.addEventListener("input", show);
  control.form?.addEventListener("reset", () => { chosen = ""; setTimeout(show); });
  show();
}

const all = (root) => {
  if (root.matches?.("[data-bidi]")) start(root);
  root.querySelectorAll?.("[data-bidi]").forEach(start);
};
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
