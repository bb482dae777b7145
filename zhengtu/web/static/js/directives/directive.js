// One directive: an address that ends in the name of a deed opens its form; forms ask for names by searching.
import { enhanceNames } from "./names.js";

function openDeed() {
  const deed = location.hash.startsWith("#deed-") && document.getElementById(location.hash.slice(1));
  if (deed) deed.open = true;
}

enhanceNames(document);
addEventListener("hashchange", openDeed);
openDeed();
