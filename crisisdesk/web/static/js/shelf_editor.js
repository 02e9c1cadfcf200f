// The editor of a playbook. Every place saves itself (htmx); here: what was kept counts as sent, rows are dragged,
// Alt with an arrow moves a row; the answer's address names its link, so that it keeps the focus. Without scripts every
// button still works.
//   form[data-place]   one place      [draggable][data-part][data-name][data-place-at]   a row that can be moved
const sent = new WeakMap();
const control = (form) => form.querySelector("textarea, input.in, select");

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest?.("form[data-place]");
  if (!form) return;
  const field = control(form);
  const why = event.detail.requestConfig?.triggeringEvent?.type;
  // Leaving a field whose words have left already sends nothing a second time.
  if (why === "change" && field?.matches("textarea, input") && sent.get(form) === field.value) event.preventDefault();
  else sent.set(form, field?.value);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-place]");
  const status = form ? event.detail.xhr.status : 0;
  // What never arrived is sent again when the field is left.
  if (form && (!status || status >= 500)) sent.delete(form);
  if (!status || status >= 400) return;
  const field = control(form);
  // What was typed since the request left is not kept yet.
  if (field?.matches("textarea, input")) field.defaultValue = sent.get(form);
  form.classList.add("is-kept");
});
document.addEventListener("input", (event) => event.target.closest?.("form[data-place]")?.classList.remove("is-kept"));

// "Take over what stands": the words of the other person go into the field and are what the next save starts from.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  const told = button.closest(".told");
  const form = button.closest("form");
  const raw = told.querySelector("[data-stands]").dataset.stands;
  const stands = JSON.parse(raw);
  const field = control(form);
  if (Array.isArray(stands)) {
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = stands.includes(box.value);
  } else if (field) {
    field.value = stands;
    field.defaultValue = stands;
  }
  told.querySelector("[name=was]").value = raw;
  told.querySelector(".errors").remove();
  field?.focus();
});

// ---- moving rows ----
let dragged = null;
const row = (event) => event.target.closest?.("[draggable=true][data-part]");
document.addEventListener("dragstart", (event) => {
  dragged = row(event);
  event.dataTransfer?.setData("text/plain", dragged?.dataset.name ?? "");
});
document.addEventListener("dragover", (event) => {
  const over = row(event);
  if (!dragged || !over || over.dataset.part !== dragged.dataset.part) return;
  event.preventDefault();
  document.querySelector(".is-over")?.classList.remove("is-over");
  over.classList.add("is-over");
});
document.addEventListener("dragend", () => {
  document.querySelector(".is-over")?.classList.remove("is-over");
  dragged = null;
});
document.addEventListener("drop", (event) => {
  const over = row(event);
  if (!dragged || !over || over === dragged || over.dataset.part !== dragged.dataset.part) return;
  event.preventDefault();
  const button = document.querySelector("[data-dropped]");
  button.value = ["move", dragged.dataset.part, dragged.dataset.name, over.dataset.placeAt].join("|");
  button.click();
});
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const here = document.activeElement.closest?.("[data-row]");
  const button = here?.querySelector(`[data-move=${event.key === "ArrowUp" ? "up" : "down"}]`);
  if (!button || button.disabled || document.activeElement.matches("textarea, select, .in")) return;
  event.preventDefault();
  button.click();
});
