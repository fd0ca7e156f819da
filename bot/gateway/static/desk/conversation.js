// One ticket's conversation at this desk: what was said, and what is on its way.
//
// What the agent has sent stays in this tab until the gateway has it, under a client_id made once:
// a retry neither loses nor doubles it.
import { newId } from "../widget/calls.js";
import { get, post } from "./api.js";

export const pathOf = (number, verb = "") => `/tickets/${encodeURIComponent(number)}${verb && `/${verb}`}`;

export class Conversation extends EventTarget {
  // outbox: a draft that holds what is on its way
  constructor(number, outbox) {
    super();
    this.number = number;
    this.outbox = outbox;
    this.messages = [];
    this.seq = 0;
    // Whatever was on its way when the page closed waits for the agent to decide.
    this.pending = (outbox.get() || []).map((entry) => ({ ...entry, state: "failed", why: "页面关闭时还没有发出" }));
    this.sending = Promise.resolve();
  }

  fire(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  // ── hearing ───────────────────────────────────────────────────────────────
  // Everything behind what is known; asked for while it runs, it looks once more.
  catchUp() {
    this.wanted = true;
    this.catching ||= this.readOn().finally(() => (this.catching = null));
    return this.catching;
  }

  async readOn() {
    while (this.wanted) {
      this.wanted = false;
      for (let more = true; more; ) {
        const page = await get(pathOf(this.number, "messages"), { after: this.seq });
        page.messages.forEach((message) => this.take(message));
        more = page.more;
      }
    }
  }

  // A gap in the numbers means that something was missed on the way.
  arrived(message) {
    if (message.seq > this.seq + 1) return this.catchUp();
    this.take(message);
    return null;
  }

  take(message) {
    if (message.seq <= this.seq) return;
    this.seq = message.seq;
    this.messages.push(message);
    this.settle((entry) => entry.client_id === message.client_id);
    this.fire("message", message);
  }

  // ── speaking ──────────────────────────────────────────────────────────────
  say(text) {
    const entry = { client_id: newId(), text, state: "sending", at: new Date().toISOString() };
    this.pending.push(entry);
    this.keep();
    return this.deliver(entry);
  }

  retry(entry) {
    Object.assign(entry, { state: "sending", why: "" });
    this.keep();
    return this.deliver(entry);
  }

  drop(entry) {
    this.settle((each) => each === entry);
  }

  // One after the other, so that they arrive in the order in which they were written.
  deliver(entry) {
    this.sending = this.sending.then(() => this.hand(entry));
    return this.sending;
  }

  async hand(entry) {
    const { client_id, text } = entry;
    try {
      const { seq } = await post(pathOf(this.number, "messages"), { text, client_id });
      entry.state = "sent";
      // Should the line be down, its own message is shown all the same.
      if (seq > this.seq) await this.catchUp();
    } catch (error) {
      if (entry.state !== "sent") Object.assign(entry, { state: "failed", why: error.message });
    }
    this.keep();
  }

  settle(done) {
    const left = this.pending.filter((entry) => !done(entry));
    if (left.length === this.pending.length) return;
    this.pending = left;
    this.keep();
  }

  keep() {
    if (this.pending.length) this.outbox.keep(this.pending.map(({ client_id, text, at }) => ({ client_id, text, at })));
    else this.outbox.forget();
    this.fire("pending");
  }
}
