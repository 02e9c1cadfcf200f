import { dirty } from "./unsaved.js";

// data-open="ID": a button that shows and hides the element with that id; aria-expanded tells which.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open]");
  if (!button) return;
  const part = document.getElementById(button.dataset.open);
  if (!part) return;
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
});
// <a data-detail="ID" aria-expanded>: htmx brings the detail; a second press puts it away, unless something is typed in it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-detail]");
  const part = link && document.getElementById(link.dataset.detail);
  if (!part?.childElementCount || dirty(part)) return;
  event.preventDefault();
  event.stopPropagation();
  part.replaceChildren();
  link.setAttribute("aria-expanded", "false");
}, true);
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const link = document.querySelector(`[data-detail="${CSS.escape(detail.target.id)}"]`);
  link?.setAttribute("aria-expanded", "true");
});
// <details id data-keep-open>: what a person opened stays open when its part of the page is brought anew.
const opened = new Set();
document.addEventListener("toggle", (event) => {
  const part = event.target;
  if (part.matches?.("details[data-keep-open]")) opened[part.open ? "add" : "delete"](part.id);
}, true);
document.addEventListener("htmx:load", (event) => {
  for (const part of event.detail.elt.querySelectorAll?.("details[data-keep-open]") ?? []) {
    if (opened.has(part.id)) part.open = true;
  }
});
// A link to a row inside a closed part opens it.
const open = () => {
  const aim = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const closed = aim && aim.closest("details:not([open])");
  if (!closed) return;
  closed.open = true;
  aim.scrollIntoView();
};
addEventListener("hashchange", open);
open();
// data-with="name=value": a part of a form that belongs to one choice; without scripts all of them stand there.
const belong = (form) => {
  for (const part of form?.querySelectorAll("[data-with]") ?? []) {
    const [name, value] = part.dataset.with.split("=");
    part.hidden = form.elements[name]?.value !== value;
  }
};
const everywhere = () => document.querySelectorAll("form:has([data-with])").forEach(belong);
document.addEventListener("change", (event) => belong(event.target.form));
document.addEventListener("htmx:load", everywhere);
everywhere();
