// The conversation in the middle, with notes among what was said.
import { day } from "../widget/dom.js";
import { el } from "../staff/ui.js";
import { dayNode, messageNode, noteNode, pendingNode, typingNode } from "./message.js";

const NEAR_BOTTOM_PX = 120;

export class Thread {
  // giveBack(text): what could not be sent comes back to be changed; whether there is a place for it
  constructor(desk, conversation, giveBack, signal) {
    Object.assign(this, { desk, conversation, giveBack });
    this.said = el("div", { class: "said-all" });
    this.onTheWay = el("div", { class: "on-the-way" });
    this.typing = typingNode();
    this.typing.hidden = !desk.typing.has(conversation.number);
    this.node = el(
      "div",
      { class: "thread", role: "log", "aria-label": "对话内容", tabindex: "0" },
      this.said, this.onTheWay, this.typing
    );
    this.notes = new Set();
    const place = { number: conversation.number, nameOf: (agent) => desk.nameOf(agent), signal };
    conversation.messages.forEach((message) => this.add(messageNode(message, place)));
    const heard = (event) => this.following(() => this.add(messageNode(event.detail, place)));
    conversation.addEventListener("message", heard, { signal });
    conversation.addEventListener("pending", () => this.showPending(), { signal });
    desk.on("typing", ({ number, typing }) => number === conversation.number && this.showTyping(typing), signal);
    desk.on("note", (note) => note.number === conversation.number && this.addNote(note), signal);
    this.showPending();
  }

  // Each once, whichever way it came; by the time at which it was written.
  add(node) {
    const at = node.dataset.at;
    const later = [...this.said.children].reverse().find((each) => each.dataset.at && each.dataset.at <= at);
    if (later) later.after(node);
    else this.said.prepend(node);
    // Of many that come together, once.
    if (!this.marking) queueMicrotask(() => this.markDays());
    this.marking = true;
  }

  addNote(note) {
    if (this.notes.has(note.id)) return;
    this.notes.add(note.id);
    this.following(() => this.add(noteNode(note, this.desk.nameOf(note.by))));
  }

  markDays() {
    this.marking = false;
    this.said.querySelectorAll(".day").forEach((each) => each.remove());
    let last = "";
    [...this.said.children].forEach((node) => {
      const of = day(node.dataset.at);
      if (of !== last) node.before(dayNode(node.dataset.at));
      last = of;
    });
  }

  showPending() {
    const nodes = this.conversation.pending.map((entry) =>
      pendingNode(entry, {
        retry: () => this.conversation.retry(entry),
        back: () => this.giveBack(entry.text) && this.conversation.drop(entry),
      })
    );
    this.onTheWay.replaceChildren(...nodes);
    if (nodes.length) this.toBottom();
  }

  showTyping(typing) {
    this.following(() => (this.typing.hidden = !typing));
  }

  // Whoever reads further up is left there.
  following(change) {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    change();
    if (near) this.toBottom();
  }

  toBottom() {
    this.node.scrollTop = this.node.scrollHeight;
  }
}
