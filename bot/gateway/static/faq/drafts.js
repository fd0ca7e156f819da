// Edits that are not saved yet, kept in this tab through reloads and sign-ins.
//
// A draft is {entry, revision}: what was typed and what it was typed over. Each belongs to one
// person: the next one at this browser does not see it.
import { el } from "../widget/dom.js";

const PREFIX = "bankbot:faq-draft:";
const NEW = "（新条目）";

const keyOf = (person, place) => `${PREFIX}${person.name}:${place}`;

// place: the entry's id, or the address under which a new one is written
export class Draft {
  constructor(person, place) {
    this.key = keyOf(person, place);
  }

  get() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  keep(entry, revision) {
    sessionStorage.setItem(this.key, JSON.stringify({ entry, revision }));
  }

  forget() {
    sessionStorage.removeItem(this.key);
  }
}

// Places of a person's drafts.
export function unsaved(person) {
  const prefix = keyOf(person, "");
  return Object.keys(sessionStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

export function forgetAll(person) {
  unsaved(person).forEach((place) => new Draft(person, place).forget());
}

let leaving = false;

// Begins the page anew, for another person; drafts stay where they are.
export function reload() {
  leaving = true;
  location.reload();
}

// Closing the tab would lose them.
addEventListener("beforeunload", (event) => {
  if (!leaving && Object.keys(sessionStorage).some((key) => key.startsWith(PREFIX))) event.preventDefault();
});

// What reminds of them elsewhere on the page; null: there are none.
export function reminder(person) {
  const places = unsaved(person);
  if (!places.length) return null;
  const links = places.map((place) =>
    el("a", { href: `#/entries/${place}` }, place.startsWith("new") ? NEW : place)
  );
  return el("div", { class: "banner" }, el("p", {}, "还有没保存的修改："), ...links);
}
