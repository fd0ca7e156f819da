// <bankbot-chat server="https://GATEWAY" token="JWT" open large>
//
// Attributes: server (default: where the script came from), token (the customer as the bank's app
// signed them), greeting (the opening line), open, large. Events: "bankbot-sign-in" when the customer wants to sign in.
// Methods: signIn(jwt), signOut().
import { Complaints } from "./complaints.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { el } from "./dom.js";
import { Feedback } from "./feedback.js";
import { whyNot } from "./files.js";
import { Handoff } from "./handoff.js";
import { STATES, headerView, humanBar } from "./header.js";
import { Hot } from "./hot.js";
import { LogView } from "./log.js";
import { isFaqAnswer } from "./messages.js";
import { Notice } from "./notice.js";
import { STYLE } from "./style.js";

const HOME = new URL("../..", import.meta.url).origin;
// Says that a machine answers and that a person is there too.
const GREETING = "您好，我是云杉银行智能助手小杉，由人工智能为您解答。需要人工时，点“人工”或说“转人工”就好。";

export class BankbotChat extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.feedback = new Map();
    this.unread = 0;
  }

  connectedCallback() {
    if (!this.launcher) this.build();
    this.connect(this.getAttribute("token"));
    this.show(this.hasAttribute("open"));
  }

  disconnectedCallback() {
    this.connection.close();
  }

  build() {
    this.unreadMark = el("span", { class: "unread", hidden: true });
    this.launcher = el(
      "button",
      { class: "launch", type: "button", "aria-haspopup": "dialog", onclick: () => this.show(true, true) },
      "在线客服",
      this.unreadMark
    );
    const { header, ...marks } = headerView({
      human: () => this.callHuman(),
      large: () => this.toggleLarge(),
      close: () => this.show(false, true),
    });
    Object.assign(this, marks);
    this.buildViews();
    this.lineMark = el("div", { class: "line", role: "status", hidden: true }, "网络不太顺畅，正在重新连接……");
    this.panel = el(
      "div",
      { class: "panel", role: "dialog", "aria-label": "云杉银行在线客服",
        onkeydown: (event) => event.key === "Escape" && this.show(false, true) },
      header, this.lineMark, this.notice.node, this.complaints.link, this.complaints.node, this.log.node,
      this.handoff.node, this.composer.node, this.humanBar
    );
    this.shadowRoot.append(el("style", {}, STYLE), this.launcher, this.panel);
    this.setLarge(this.large || Boolean(localStorage.getItem("bankbot:large")));
  }

  buildViews() {
    this.notice = new Notice();
    this.humanBar = humanBar(() => this.callHuman());
    this.log = new LogView();
    this.composer = new Composer({
      server: () => this.connection.server,
      maySuggest: () => this.state === "bot" && !this.codeAsked,
      wrote: () => this.state === "human" && this.connection.typing(),
      say: (text) => this.say(text),
      pick: (question) => this.pick(question),
      upload: (files) => this.upload(files),
    });
    this.hot = new Hot({
      server: () => this.connection.server,
      empty: () => this.ready && !this.connection.seq && !this.log.pending.size,
      put: (list) => this.log.node.append(list),
      pick: (question) => this.pick(question),
    });
    this.complaints = new Complaints({
      call: (method, path, body) => this.connection.complaints(method, path, body),
      shown: (open) => (this.log.node.hidden = this.composer.node.hidden = open),
    });
    this.handoff = new Handoff({
      call: (method, path, body) => this.connection.handoff(method, path, body),
      large: () => this.large,
      aside: { has: (name) => this.connection.aside.includes(name), put: (name) => this.connection.putAside(name) },
      keep: (change) => this.log.keep(change),
    });
  }

  connect(token) {
    if (this.connection) this.connection.close();
    this.clear();
    const connection = new Connection(this.getAttribute("server") || HOME, token);
    this.connection = connection;
    connection.large = this.large;
    // What a former connection still has under way is no longer this conversation's.
    const on = (type, handle) =>
      connection.addEventListener(type, (event) => connection === this.connection && handle(event.detail));
    on("message", (message) => this.receive(message));
    on("sending", (entry) => this.log.showPending(entry));
    on("rejected", ({ entry, message }) => {
      this.log.reject(entry, message);
      this.composer.giveBack(entry.body.text);
    });
    on("progress", ({ entry, percent }) => this.log.progress(entry, percent));
    on("restarted", () => this.clear("会话已过期，已为您开始新的会话。"));
    on("failed", ({ message }) => this.log.notice(message));
    on("line", ({ up }) => (this.lineMark.hidden = up));
    on("state", ({ state }) => {
      this.setState(state);
      this.handoff.refresh();
    });
    on("typing", ({ typing }) => this.log.setTyping(typing, this.state === "human"));
    on("ticket", (ticket) => this.setTicket(ticket));
    on("announcement", (announcement) => this.notice.show(announcement));
    on("feedback", (verdict) => this.feedback.get(verdict.seq)?.restore(verdict));
    on("ready", () => {
      this.ready = true;
      this.readComplaints();
      this.offerHot();
    });
    this.connection.saved.outbox.forEach((entry) => this.log.showPending(entry));
    this.connection.start();
  }

  // ── what the bank's page calls ────────────────────────────────────────────
  async signIn(token) {
    try {
      await this.connection.identify(token);
      this.setAttribute("token", token);
      this.log.notice("已登录，可以继续办理。");
      this.readComplaints();
      const resume = this.log.node.querySelector(".replies button");
      if (resume && this.waitsForSignIn) resume.click();
    } catch (error) {
      this.log.notice(error.message);
    }
  }

  signOut() {
    this.removeAttribute("token");
    this.connection.forget();
    this.connect(null);
  }

  // ── sending ───────────────────────────────────────────────────────────────
  say(text) {
    this.connection.send({ text }, text);
  }

  callHuman() {
    this.complaints.leave();
    this.say("转人工");
  }

  // A suggested or hot question is asked in its own words.
  pick(question) {
    this.say(question);
    this.refocus();
  }

  upload(files) {
    for (const file of files) {
      const why = whyNot(file);
      if (why) this.log.notice(`“${file.name}”没有上传：${why}。`);
      else this.connection.upload(file);
    }
    this.refocus();
  }

  press(reply) {
    this.connection.send({ quick_reply: reply.value }, reply.title);
    this.refocus();
  }

  // The pressed button goes; on a touch screen the text field would bring the keyboard up.
  refocus() {
    const next = matchMedia("(pointer: coarse)").matches ? this.log.node : this.composer.input;
    next.focus({ preventScroll: true });
  }

  // ── showing ───────────────────────────────────────────────────────────────
  receive(message) {
    this.waitsForSignIn = message.card?.type === "sign_in";
    this.noteCode(message);
    this.log.show(message, this.actions(), this.feedbackOn(message));
    if (message.role !== "customer" && !this.hasAttribute("open")) this.markUnread();
    // New cases and notices about them come as the system's messages.
    if (message.role === "system" && this.ready) this.readComplaints();
  }

  readComplaints() {
    if (this.connection.customerToken) this.complaints.refresh();
  }

  actions() {
    return {
      press: (reply) => this.press(reply),
      upload: (files) => this.upload(files),
      signIn: () => this.dispatchEvent(new CustomEvent("bankbot-sign-in", { bubbles: true, composed: true })),
    };
  }

  feedbackOn(message) {
    if (!isFaqAnswer(message)) return null;
    const feedback = new Feedback((verdict) => this.connection.feedback(message.seq, verdict));
    this.feedback.set(message.seq, feedback);
    return feedback;
  }

  // As the gateway sees it: a code is asked for until the customer's next message is answered.
  noteCode(message) {
    if (message.role === "customer") this.codeSent = true;
    else if (this.codeSent) this.codeSent = this.codeAsked = false;
    if (message.card?.type === "one_time_code") this.codeAsked = true;
    if (this.codeAsked) this.composer.suggestions.close();
  }

  offerHot() {
    if (this.hasAttribute("open") && this.state === "bot") this.hot.offer();
  }

  clear(text) {
    this.feedback.clear();
    this.ready = this.codeAsked = this.codeSent = false;
    this.hot.clear();
    // Until the gateway has said so, it is not known whether a person has the conversation.
    this.state = null;
    this.composer.suggestions.close();
    this.complaints.clear();
    this.handoff.clear();
    this.log.clear(this.getAttribute("greeting") || GREETING);
    if (text) this.log.notice(text);
  }

  setState(state) {
    this.state = state;
    this.stateMark.textContent = STATES[state] || STATES.bot;
    this.humanButton.hidden = this.humanBar.hidden = state !== "bot";
    if (state === "bot") return;
    this.log.setTyping(false);
    this.composer.suggestions.close();
  }

  setTicket(ticket) {
    this.handoff.ticket(ticket);
    if (this.state === "queued" && ticket.position) {
      this.stateMark.textContent = `排队第 ${ticket.position} 位`;
    }
  }

  show(open, focus) {
    this.toggleAttribute("open", open);
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    if (open) {
      this.unread = 0;
      this.unreadMark.hidden = true;
      this.log.toBottom();
      this.offerHot();
    }
    if (focus) (open ? this.composer.input : this.launcher).focus();
  }

  markUnread() {
    this.unread += 1;
    this.unreadMark.textContent = this.unread;
    this.unreadMark.hidden = false;
  }

  get large() {
    return this.hasAttribute("large");
  }

  setLarge(large) {
    this.toggleAttribute("large", large);
    this.largeButton.setAttribute("aria-pressed", large);
    if (!this.connection) return;
    this.connection.large = large;
    this.connection.tellLarge();
  }

  toggleLarge() {
    this.setLarge(!this.large);
    if (this.large) localStorage.setItem("bankbot:large", "1");
    else localStorage.removeItem("bankbot:large");
  }
}
