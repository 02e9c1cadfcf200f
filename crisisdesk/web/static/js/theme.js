// Light, dark or as the system: at once here, and by the form's post for the next page.
document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-theme-pick]");
  if (!pick) return;
  const chosen = pick.dataset.themePick;
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
});
