// data-copy="words" or data-copy-from="selector": copies exactly and says so; the button keeps its own words.
import { say, toast } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  const words = source ? (source.value ?? source.innerText) : button.dataset.copy;
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    if (!byHand(words)) {
      toast(button.dataset.notCopied, { harm: true });
      return;
    }
  }
  const label = button.querySelector("span") ?? button;
  const verb = label.textContent;
  label.textContent = button.dataset.copied;
  say(button.dataset.copied);
  button.dispatchEvent(new CustomEvent("desk:copied", { bubbles: true }));
  setTimeout(() => { label.textContent = verb; }, 2500);
});

// Without https the clipboard object does not exist; a selection does the same.
function byHand(words) {
  const field = document.createElement("textarea");
  field.value = words;
  field.className = "vh";
  field.readOnly = true;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
