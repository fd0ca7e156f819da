// The gateway's events, and noticing that a line is dead though it says nothing of it.

// The gateway says something at once when it is asked, and then at least every 20 s; a line that
// misses two of these heartbeats is dead, whatever it pretends.
const FIRST_MS = 10000;
const SILENCE_MS = 41000;

export class Stream {
  // handlers: {event: what to do with its data}; alive(): something has come; dead(): nothing comes
  // any more, and another stream is needed
  constructor(url, handlers, { alive, dead }) {
    this.source = new EventSource(url);
    this.dead = dead;
    for (const [type, handle] of Object.entries({ ping: () => {}, ...handlers })) {
      this.source.addEventListener(type, (event) => {
        this.expect(SILENCE_MS);
        alive();
        handle(event.data ? JSON.parse(event.data) : null);
      });
    }
    this.source.onerror = () => this.die();
    this.expect(FIRST_MS);
  }

  expect(milliseconds) {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.die(), milliseconds);
  }

  die() {
    this.close();
    this.dead();
  }

  close() {
    clearTimeout(this.watchdog);
    this.source.close();
  }
}
