// The units that a bulletin goes to: one box for all of a kind, and how many of them are chosen.

for (const group of document.querySelectorAll(".bulletin-addressees fieldset")) {
  const units = [...group.querySelectorAll("input[name=addressees]")];
  const all = group.querySelector("[data-all]");
  const count = group.querySelector("[data-count]");
  const show = () => {
    const chosen = units.filter((unit) => unit.checked).length;
    all.checked = chosen === units.length;
    all.indeterminate = chosen > 0 && chosen < units.length;
    count.textContent = `${chosen} / ${units.length}`;
  };
  all.closest("label").hidden = units.length < 2;
  all.addEventListener("change", () => {
    for (const unit of units) unit.checked = all.checked;
    show();
  });
  for (const unit of units) unit.addEventListener("change", show);
  show();
}
