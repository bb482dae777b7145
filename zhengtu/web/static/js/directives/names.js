// A field of names from a register: chosen ones as chips, more by searching. Without this script it is a plain
// field in which names are parted by “、”.

const PARTS = /[、,，;；\n]/;
const SHOWN = 8;

export function enhanceNames(root) {
  for (const field of root.querySelectorAll("input[data-names]")) if (!field.dataset.isEnhanced) enhance(field);
}

function register(id) {
  const list = document.getElementById(id);
  return list ? [...list.options].map((option) => ({ name: option.value, words: `${option.value} ${option.label} ${option.dataset.words ?? ""}`.toLowerCase() })) : [];
}

function enhance(field) {
  const isMany = field.dataset.names === "many";
  const known = register(field.getAttribute("list"));
  const texts = document.querySelector("[data-names-texts]")?.dataset ?? {};
  const box = document.createElement("div");
  box.className = "names";
  const chips = document.createElement("ul");
  chips.className = "plain names-chips";
  const search = document.createElement("input");
  const choices = document.createElement("ul");
  choices.className = "plain names-choices";
  choices.id = `${field.id}-choices`;
  choices.setAttribute("role", "listbox");
  choices.hidden = true;
  search.type = "text";
  search.autocomplete = "off";
  search.id = `${field.id}-search`;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": choices.id, "aria-autocomplete": "list" })) search.setAttribute(name, value);
  document.querySelector(`label[for="${field.id}"]`)?.setAttribute("for", search.id);
  field.dataset.isEnhanced = "yes";
  field.removeAttribute("list");
  field.type = "hidden";
  box.append(chips, search, choices);
  field.after(box);

  const names = () => field.value.split(PARTS).map((name) => name.trim()).filter(Boolean);
  let at = -1;

  function write(given) {
    field.value = [...new Set(given)].join("、");
    field.dispatchEvent(new Event("change", { bubbles: true }));
    draw();
  }
  function draw() {
    const given = names();
    chips.replaceChildren(...given.map((name) => {
      const chip = document.createElement("li");
      chip.textContent = name;
      if (!known.some((one) => one.name === name)) { chip.className = "is-unknown"; chip.title = texts.unknown ?? ""; }
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "button-link";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${texts.remove ?? ""} ${name}`.trim());
      remove.addEventListener("click", () => { write(names().filter((one) => one !== name)); search.focus(); });
      chip.append(remove);
      return chip;
    }));
    search.hidden = !isMany && given.length > 0;
    search.placeholder = texts.search ?? "";
  }
  function offer() {
    const wanted = search.value.trim().toLowerCase();
    const given = new Set(names());
    const found = known.filter((one) => !given.has(one.name) && (!wanted || one.words.includes(wanted))).slice(0, SHOWN);
    at = wanted && found.length ? 0 : -1;
    choices.replaceChildren(...found.map((one, index) => {
      const choice = document.createElement("li");
      choice.id = `${choices.id}-${index}`;
      choice.setAttribute("role", "option");
      choice.textContent = one.name;
      choice.addEventListener("pointerdown", (event) => { event.preventDefault(); take(one.name); });
      return choice;
    }));
    choices.hidden = found.length === 0;
    search.setAttribute("aria-expanded", String(!choices.hidden));
    point();
  }
  function point() {
    [...choices.children].forEach((choice, index) => choice.setAttribute("aria-selected", String(index === at)));
    if (at >= 0) search.setAttribute("aria-activedescendant", choices.children[at].id);
    else search.removeAttribute("aria-activedescendant");
  }
  function take(name) {
    write(isMany ? [...names(), name] : [name]);
    search.value = "";
    close();
    if (isMany) search.focus();
  }
  function close() { choices.hidden = true; search.setAttribute("aria-expanded", "false"); }

  search.addEventListener("input", () => { if (search.value.trim()) offer(); else close(); });
  search.addEventListener("blur", () => { close(); if (search.value.trim()) take(search.value.trim()); });
  search.addEventListener("keydown", (event) => {
    const count = choices.hidden ? 0 : choices.children.length;
    if (event.key === "ArrowDown" && !count) { offer(); event.preventDefault(); }
    else if (event.key === "ArrowDown") { at = (at + 1) % count; point(); event.preventDefault(); }
    else if (event.key === "ArrowUp" && count) { at = (at - 1 + count) % count; point(); event.preventDefault(); }
    else if (event.key === "Enter" && (at >= 0 || search.value.trim())) {
      take(at >= 0 && count ? choices.children[at].textContent : search.value.trim());
      event.preventDefault();
    } else if (event.key === "Escape") close();
    else if (event.key === "Backspace" && !search.value && names().length) write(names().slice(0, -1));
  });
  draw();
}
