// Toasts and the polite voice.
//   HX-Trigger: {"desk:toast": {"text": "…", "harm": true}}   shows a toast
//   document.dispatchEvent(new CustomEvent("desk:say", {detail: {text}}))   only says it
const place = document.querySelector("[data-toasts]");
const voice = document.querySelector("[data-say]");
const STAYS = 8000;

export function say(text) {
  if (!voice) return;
  voice.textContent = "";
  // A moment apart, so that the same words twice are read twice.
  setTimeout(() => { voice.textContent = text; }, 60);
}

export function toast(text, { harm = false } = {}) {
  if (!place || !text) return;
  const line = document.createElement("div");
  line.className = harm ? "toast is-harm" : "toast";
  const words = document.createElement("span");
  words.textContent = text;
  line.append(words);
  keep(line, harm);
  place.append(line);
  say(text);
}

function keep(line, stays) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.dismiss;
  button.addEventListener("click", () => line.remove());
  line.append(button);
  if (stays) return;
  let timer = setTimeout(() => line.remove(), STAYS);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => line.remove(), STAYS / 2); };
  line.addEventListener("pointerenter", hold);
  line.addEventListener("focusin", hold);
  line.addEventListener("pointerleave", release);
  line.addEventListener("focusout", release);
}

document.addEventListener("desk:toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail));
document.addEventListener("desk:say", (event) => say(event.detail.text));
document.addEventListener("htmx:load", (event) => {
  const arrived = event.detail.elt;
  if (arrived.matches?.("[data-toast]")) keep(arrived, arrived.classList.contains("is-harm"));
  const wanted = arrived.matches?.("[data-focus]") ? arrived : arrived.querySelector?.("[data-focus]");
  wanted?.focus();
});
document.addEventListener("htmx:responseError", () => toast(place?.dataset.failed, { harm: true }));
document.addEventListener("htmx:sendError", () => toast(place?.dataset.offline, { harm: true }));
document.addEventListener("click", (event) => {
  const shown = event.target.closest("[data-toast-now]");
  if (shown) toast(shown.dataset.toastNow);
});
document.querySelector("[data-focus]")?.focus();
