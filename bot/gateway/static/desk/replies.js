// Canned replies: opened by a button or by "/" in an empty field, narrowed by typing.
import { button, el, newName } from "../staff/ui.js";

const MOST = 8;
// The same key gives others of these while a Chinese input method is on.
const STROKE = /^[/／、]/;

export class Replies {
  // replies: [{id, title, text, lines}]; those of the ticket's line come first; pick(text)
  constructor(input, replies, line, pick) {
    Object.assign(this, { input, pick, active: -1, found: [] });
    const weight = (reply) => (reply.lines.includes(line) ? 0 : reply.lines.length ? 2 : 1);
    this.replies = [...replies].sort((a, b) => weight(a) - weight(b));
    const name = newName("replies");
    this.node = el("ul", { class: "options replies", id: name, role: "listbox", "aria-label": "常用语", hidden: true });
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", name);
    this.opener = button("常用语", () => (this.node.hidden ? this.open("") : this.close()), "quiet");
    input.addEventListener("blur", () => setTimeout(() => this.node.contains(document.activeElement) || this.close()));
    this.close();
  }

  typed() {
    const { value } = this.input;
    if (STROKE.test(value)) this.open(value.slice(1).trim());
    else this.close();
  }

  open(words) {
    const fits = ({ title, text }) => !words || `${title}${text}`.includes(words);
    this.found = this.replies.filter(fits).slice(0, words ? MOST : undefined);
    this.node.replaceChildren(...this.found.map((reply) => this.option(reply)));
    this.node.hidden = !this.found.length;
    this.input.setAttribute("aria-expanded", !this.node.hidden);
    this.input.focus();
    this.mark(this.found.length ? 0 : -1);
  }

  option(reply) {
    const node = el("li", { role: "option", id: newName("reply") }, el("b", {}, reply.title), el("small", {}, reply.text));
    // Before the field loses the focus.
    node.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.choose(reply);
    });
    return node;
  }

  mark(index) {
    this.active = index;
    [...this.node.children].forEach((node, at) => node.setAttribute("aria-selected", at === index));
    const marked = this.node.children[index];
    if (marked) this.input.setAttribute("aria-activedescendant", marked.id);
    else this.input.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  choose(reply) {
    if (STROKE.test(this.input.value)) this.input.value = "";
    this.close();
    this.pick(reply.text);
  }

  close() {
    this.node.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  // Whether the key was for the list.
  keyed(event) {
    if (this.node.hidden || event.isComposing) return false;
    const { length } = this.found;
    const work = {
      ArrowDown: () => this.mark((this.active + 1) % length),
      ArrowUp: () => this.mark((this.active - 1 + length) % length),
      Enter: () => this.choose(this.found[this.active]),
      Escape: () => this.close(),
    }[event.key];
    if (!work) return false;
    event.preventDefault();
    work();
    return true;
  }
}
