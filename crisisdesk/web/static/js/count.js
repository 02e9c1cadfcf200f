// data-count="140" on a field: how much of it is used stands under it. Nothing is cut: the server says what is too long.
const length = (text) => [...text.trim()].length;

function start(field) {
  if (field.dataset.countReady) return;
  field.dataset.countReady = "yes";
  const most = Number(field.dataset.count);
  const shown = document.createElement("span");
  shown.className = "counter";
  shown.dir = "ltr";
  shown.setAttribute("aria-hidden", "true"); // the hint says the limit; a voice at every key would only disturb
  field.after(shown);
  const show = () => {
    const used = length(field.value);
    shown.textContent = `${used} / ${most}`;
    shown.classList.toggle("is-over", used > most);
  };
  field.addEventListener("input", show);
  show();
}

const all = (root) => root.querySelectorAll?.("[data-count]").forEach(start);
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt));
