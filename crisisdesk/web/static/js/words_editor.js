// The statement editor: a gap that is filled shows in the words at once, the column being written has its help beside it,
// and the preview shows one channel at a time. The server fills and counts again on every save; nothing depends on this.
//   textarea[data-template]  the prepared words      [data-gap="name"]   what goes into {name}
//   [data-was="name"]        what stands in the words now                 [data-unknown] puts the words for "not known"
const form = (field) => field.form;
const words = (field) => form(field)?.querySelector("textarea[data-template]");
const blank = /\{([a-z][a-z0-9_]*)\}/g;
const fill = (text, values) => text.replace(blank, (gap, name) => values[name]?.trim() || gap);
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const valuesOf = (part, key) =>
  Object.fromEntries([...part.elements].filter((field) => field.dataset[key]).map((field) => [field.dataset[key], field.value]));

function put(field) {
  const text = words(field);
  if (!text) return;
  const before = valuesOf(form(field), "was");
  const after = valuesOf(form(field), "gap");
  const template = text.dataset.template;
  let now = text.value;
  if (template && now.trim() === fill(template, before).trim()) {
    now = fill(template, after);
  } else {
    const [old, fresh] = [before[field.dataset.gap], field.value.trim()];
    if (old.length > 1 && fresh && old !== fresh) {
      now = now.replace(new RegExp(`(?<![\\p{L}\\p{N}_])${escape(old)}(?![\\p{L}\\p{N}_])`, "gu"), () => fresh);
    }
    now = fill(now, after);
  }
  for (const kept of form(field).elements) {
    if (kept.dataset.was === field.dataset.gap) kept.value = field.value;
  }
  field.closest(".field")?.classList.toggle("gap", now.includes(`{${field.dataset.gap}}`));
  if (now === text.value) return;
  text.value = now;
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function focusOn(language) {
  for (const column of document.querySelectorAll("[data-words]")) {
    column.classList.toggle("is-on", column.dataset.words === language);
  }
  for (const help of document.querySelectorAll("[data-help]")) help.hidden = help.dataset.help !== language;
}

function showChannel(key) {
  for (const part of document.querySelectorAll(".pv-of")) part.classList.toggle("is-on", part.dataset.channel === key);
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-gap]")) put(event.target);
  if (event.target.matches("[data-channel-pick]")) showChannel(event.target.value);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unknown]");
  if (!button) return;
  event.preventDefault();
  const field = document.getElementById(button.dataset.for);
  field.value = button.dataset.unknown;
  put(field);
  button.parentElement.remove();
  field.focus();
});
document.addEventListener("focusin", (event) => {
  const column = event.target.matches("textarea.text") && event.target.closest("[data-words]");
  if (column) focusOn(column.dataset.words);
});
// An answer brings every channel's preview anew; the one that was chosen stays chosen.
document.addEventListener("htmx:oobAfterSwap", () => {
  const chosen = document.querySelector("[data-channel-pick]:checked");
  if (chosen) showChannel(chosen.value);
});
