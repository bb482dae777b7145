// Loaded in the head, before anything is painted, so that a chosen theme never flashes.
(() => {
  const chosen = localStorage.getItem("zhengtu.theme");
  const isFixed = document.documentElement.hasAttribute("data-theme-fixed");
  if (!isFixed && (chosen === "light" || chosen === "dark")) document.documentElement.dataset.theme = chosen;
})();
