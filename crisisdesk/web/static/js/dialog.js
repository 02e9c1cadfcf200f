// data-dialog-open="ID" opens <dialog id="ID">; data-dialog-close closes; data-dialog-now opens on arrival.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialogOpen);
    if (!dialog) return;
    event.preventDefault();
    opener.closest("details[data-menu]")?.removeAttribute("open");
    show(dialog);
    return;
  }
  const closer = event.target.closest("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
  // A press on the ground behind closes, unless something was typed in it.
  if (event.target.matches("dialog") && !typed(event.target)) event.target.close();
});

function show(dialog) {
  dialog.showModal();
  // What is asked for comes before the way out.
  dialog.querySelector("[autofocus], .dialog-body :is(textarea, select, input:not([type=hidden]))")?.focus();
}

const typed = (dialog) =>
  [...dialog.querySelectorAll("textarea, input")].some((field) => field.value !== field.defaultValue);

function openArrived(root) {
  const all = [...(root.querySelectorAll?.("dialog[data-dialog-now]") ?? [])];
  if (root.matches?.("dialog[data-dialog-now]")) all.push(root);
  for (const dialog of all) if (!dialog.open) show(dialog);
}

openArrived(document);
document.addEventListener("htmx:load", (event) => openArrived(event.detail.elt));
