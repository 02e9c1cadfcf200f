// data-then-open="https://…": once the words are copied, the account's own page opens beside the desk.
document.addEventListener("desk:copied", (event) => {
  const url = event.target.dataset.thenOpen;
  if (url && /^https?:\/\//.test(url)) window.open(url, "_blank", "noopener,noreferrer");
});
