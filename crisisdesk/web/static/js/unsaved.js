// What people type is not lost: textareas are kept in this tab per field, restored after an error or a closed session,
// and leaving a page with unsent words asks first. data-no-draft on a field or form turns both off.
const person = document.documentElement.dataset.user;
const PREFIX = `desk-draft:${person}:`;
const wanted = (field) => person && field.name && !field.closest("[data-no-draft]") && field.matches("textarea");
const key = (field) => `${PREFIX}${field.form?.getAttribute("action") || field.form?.getAttribute("hx-post") || location.pathname}:${field.name}`;
const read = (field) => JSON.parse(sessionStorage.getItem(key(field)) || "null");
const failed = Boolean(document.querySelector("[data-failed-page]"));
let sending = false;

const TYPED = ["text", "url", "date", "time", "datetime-local"].map((type) => `, input[type=${type}]`).join("");
export const dirty = (root) =>
  [...root.querySelectorAll(`textarea, input:not([type])${TYPED}`)].some(
    (field) => field.value !== field.defaultValue && !field.closest("[data-no-draft], [role=search]"),
  );
export const chosen = (root) =>
  [...root.querySelectorAll("select, input[type=file], input[type=checkbox], input[type=radio]")].some((field) => {
    if (field.type === "file") return field.files.length > 0;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  });

function keep(field) {
  if (field.value && field.value !== field.defaultValue) sessionStorage.setItem(key(field), JSON.stringify({ text: field.value }));
  else sessionStorage.removeItem(key(field));
}

function restore(root) {
  for (const field of root.querySelectorAll?.("textarea") ?? []) {
    if (!wanted(field)) continue;
    const kept = read(field);
    if (!kept) continue;
    // Sent and this page is no error page: it arrived.
    if (kept.sent || kept.text === field.value) sessionStorage.removeItem(key(field));
    else if (!field.value || field.value === field.defaultValue) {
      field.value = kept.text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function mark(sent, form) {
  for (const field of form?.querySelectorAll("textarea") ?? []) {
    const kept = wanted(field) && read(field);
    if (kept) sessionStorage.setItem(key(field), JSON.stringify({ ...kept, sent }));
  }
}

if (failed) {
  // The server failed after the form had left: nothing of this tab counts as sent.
  for (const name of Object.keys(sessionStorage)) {
    if (!name.startsWith("desk-draft:")) continue;
    const kept = JSON.parse(sessionStorage.getItem(name));
    sessionStorage.setItem(name, JSON.stringify({ text: kept.text }));
  }
}
restore(document);

document.addEventListener("input", (event) => {
  if (wanted(event.target)) keep(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]")) {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith("desk-draft:")) sessionStorage.removeItem(name);
  }
  if (event.defaultPrevented) return;
  sending = true;
  mark(true, event.target);
});
document.addEventListener("htmx:beforeRequest", (event) => mark(true, event.detail.elt.closest("form")));
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form");
  if (!form) return;
  if (!event.detail.successful) {
    mark(false, form);
    return;
  }
  for (const field of form.querySelectorAll("textarea")) if (wanted(field)) sessionStorage.removeItem(key(field));
  if (form.matches("[data-clear]") && form.isConnected) form.reset();
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) restore(event.detail.elt);
});
addEventListener("beforeunload", (event) => {
  if (!sending && dirty(document)) event.preventDefault();
});
addEventListener("pageshow", () => { sending = false; });
