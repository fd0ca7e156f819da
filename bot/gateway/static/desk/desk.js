// What this desk knows: the agent, the tickets, the conversations that were opened, the line.
import { tell } from "../staff/alerts.js";
import { Drafts } from "../staff/drafts.js";
import { personName } from "../staff/format.js";
import { Answers } from "./answers.js";
import { DESK_API, get, post } from "./api.js";
import { setClock } from "./clock.js";
import { Conversation, pathOf } from "./conversation.js";
import { Line } from "./line.js";
import { asksOf, guestMode, inDeskOrder, inQueueOrder, isFresh, isMine, isOffer, isQueued } from "./rows.js";

const TYPING_MS = 8000;

export const drafts = new Drafts("desk");

// Fires "rows" (any ticket changed), "me", "line", "announcement", and of one ticket "typing",
// "note" and "taken", whose detail names it; "call", "answer" and "words" are for who has to look up.
export class Desk extends EventTarget {
  constructor(person) {
    super();
    this.person = person;
    this.rows = new Map();
    this.conversations = new Map();
    this.typing = new Map();
    // How many wait further back than the front of the queue, which is all that rows hold of it.
    this.behind = 0;
    this.up = true;
    this.announcement = null;
    // What calls for the agent now, by key.
    this.calls = new Map();
    this.answers = new Answers();
  }

  fire(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  // Listens for as long as a view is shown.
  on(kinds, work, signal) {
    kinds.split(" ").forEach((kind) => this.addEventListener(kind, (event) => work(event.detail), { signal }));
  }

  async begin() {
    await Promise.all([this.refresh(), this.learn()]);
    this.line = new Line(`${DESK_API}/events`, () => this.alive());
    const hear = {
      up: () => this.lineIs(true), down: () => this.lineIs(false),
      hello: ({ now }) => setClock(now), tickets: (all) => this.all(all),
      queue: ({ behind }) => this.counted(behind), ticket: (row) => this.changed(row),
      gone: ({ number }) => this.gone(number), message: (message) => this.message(message),
      note: (note) => this.fire("note", note), typing: (typing) => this.typed(typing),
      presence: ({ state }) => this.present(state), ping: () => this.beat().catch(() => {}),
      announcement: (announcement) => this.announced(announcement), answer: (answer) => this.answered(answer),
    };
    Object.entries(hear).forEach(([kind, work]) => this.line.addEventListener(kind, (event) => work(event.detail)));
    const first = new Promise((known) =>
      ["tickets", "down"].forEach((kind) => this.line.addEventListener(kind, known, { once: true }))
    );
    this.line.open();
    // A list that is not known yet would look as if nobody were there.
    await first;
    return this;
  }

  async refresh() {
    this.me = await get("/me");
    this.fire("me");
  }

  // What things and people are called, and which of them are there.
  async learn() {
    this.names = await get("/names");
  }

  // What a colleague is called; whoever is none, such as the system, by what records say.
  nameOf(agent) {
    return this.names.agents.find((each) => each.id === agent)?.name || personName(agent);
  }

  lineIs(up) {
    this.up = up;
    this.fire("line");
  }

  // Timers of a hidden tab hardly run, events do: the agent is there as long as the line is.
  async beat() {
    if (this.me.state !== "off") this.present((await post("/beat")).state);
  }

  // While the line is looked for, too.
  async alive() {
    await this.refresh();
    await this.beat();
  }

  // ── tickets ───────────────────────────────────────────────────────────────
  all({ mine, queue, behind }) {
    this.behind = behind;
    this.rows = new Map([...queue, ...mine].map((row) => [row.number, this.latest(row)]));
    this.news();
  }

  counted(behind) {
    this.behind = behind;
    this.fire("rows");
  }

  changed(row) {
    this.rows.set(row.number, this.latest(row));
    this.news();
  }

  // What was said before this line began to listen is asked for; what was read here just now the
  // gateway may not have heard of yet.
  latest(row) {
    const known = this.rows.get(row.number);
    const conversation = this.conversations.get(row.number);
    if (conversation && conversation.seq < row.last_seq) conversation.catchUp().catch(tell);
    return { ...row, seen_seq: Math.max(row.seen_seq, known?.seen_seq || 0) };
  }

  gone(number) {
    this.rows.delete(number);
    this.news();
  }

  // Offers and asks that are new here; those that are over may be made again.
  news() {
    const offers = this.mine().filter((row) => isOffer(row, this.me.agent));
    const calls = [...offers.map(({ number }) => ({ key: number, kind: "offer", number })), ...this.asked()];
    const fresh = calls.filter(({ key }) => !this.calls.has(key));
    this.calls = new Map(calls.map((call) => [call.key, call]));
    this.fire("rows");
    fresh.forEach((call) => this.fire("call", call));
  }

  // What colleagues ask of this agent: {key, kind, number, row, ask}
  asked() {
    return [...this.rows.values()].flatMap((row) =>
      asksOf(row, this.me.agent).map((ask) => ({ key: `${row.number}/${ask.id}`, kind: ask.kind, number: row.number, row, ask }))
    );
  }

  // Whether a customer would be kept waiting: who is only asked to look in may take their time.
  pressing() {
    return [...this.calls.values()].some(({ kind }) => kind !== "look");
  }

  answered(answer) {
    if (!this.answers.take(answer)) return;
    if (answer.kind === "take" && answer.state === "accepted") drafts.of(this.person, answer.number).forget();
    this.fire("answer", answer);
    this.fire("rows");
  }

  forget(answer) {
    this.answers.forget(answer);
    this.fire("rows");
  }

  mine() {
    return [...this.rows.values()].filter((row) => this.isMine(row)).sort(inDeskOrder);
  }

  followed() {
    return [...this.rows.values()].filter((row) => !this.isMine(row) && this.concerns(row)).sort(inDeskOrder);
  }

  queue() {
    return [...this.rows.values()].filter(isQueued).sort(inQueueOrder);
  }

  // Whether a ticket that waits is one of those a desk is told of.
  atFront(row) {
    const queue = this.queue();
    return isQueued(row) && (!this.behind || (queue.length > 0 && inQueueOrder(row, queue[queue.length - 1]) < 0));
  }

  isMine = (row) => isMine(row, this.me.agent);

  guestMode = (row) => guestMode(row, this.me.agent);

  isAsked = (row) => asksOf(row, this.me.agent).length > 0;

  // Whether somebody else's conversation is followed here, or is to be.
  concerns = (row) => this.guestMode(row) || this.isAsked(row);

  unread() {
    return this.mine().filter((row) => isFresh(row) || isOffer(row, this.me.agent)).length + this.asked().length;
  }

  // ── conversations ─────────────────────────────────────────────────────────
  conversation(number) {
    if (!this.conversations.has(number)) {
      this.conversations.set(number, new Conversation(number, drafts.of(this.person, `${number}/outbox`)));
    }
    return this.conversations.get(number);
  }

  message({ number, ...message }) {
    Promise.resolve(this.conversations.get(number)?.arrived(message)).catch(tell);
    const row = this.rows.get(number);
    if (row && message.seq > row.last_seq) this.changed({ ...row, last: message, last_seq: message.seq });
    if (message.role === "customer") {
      this.typed({ number, typing: false });
      this.fire("words", { number, message });
    }
  }

  typed({ number, typing }) {
    clearTimeout(this.typing.get(number));
    this.typing.delete(number);
    // Whoever closes their window no longer says that they have stopped.
    if (typing) this.typing.set(number, setTimeout(() => this.typed({ number, typing: false }), TYPING_MS));
    this.fire("typing", { number, typing });
  }

  // Reading to the end; what is known here is shown at once.
  read(number, seq) {
    const row = this.rows.get(number);
    if (!row || row.seen_seq >= seq || !(this.isMine(row) || this.guestMode(row))) return;
    this.rows.set(number, { ...row, seen_seq: seq });
    this.fire("rows");
    post(pathOf(number, "read"), { seq }).catch(() => {});
  }

  // ── doing something ───────────────────────────────────────────────────────
  // One of a ticket's verbs; its row as it is afterwards.
  async act(number, verb, body = {}) {
    const row = await post(pathOf(number, verb), body);
    if (this.isMine(row) || this.concerns(row) || this.atFront(row)) this.changed(row);
    else this.gone(number);
    this.refresh().catch(() => {});
    return row;
  }

  // "transfer" or "resolve": what was begun to be written to the customer is of no use any more.
  async part(number, verb, body) {
    const row = await this.act(number, verb, body);
    drafts.of(this.person, number).forget();
    return row;
  }

  // "claim" or an accept: it is on this desk from now on.
  async take(number, verb, body = {}) {
    await this.act(number, verb, body);
    this.fire("taken", { number });
  }

  // kind: "take" or "look"; what came of it the last time is of no interest any more
  async ask(number, kind, to, note) {
    const row = await this.act(number, "ask", { kind, to, note });
    this.forget({ number, kind });
    return row;
  }

  async be(state) {
    await post("/presence", { state });
    await this.refresh();
  }

  present(state) {
    if (state === this.me.state) return;
    this.me = { ...this.me, state };
    this.fire("me");
  }

  announced(announcement) {
    this.announcement = announcement;
    this.fire("announcement");
  }
}
