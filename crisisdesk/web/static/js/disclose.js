// data-open="ID": a button that shows and hides the element with that id; aria-expanded tells which.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open]");
  if (!button) return;
  const part = document.getElementById(button.dataset.open);
  if (!part) return;
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
});
