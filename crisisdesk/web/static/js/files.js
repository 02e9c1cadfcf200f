// data-drop: the frame takes a dropped file and gives it to the input inside.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const frame = event.target.closest?.("[data-drop]");
    if (!frame) return;
    event.preventDefault();
    frame.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop") return;
    const input = frame.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
