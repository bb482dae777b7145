// Of the particulars of a due date only those show that its kind needs.

const NEEDED = { date: ["on"], festival: ["on"], campaign_end: ["on"], recurring: ["rule"], unspecified: [] };

export function enhanceDue(root) {
  for (const kind of root.querySelectorAll("select[data-due-kind]")) {
    const show = () => {
      for (const part of kind.closest("[data-due]").querySelectorAll("[data-due-part]")) {
        part.hidden = !NEEDED[kind.value]?.includes(part.dataset.duePart);
      }
    };
    kind.addEventListener("change", show);
    show();
  }
}
