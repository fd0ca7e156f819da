// What the bank announces to everybody: it stands above the conversation until it is over.
import { clock, day, el } from "./dom.js";

export class Notice {
  constructor() {
    this.title = el("strong", {});
    this.text = el("span", {});
    this.node = el("div", { class: "notice", role: "status", hidden: true }, this.title, this.text);
  }

  // announcement: {title, text, until} or null
  show(announcement) {
    this.node.hidden = !announcement;
    if (!announcement) return;
    const { title, text, until } = announcement;
    this.title.textContent = title;
    this.text.textContent = until ? `${text}（预计 ${day(until)} ${clock(until)} 恢复）` : text;
  }
}
