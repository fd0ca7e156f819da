// One ticket as it is worked on: its head with actions, the conversation, where one writes, the side.
import { tell, toast } from "../staff/alerts.js";
import { holds } from "../staff/roles.js";
import { button, el, note, once, waiting } from "../staff/ui.js";
import { resolution } from "./actions.js";
import { get } from "./api.js";
import { Composer } from "./composer.js";
import { pathOf } from "./conversation.js";
import { drafts } from "./desk.js";
import { ticketHead } from "./head.js";
import { LEADING } from "./roles.js";
import { isOver, isTalking } from "./rows.js";
import { sideView } from "./side.js";
import { Thread } from "./thread.js";

export class TicketView {
  constructor(desk, number) {
    Object.assign(this, { desk, number });
    this.ending = new AbortController();
    this.signal = this.ending.signal;
    this.draft = drafts.of(desk.person, `${number}/record`);
    this.head = ticketHead(desk, number, this.draft, () => this.turnSide());
    this.talk = el("section", { class: "talk", "aria-label": "会话" }, waiting());
    this.node = el("div", { class: "ticket-view" }, this.talk);
    desk.on("rows", () => this.rowChanged(), this.signal);
    desk.on("note", (written) => written.number === number && this.noted(written), this.signal);
    addEventListener("visibilitychange", () => this.read(), { signal: this.signal });
  }

  close() {
    this.ending.abort();
  }

  // What the page knows without asking, or what was asked for.
  get row() {
    return this.desk.rows.get(this.number) || this.detail;
  }

  async begin() {
    this.standing = this.standingNow();
    try {
      this.detail = await get(pathOf(this.number), {}, this.signal);
      if (this.conversation) this.update();
      else await this.open();
    } catch (error) {
      if (error.name !== "AbortError") this.closed(error);
    }
  }

  // Somebody else's: what the list tells is all there is to see, and perhaps it can be taken.
  closed(error) {
    this.conversation = this.composer = this.mode = null;
    const why = error.status === 403 ? el("p", {}, error.message)
      : el("div", {}, el("p", {}, `没有读到会话：${error.message}`), button("重新读取", () => this.begin(), "quiet"));
    if (this.row) this.showHead();
    else this.head.node.hidden = true;
    this.talk.replaceChildren(this.head.node, el("div", { class: "empty" }, why));
    this.node.replaceChildren(this.talk);
  }

  async open() {
    this.conversation = this.desk.conversation(this.number);
    this.thread = new Thread(this.desk, this.conversation, (text) => this.giveBack(text), this.signal);
    this.side = sideView(this.desk, this.detail, { insert: (text) => this.composer?.insert(text), signal: this.signal });
    this.foot = el("div", { class: "foot" });
    this.detail.notes.forEach((each) => this.thread.addNote(each));
    this.conversation.addEventListener("message", (event) => this.heard(event.detail), { signal: this.signal });
    this.talk.replaceChildren(this.head.node, this.thread.node, this.foot);
    this.node.replaceChildren(this.talk, this.side.node);
    this.showHead();
    this.showFoot();
    await this.conversation.catchUp().catch(tell);
    this.thread.toBottom();
    this.loaded = true;
    this.heardAll(true);
  }

  // What decides which actions and which foot are there; a row that has gone is somebody else's.
  standingNow() {
    const row = this.desk.rows.get(this.number);
    return row ? JSON.stringify([row.state, row.agent, row.guests, row.asks]) : "gone";
  }

  rowChanged() {
    if (this.standingNow() !== this.standing) this.begin();
    else if (this.row) this.showHead();
  }

  update() {
    this.side.update(this.detail);
    this.detail.notes.forEach((each) => this.thread.addNote(each));
    this.showHead();
    this.showFoot();
    // What had the focus may be there no more.
    if (document.activeElement === document.body) this.focus();
  }

  // ── what is shown ─────────────────────────────────────────────────────────
  showHead() {
    this.head.node.hidden = false;
    this.head.show(this.row);
  }

  turnSide() {
    return this.node.classList.toggle("side-open");
  }

  showFoot() {
    const mode = this.writes();
    if (mode === this.mode && mode !== "none") return;
    this.mode = mode;
    this.composer = ["reply", "whisper"].includes(mode) ? new Composer(this.desk, this.row, this.conversation, mode) : null;
    const feet = { record: () => this.record(), none: () => note(this.whyNot()) };
    this.thread.following(() => {
      this.foot.replaceChildren(this.composer ? this.composer.node : feet[mode]());
      this.composer?.fit();
    });
  }

  whyNot() {
    const { row } = this;
    if (isOver(row)) return `这张工单${row.state_name}。`;
    if (row.state === "offered") return this.desk.isMine(row) ? "应答以后才能回复。" : "正在等坐席应答。";
    if (!row.agent) return "接入以后才能回复。";
    if (this.desk.isAsked(row)) return "答应以后才能回复。";
    return holds(this.desk.person, LEADING) ? "旁听以后，新的对话会马上显示，也可以给坐席写悄悄话。" : "您在这里只看，不能写。";
  }

  // What one may write: "reply", "whisper", the "record" of what is over, or "none"
  writes() {
    const { row } = this;
    const mode = this.desk.guestMode(row);
    if (this.desk.isMine(row) && isTalking(row)) return "reply";
    if (this.desk.isMine(row) && row.state === "wrap_up") return "record";
    if (mode && isTalking(row)) return mode === "join" ? "reply" : "whisper";
    return "none";
  }

  record() {
    const { node, write } = resolution(this.desk, this.row, this.draft);
    const send = el("button", { type: "submit", class: "button primary" }, "办结");
    const form = el("form", { onsubmit: (event) => (event.preventDefault(), once(send, write)) },
      node, el("div", { class: "actions" }, send));
    return el("section", { class: "record", "aria-label": "办结记录" }, el("h3", {}, "会话已结束，写下办结记录"), form);
  }

  // ── what happens ──────────────────────────────────────────────────────────
  // Of many that come together, once.
  heard(message) {
    if (!this.loaded) return;
    if (!this.hearing) queueMicrotask(() => this.heardAll(this.hearing.asked));
    this.hearing = { asked: this.hearing?.asked || message.role === "customer" };
  }

  heardAll(asked) {
    this.hearing = null;
    this.read();
    if (asked) this.side?.refresh();
  }

  noted(written) {
    if (!this.detail || this.detail.notes.some((each) => each.id === written.id)) return;
    this.detail.notes.push(written);
    this.side?.update(this.detail);
  }

  giveBack(text) {
    if (this.composer?.mode === "reply") this.composer.giveBack(text);
    else toast("会话不在您手上，这句话先留在这里，可以选中复制。");
    return this.composer?.mode === "reply";
  }

  read() {
    if (!document.hidden && this.conversation) this.desk.read(this.number, this.conversation.seq);
  }

  focus() {
    (this.composer?.input || this.foot?.querySelector("select") || this.node.querySelector("h2"))?.focus();
  }
}
