// A service asks only for what its way needs: the other particulars rest until another way is chosen.

const PARTICULARS = {
  "is_signed": ["direct", "household_member"],
  "received_on": ["post", "electronic"],
  "has_witness": ["left_in_place"],
  "has_recording": ["left_in_place"],
  "has_consent": ["electronic"],
  "is_untraceable": ["announcement"],
  "period_days": ["announcement"],
};

for (const method of document.querySelectorAll("select[name='attribute-method']")) {
  const fields = Object.entries(PARTICULARS)
    .map(([name, ways]) => [method.form.elements[`attribute-${name}`], ways])
    .filter(([field]) => field);
  if (!fields.length) continue;
  const show = () => {
    for (const [field, ways] of fields) {
      const isAsked = ways.includes(method.value);
      field.closest(".field").hidden = !isAsked;
      field.disabled = !isAsked;
    }
  };
  method.addEventListener("change", show);
  show();
}
