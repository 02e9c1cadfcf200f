// data-open="ID": a button that shows and hides the element with that id; aria-expanded tells which.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open]");
  if (!button) return;
  const part = document.getElementById(button.dataset.open);
  if (!part) return;
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
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
