// data-dialog-open="ID" opens <dialog id="ID">; data-dialog-close closes; data-dialog-now opens on arrival.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!dialog) return;
    event.preventDefault();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    dialog.showModal();
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  // A press on the ground behind closes, unless something was typed in it.
  if (event.target.matches("dialog") && !typed(event.target)) event.target.close();
});

const typed = (dialog) =>
  [...dialog.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue);

function openArrived(root) {
  const all = [...(root.querySelectorAll?.("dialog[data-dialog-now]") ?? [])];
  if (root.matches?.("dialog[data-dialog-now]")) all.push(root);
  for (const dialog of all) if (!dialog.open) dialog.showModal();
}

openArrived(document);
document.addEventListener("htmx:load", (event) => openArrived(event.detail.elt));
