// Keys pressed before the script of the page listens are kept for it; it is loaded in the head, at once and whole.

window.zhengtuEarlyKeys = [];
document.addEventListener("keydown", function keep(event) {
  if (document.querySelector("[data-hears]")) return document.removeEventListener("keydown", keep);
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("textarea, input, select")) return;
  window.zhengtuEarlyKeys.push(event.key);
});
