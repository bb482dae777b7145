// Search on the map: words go to the server, a chosen find is flown to.

export function setUpSearch({ settings, campaign, onFound }) {
  const { urls, texts } = settings;
  const field = document.getElementById("wall-search"), list = document.getElementById("wall-finds");
  let finds = [], active = -1, asked = 0, timer;

  const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); active = -1; };
  const show = () => {
    list.replaceChildren(...finds.map((find, i) => {
      const item = document.createElement("li");
      item.id = `find-${i}`;
      item.role = "option";
      item.setAttribute("aria-selected", String(i === active));
      item.append(Object.assign(document.createElement("span"), { className: "find-kind", textContent: texts[find.kind] }));
      item.append(Object.assign(document.createElement("span"), { className: "find-title", textContent: find.title }));
      item.append(Object.assign(document.createElement("span"), { className: "find-detail code", textContent: find.detail }));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(i); });
      return item;
    }));
    if (!finds.length) list.append(Object.assign(document.createElement("li"), { className: "quiet", textContent: texts.nothing_found }));
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    field.setAttribute("aria-activedescendant", active >= 0 ? `find-${active}` : "");
    list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const choose = (i) => {
    const find = finds[i];
    if (!find) return;
    close();
    field.value = find.title;
    onFound({ ...find, box: find.box ?? campaign.sections.get(find.code.split("-").slice(0, 3).join("-"))?.box ?? null });
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const words = field.value.trim();
    if (words.length < 2) return close();
    timer = setTimeout(async () => {
      const turn = ++asked;
      const answer = await fetch(`${urls.search}?${new URLSearchParams({ q: words })}`, { credentials: "same-origin" });
      if (!answer.ok || turn !== asked) return;
      ({ finds } = await answer.json());
      active = finds.length ? 0 : -1;
      show();
    }, 180);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { if (!list.hidden) { event.stopPropagation(); close(); } return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + finds.length) % (finds.length || 1);
      show();
    } else if (event.key === "Enter") { event.preventDefault(); choose(active); }
  });
  field.addEventListener("blur", close);
}
