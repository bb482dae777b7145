// Curves of the cockpit and of the project page: <div data-curves="id of the json script">.
import { drawCurves } from "./charts.js";

for (const element of document.querySelectorAll("[data-curves]")) {
  const data = document.getElementById(element.dataset.curves);
  if (data) drawCurves(element, JSON.parse(data.textContent));
}
