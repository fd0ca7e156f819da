// A conversation over the public API: sending with retries, receiving over SSE.
//
// What the customer has sent stays in an outbox in localStorage until the gateway has
// acknowledged it, under a client_id made once; so a reload or a dropped line neither loses nor
// doubles a message.

import { TRY_AGAIN, call, newId, subject, wait } from "./calls.js";
import { sendFile } from "./files.js";
import { Stream } from "./stream.js";

// So soon what was sent is to be seen.
const UNSEEN_MS = 8000;
// Says "is being written" once in so long.
const TYPING_MS = 3000;
// Events that are handed on as they come.
const PASSED = ["state", "typing", "ticket", "announcement"];

export class Connection extends EventTarget {
  // server: origin of the gateway; customerToken: JWT of the bank's app or null
  constructor(server, customerToken) {
    super();
    this.server = server;
    this.customerToken = customerToken;
    this.key = `bankbot:${server}:${subject(customerToken)}`;
    this.saved = this.load();
    this.seq = 0;
    this.closed = false;
    this.sending = false;
    this.large = false;
  }

  load() {
    try {
      const saved = JSON.parse(localStorage.getItem(this.key));
      return saved && saved.id ? { outbox: [], ...saved } : { outbox: [] };
    } catch {
      return { outbox: [] };
    }
  }

  save() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.saved));
    } catch {
      // Private browsing without storage: the conversation lives as long as the page.
    }
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  async start() {
    this.closed = false;
    if (this.starting) return;
    this.starting = true;
    await this.begin();
    this.starting = false;
  }

  async begin() {
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        if (!this.saved.id) await this.open();
        if (!this.closed) await this.catchUp();
        if (this.closed) return;
        this.tellLarge();
        this.emit("ready", {});
        this.listen();
        this.flush();
        return;
      } catch (error) {
        if (error.status === 401 || error.status === 403 || error.status === 404) {
          if (this.refused(error)) return;
        } else this.emit("line", { up: false });
        await wait(attempt);
      }
    }
  }

  // A token that no longer opens its conversation: begin a new one, but only if there was one.
  refused(error) {
    if (this.saved.id) {
      this.forget();
      this.emit("restarted", {});
      return false;
    }
    this.emit("failed", { message: error.message });
    return true;
  }

  forget() {
    this.saved = { outbox: [] };
    this.seq = 0;
    this.save();
  }

  async open() {
    const headers = this.customerToken ? { Authorization: `Bearer ${this.customerToken}` } : {};
    const opened = await this.call("POST", "/api/conversations", { channel: "web" }, headers);
    this.saved = { id: opened.conversation_id, token: opened.token, outbox: this.saved.outbox };
    this.save();
  }

  // Names the customer of a conversation that began without one; keeps what was said.
  async identify(customerToken) {
    await this.call("POST", `${this.path()}/identity`, { customer_token: customerToken });
    const former = this.key;
    this.customerToken = customerToken;
    this.key = `bankbot:${this.server}:${subject(customerToken)}`;
    this.save();
    localStorage.removeItem(former);
  }

  path() {
    return `/api/conversations/${this.saved.id}`;
  }

  call(method, path, body, headers) {
    const mine = headers || { Authorization: `Bearer ${this.saved.token}` };
    return call(method, this.server + path, body, mine);
  }

  async catchUp() {
    for (;;) {
      const page = await this.call("GET", `${this.path()}/messages?after=${this.seq}`);
      page.messages.forEach((message) => this.take(message));
      page.feedback.forEach((verdict) => this.emit("feedback", verdict));
      this.emit("state", { state: page.state });
      this.emit("announcement", page.announcement);
      if (!page.messages.length) return;
    }
  }

  // Each message once and in order, whichever way it came.
  take(message) {
    if (message.seq <= this.seq) return;
    this.seq = message.seq;
    if (message.client_id) this.settle(message.client_id);
    this.emit("message", message);
  }

  settle(clientId) {
    this.saved.outbox = this.saved.outbox.filter((entry) => entry.body.client_id !== clientId);
    this.save();
  }

  listen() {
    this.stopListening();
    const token = encodeURIComponent(this.saved.token);
    const url = `${this.server}${this.path()}/events?after=${this.seq}&token=${token}`;
    const passed = Object.fromEntries(PASSED.map((type) => [type, (data) => this.emit(type, data)]));
    this.stream = new Stream(url, {
      ...passed,
      message: (message) => this.arrived(message),
      expired: () => this.expired(),
    }, {
      alive: () => this.emit("line", { up: true }),
      dead: () => this.reconnect(),
    });
  }

  // A gap in the numbers means that something was missed on the way: ask for it.
  arrived(message) {
    if (message.seq > this.seq + 1) this.catchUp().catch(() => this.reconnect());
    else this.take(message);
  }

  expired() {
    this.stopListening();
    this.refused({});
    this.start();
  }

  stopListening() {
    clearTimeout(this.unseen);
    this.stream?.close();
    this.stream = null;
  }

  // What the gateway has taken comes back as an event; where it does not, the line is deaf.
  look(seq) {
    clearTimeout(this.unseen);
    if (seq > this.seq) this.unseen = setTimeout(() => seq > this.seq && this.reconnect(), UNSEEN_MS);
  }

  reconnect() {
    this.stopListening();
    if (this.closed || this.reconnecting) return;
    this.emit("line", { up: false });
    this.reconnecting = true;
    wait(0).then(() => {
      this.reconnecting = false;
      if (!this.closed) this.start();
    });
  }

  // body: {text} or {quick_reply}; shown: what the customer sees of it meanwhile
  send(body, shown) {
    const entry = { body: { ...body, client_id: newId() }, shown };
    this.saved.outbox.push(entry);
    this.save();
    this.emit("sending", entry);
    this.flush();
  }

  // A file is not kept over a reload, as its browser forgets it; whoever reloads picks it again.
  async upload(file) {
    const entry = { body: { client_id: newId() }, shown: file.name };
    this.emit("sending", entry);
    const progress = (percent) => this.emit("progress", { entry, percent });
    progress(0);
    try {
      const url = `${this.server}${this.path()}/files?client_id=${entry.body.client_id}`;
      await sendFile(url, this.saved.token, file, progress);
    } catch (error) {
      this.emit("rejected", { entry, message: error.message });
    }
  }

  async flush() {
    if (this.sending || this.closed || !this.saved.id) return;
    this.sending = true;
    for (let attempt = 0; this.saved.outbox.length && !this.closed; ) {
      const [entry] = this.saved.outbox;
      try {
        const { seq } = await this.call("POST", `${this.path()}/messages`, entry.body);
        this.settle(entry.body.client_id);
        this.look(seq);
        attempt = 0;
      } catch (error) {
        if (error.status && !TRY_AGAIN.has(error.status)) {
          this.settle(entry.body.client_id);
          this.emit("rejected", { entry, message: error.message, status: error.status });
          if (error.status === 401) break;
        } else {
          this.emit("line", { up: error.status === 429 });
          await wait(attempt++);
        }
      }
    }
    this.sending = false;
    if (this.saved.outbox.length === 0) this.emit("sent", {});
  }

  // verdict: {verdict, cause, reason}
  feedback(seq, verdict) {
    return this.call("POST", `${this.path()}/feedback`, { seq, ...verdict });
  }

  // path: what stands behind "…/complaints"
  complaints(method, path, body) {
    return this.call(method, `${this.path()}/complaints${path}`, body);
  }

  // path: what stands behind "…/handoff"
  handoff(method, path, body) {
    return this.call(method, `${this.path()}/handoff${path}`, body);
  }

  // The customer is writing to a person. Where it is not told, nothing is missed.
  typing() {
    const now = Date.now();
    if (this.typedAt && now - this.typedAt < TYPING_MS) return;
    this.typedAt = now;
    this.call("POST", `${this.path()}/typing`, {}).catch(() => {});
  }

  // Whoever serves the customer then speaks slowly. Where it is not told, the next start tells it.
  tellLarge() {
    const { large, saved } = this;
    if (!saved.id || Boolean(saved.large) === large) return;
    this.call("POST", `${this.path()}/display`, { large_type: large })
      .then(() => {
        saved.large = large;
        this.save();
      })
      .catch(() => {});
  }

  // What the customer has put aside in this conversation, over a reload.
  get aside() {
    return this.saved.aside || [];
  }

  putAside(name) {
    this.saved.aside = [...this.aside, name];
    this.save();
  }

  close() {
    this.closed = true;
    this.stopListening();
  }
}
