// Page chrome: theme switch, menus that close by themselves, forms that go when a field changes, side panel.

const root = document.documentElement;

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    localStorage.setItem("zhengtu.theme", root.dataset.theme);
    document.dispatchEvent(new CustomEvent("zhengtu:theme", { detail: root.dataset.theme }));
  });
}

const menus = () => document.querySelectorAll("details.menu[open]");
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("focusin", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing) {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
});

// A form marked data-submit-on-change is sent as soon as one of its fields changes; a date half typed is not sent.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type === "date" && field.value && !/^(19|20)\d\d-/.test(field.value)) return;
    form.requestSubmit();
  });
}

// Empty fields of a GET form stay out of the address, so that addresses are short enough to send.
for (const form of document.querySelectorAll("form[method='get']")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && field.value === "") field.disabled = true;
  });
}
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[method='get'] :disabled[name]")) field.disabled = false;
});

// Deeds that need a second thought: <form data-confirm="text"> asks first.
for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault();
  });
}

// One press, one deed: the button that was pressed rests until the answer comes.
for (const form of document.querySelectorAll("form[method='post']")) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented || form.hasAttribute("data-download")) return;
    requestAnimationFrame(() => {
      for (const button of form.querySelectorAll("button:not([type='button'])")) button.setAttribute("aria-busy", "true");
    });
  });
}

// Choosing "print" anywhere.
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());

// What is being computed meanwhile: <… data-reload-after="seconds"> loads the page again, while nobody types or reads a menu.
for (const waiting of document.querySelectorAll("[data-reload-after]")) {
  setTimeout(() => { if (!document.querySelector("details[open], :focus:is(input, textarea, select)")) location.reload(); }, 1000 * waiting.dataset.reloadAfter);
}
