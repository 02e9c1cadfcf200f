// <details data-menu>: one open at a time, Escape and a press outside close it, arrows walk it.
const opened = () => [...document.querySelectorAll("details[data-menu][open]")];

document.addEventListener("click", (event) => {
  for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("details[data-menu]") || !event.target.open) return;
  for (const menu of opened()) if (menu !== event.target) menu.open = false;
}, true);
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  const items = [...menu.querySelectorAll(".sheet a[href], .sheet button")].filter((item) => item.offsetParent);
  const here = items.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (event.key === "ArrowDown" && items.length) {
    items[(here + 1) % items.length].focus();
  } else if (event.key === "ArrowUp" && items.length) {
    items[(here - 1 + items.length) % items.length].focus();
  } else {
    return;
  }
  event.preventDefault();
});
