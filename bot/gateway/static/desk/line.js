// The desk's line to the gateway: server-sent events, watched for silence, opened anew with back-off.

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
// The gateway says something every 10 s; a line silent for longer is dead, whatever it says itself.
const SILENCE_MS = 25000;
const KINDS = [
  "hello", "tickets", "queue", "ticket", "gone", "message", "note", "typing", "presence", "announcement", "answer", "ping",
];

// Fires each event of KINDS with its data as detail, and "up" and "down".
export class Line extends EventTarget {
  // check(): resolves once the session is known to be good, since an event source does not say
  // why it failed
  constructor(url, check) {
    super();
    this.url = url;
    this.check = check;
    this.attempt = 0;
    this.closed = false;
    addEventListener("offline", () => this.lost());
    addEventListener("online", () => this.down && this.again(0));
  }

  open() {
    const source = new EventSource(this.url);
    this.source = source;
    KINDS.forEach((kind) => source.addEventListener(kind, (event) => this.heard(kind, event)));
    source.onerror = () => this.lost();
    this.watch();
  }

  heard(kind, event) {
    this.watch();
    if (kind === "hello") {
      this.attempt = 0;
      this.down = false;
      this.fire("up");
    }
    this.fire(kind, JSON.parse(event.data || "{}"));
  }

  fire(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  watch() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lost(), SILENCE_MS);
  }

  lost() {
    this.hangUp();
    if (this.closed) return;
    this.down = true;
    this.fire("down");
    const base = RETRY_MS[Math.min(this.attempt++, RETRY_MS.length - 1)];
    // Spread out, so that a gateway coming back is not met by every desk at once.
    this.again(base * (0.75 + Math.random() / 2));
  }

  again(milliseconds) {
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.reopen(), milliseconds);
  }

  async reopen() {
    try {
      await this.check();
    } catch {
      return this.lost();
    }
    if (this.closed || this.source) return null;
    return this.open();
  }

  hangUp() {
    clearTimeout(this.watchdog);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }

  close() {
    this.closed = true;
    this.hangUp();
  }
}
