// Edits of entries that are not saved yet. Each is {entry, revision}: what was typed, and over what.
import { Drafts } from "../staff/drafts.js";
import { el } from "../staff/ui.js";

const NEW = "（新条目）";

// Its places: the entry's id, or the address under which a new one is written.
export const drafts = new Drafts("faq");

// What reminds of them elsewhere on the page; null: there are none.
export function reminder(person) {
  const places = drafts.unsaved(person);
  if (!places.length) return null;
  const links = places.map((place) =>
    el("a", { href: `#/entries/${place}` }, place.startsWith("new") ? NEW : place)
  );
  return el("div", { class: "banner" }, el("p", {}, "还有没保存的修改："), ...links);
}
