// A conversation over the public API: sending with retries, receiving over SSE.
//
// What the customer has sent stays in an outbox in localStorage until the gateway has
// acknowledged it, under a client_id made once; so a reload or a dropped line neither loses nor
// doubles a message.

import { sendFile } from "./files.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
// The gateway sends a heartbeat every 20 s; a line silent for longer is dead, whatever it says.
const SILENCE_MS = 45000;
// Answers that mean "later", not "never".
const TRY_AGAIN = new Set([429, 500, 502, 503, 504]);

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

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
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        if (!this.saved.id) await this.open();
        if (!this.closed) await this.catchUp();
        if (this.closed) return;
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

  async call(method, path, body, headers) {
    const response = await fetch(this.server + path, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(headers || { Authorization: `Bearer ${this.saved.token}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return answer;
    const error = answer.error || {};
    throw new ApiError(response.status, error.code, error.message || "服务暂时不可用，请稍后再试。");
  }

  async catchUp() {
    for (;;) {
      const page = await this.call("GET", `${this.path()}/messages?after=${this.seq}`);
      page.messages.forEach((message) => this.take(message));
      page.feedback.forEach((verdict) => this.emit("feedback", verdict));
      this.emit("state", { state: page.state });
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
    const source = new EventSource(url);
    this.source = source;
    const alive = () => {
      clearTimeout(this.watchdog);
      this.watchdog = setTimeout(() => this.reconnect(), SILENCE_MS);
    };
    const on = (type, handle) =>
      source.addEventListener(type, (event) => {
        alive();
        handle(event.data ? JSON.parse(event.data) : {});
      });
    source.onopen = () => {
      alive();
      this.emit("line", { up: true });
    };
    on("message", (message) => this.arrived(message));
    on("state", (data) => this.emit("state", data));
    on("typing", (data) => this.emit("typing", data));
    on("ticket", (data) => this.emit("ticket", data));
    on("ping", () => {});
    on("expired", () => this.expired());
    source.onerror = () => this.reconnect();
    alive();
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
    clearTimeout(this.watchdog);
    if (this.source) this.source.close();
    this.source = null;
  }

  reconnect() {
    this.stopListening();
    if (this.closed || this.reconnecting) return;
    this.emit("line", { up: false });
    this.reconnecting = true;
    setTimeout(() => {
      this.reconnecting = false;
      if (!this.closed) this.start();
    }, RETRY_MS[0]);
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
        await this.call("POST", `${this.path()}/messages`, entry.body);
        this.settle(entry.body.client_id);
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

  close() {
    this.closed = true;
    this.stopListening();
  }
}

function wait(attempt) {
  const base = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
  // Spread out, so that a gateway coming back is not met by everybody at once.
  return new Promise((resolve) => setTimeout(resolve, base * (0.75 + Math.random() / 2)));
}

// Whose conversation it is; only to keep two customers of one browser apart.
function subject(token) {
  try {
    const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(part)).sub;
  } catch {
    return "anonymous";
  }
}

// randomUUID is only there on https and localhost; a page tried out over a LAN has neither.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
}
