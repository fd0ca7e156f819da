// A file out of the page, saved by the browser.
import { el } from "./ui.js";

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
