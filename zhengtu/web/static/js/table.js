// Tables: a row opens beside the list, filters go when a choice changes, views are saved in this browser.

const KEPT_OUT = ["on", "known", "page", "format"];

for (const section of document.querySelectorAll("[data-table]")) {
  followChoices(section);
  foldFilters(section);
  openRowsBeside(section);
  offerSavedViews(section);
}

function followChoices(section) {
  const form = section.querySelector("form.filters");
  form?.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type='checkbox']")) form.requestSubmit();
  });
}

// On a phone the filter row would fill the screen: it stays folded until it is asked for.
function foldFilters(section) {
  const form = section.querySelector("form.filters");
  const toggle = section.querySelector("[data-filters-toggle]");
  if (!form || form.querySelectorAll(".field").length < 3) return;
  toggle.hidden = false;
  form.classList.add("is-folded");
  toggle.addEventListener("click", () => {
    const isFolded = form.classList.toggle("is-folded");
    toggle.setAttribute("aria-expanded", String(!isFolded));
  });
}

function openRowsBeside(section) {
  const panel = section.querySelector("[data-side-panel]");
  if (!panel) return;
  const body = panel.querySelector(".side-panel-body");
  section.querySelector("tbody")?.addEventListener("click", async (event) => {
    const row = event.target.closest("tr[data-panel-href]");
    const otherLink = event.target.closest("a, button, input");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || getSelection().toString()) return;
    if (otherLink && otherLink.getAttribute("href") !== row.dataset.panelHref) return;
    event.preventDefault();
    await show(row);
  });
  panel.querySelector("[data-panel-close]").addEventListener("click", () => panel.close());
  panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  panel.addEventListener("close", () => section.querySelector("tr.is-chosen")?.classList.remove("is-chosen"));

  async function show(row) {
    const answer = await fetch(row.dataset.panelHref, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const content = page.querySelector("main#content");
    if (!answer.ok || !content) { location.assign(row.dataset.panelHref); return; }
    for (const sheet of page.querySelectorAll("link[rel='stylesheet']")) {
      const href = sheet.getAttribute("href");
      if (!document.querySelector(`link[rel='stylesheet'][href='${href}']`)) document.head.append(document.importNode(sheet));
    }
    section.querySelector("tr.is-chosen")?.classList.remove("is-chosen");
    row.classList.add("is-chosen");
    panel.querySelector("h2").textContent = page.querySelector(".page-bar h1")?.textContent.trim() ?? "";
    panel.querySelector("[data-panel-open]").href = row.dataset.panelHref;
    body.replaceChildren(...[...content.childNodes].map((node) => document.importNode(node, true)));
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  }
}

function offerSavedViews(section) {
  const place = section.querySelector("[data-saved-views]");
  const texts = section.querySelector("[data-saved-views-texts]").dataset;
  const key = `zhengtu.views.${section.dataset.table}`;
  const read = () => JSON.parse(localStorage.getItem(key) ?? "{}");
  const write = (views) => { localStorage.setItem(key, JSON.stringify(views)); draw(); };
  // A saved view keeps filters, order and columns, never dates: tomorrow it shows tomorrow's figures.
  const here = () => {
    const query = new URLSearchParams(location.search);
    for (const name of KEPT_OUT) query.delete(name);
    return query.toString();
  };
  const dates = () => {
    const query = new URLSearchParams(location.search);
    return ["on", "known"].filter((name) => query.has(name)).map((name) => [name, query.get(name)]);
  };

  function draw() {
    const views = read();
    const parts = Object.entries(views).map(([name, query]) => {
      const link = document.createElement("a");
      const target = new URLSearchParams(query);
      for (const [date, value] of dates()) target.set(date, value);
      link.href = `?${target}`;
      link.textContent = name;
      if (query === here()) link.setAttribute("aria-current", "true");
      return link;
    });
    const current = Object.keys(views).find((name) => views[name] === here());
    if (current || here()) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button-link";
      button.textContent = current ? texts.forget : texts.save;
      button.addEventListener("click", () => {
        if (current) { delete views[current]; write(views); return; }
        const name = prompt(texts.name)?.trim();
        if (name) write({ ...views, [name]: here() });
      });
      parts.push(button);
    }
    place.replaceChildren(...parts);
    place.hidden = parts.length === 0;
  }
  draw();
}
