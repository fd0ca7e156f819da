// What was typed and is not saved yet, kept in this tab through reloads and sign-ins.
//
// Each draft belongs to one person: the next one at this browser does not see it.

class Draft {
  constructor(key) {
    this.key = key;
  }

  get() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  keep(value) {
    sessionStorage.setItem(this.key, JSON.stringify(value));
  }

  forget() {
    sessionStorage.removeItem(this.key);
  }
}

export class Drafts {
  // page: whose drafts they are, e.g. "faq"
  constructor(page) {
    this.prefix = `bankbot:${page}-draft:`;
    // Closing the tab would lose them.
    addEventListener("beforeunload", (event) => !leaving && this.under("").length && event.preventDefault());
  }

  // place: what it is a draft of
  of(person, place) {
    return new Draft(`${this.prefix}${person.name}:${place}`);
  }

  // Places of a person's drafts.
  unsaved(person) {
    return this.under(`${person.name}:`);
  }

  forgetAll(person) {
    this.unsaved(person).forEach((place) => this.of(person, place).forget());
  }

  under(rest) {
    const prefix = this.prefix + rest;
    return Object.keys(sessionStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  }
}

let leaving = false;

// Begins the page anew, for another person; drafts stay where they are.
export function reload() {
  leaving = true;
  location.reload();
}
