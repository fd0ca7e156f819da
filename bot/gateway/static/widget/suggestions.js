// Suggestions while typing: a combobox after the WAI-ARIA pattern (list autocomplete, manual
// selection). The list stands over the input, where a phone's keyboard does not hide it.
//
// It never holds up sending: Enter sends what was typed unless an option was chosen by arrow key.
import { el } from "./dom.js";
import { Pause, suggestions } from "./questions.js";

const WAIT_MS = 150;
const LEAST_CHARS = 2;
const MOST_CHARS = 40;
// Codes, cards and telephone numbers, however they are grouped, stay on the customer's side.
const LONG_NUMBER = /\d(?:[\s-]?\d){5}/;
const PAUSE_MS = 10000;

export function worthAsking(text) {
  const folded = text.normalize("NFKC").trim();
  return (
    folded.length >= LEAST_CHARS &&
    folded.length <= MOST_CHARS &&
    !LONG_NUMBER.test(folded) &&
    /\p{L}/u.test(folded)
  );
}

export class Suggestions {
  // input: the text field; server(): origin of the gateway; allowed(): whether anything may be
  // asked now; pick(question): the customer chose one
  constructor(input, { server, allowed, pick }) {
    Object.assign(this, { input, server, allowed, pick });
    this.options = [];
    this.active = -1;
    this.pausedUntil = 0;
    this.list = el("ul", { class: "suggestions", id: "suggestions", role: "listbox",
      "aria-label": "您可能想问", hidden: true });
    // Changed in place: a live region only speaks of what changes after it has appeared.
    this.said = el("p", { class: "sr", role: "status" });
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"],
      ["aria-haspopup", "listbox"], ["aria-controls", "suggestions"], ["aria-expanded", "false"]]) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", (event) => !event.isComposing && this.typed());
    input.addEventListener("compositionend", () => this.typed());
    input.addEventListener("blur", () => this.close());
    // Pressing an option must not take the focus, and with it a phone's keyboard, away.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  typed() {
    this.forget();
    const text = this.input.value;
    if (!this.mayAsk(text)) return this.close();
    this.timer = setTimeout(() => this.ask(text), WAIT_MS);
  }

  mayAsk(text) {
    return this.allowed() && Date.now() >= this.pausedUntil && worthAsking(text);
  }

  async ask(text) {
    if (!this.mayAsk(text)) return;
    const request = (this.request = new AbortController());
    try {
      const found = await suggestions(this.server(), text.trim(), request.signal);
      if (request === this.request && this.input.value === text) this.show(found);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.pausedUntil = Date.now() + (error instanceof Pause ? error.milliseconds : PAUSE_MS);
      this.close();
    }
  }

  // What is under way is out of date.
  forget() {
    clearTimeout(this.timer);
    if (this.request) this.request.abort();
    this.request = null;
  }

  show(found) {
    if (!found.length || !this.allowed() || this.input.getRootNode().activeElement !== this.input) {
      return this.close();
    }
    this.options = found.map(({ question }, index) =>
      el("li", { role: "option", id: `suggestion-${index}`, "aria-selected": "false",
        onclick: () => this.choose(question) }, question)
    );
    this.list.replaceChildren(...this.options);
    this.list.hidden = false;
    this.list.scrollTop = 0;
    this.input.setAttribute("aria-expanded", "true");
    this.mark(-1);
    this.said.textContent = `有 ${found.length} 个相近的问题，按上下方向键选择`;
  }

  close() {
    this.forget();
    this.options = [];
    this.mark(-1);
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute("aria-expanded", "false");
    this.said.textContent = "";
  }

  // Whether the key was ours; then nobody else should act on it.
  keyed(event) {
    if (this.list.hidden || event.isComposing || event.keyCode === 229) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves && !event.shiftKey && !this.input.value.includes("\n")) {
      this.move(moves[event.key]);
    } else if (event.key === "Escape") {
      this.close();
    } else if (event.key === "Enter" && !event.shiftKey && this.active >= 0) {
      this.choose(this.options[this.active].textContent);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // Round and round, with the text field itself as one of the stops.
  move(step) {
    const stops = this.options.length + 1;
    this.mark(((this.active + 1 + step + stops) % stops) - 1);
  }

  mark(index) {
    this.active = index;
    this.options.forEach((each, at) => each.setAttribute("aria-selected", at === index));
    if (index < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", this.options[index].id);
    this.options[index].scrollIntoView({ block: "nearest" });
  }

  choose(question) {
    this.close();
    this.pick(question);
  }
}
