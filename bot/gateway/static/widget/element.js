// <bankbot-chat server="https://GATEWAY" token="JWT" open large>
//
// Attributes: server (default: where the script came from), token (the customer as the bank's app
// signed them), greeting (the opening line), open, large. Events: "bankbot-sign-in" when the customer wants to sign in.
// Methods: signIn(jwt), signOut().
import { Connection } from "./connection.js";
import { el } from "./dom.js";
import { messageView, pendingView, typingView } from "./messages.js";
import { STYLE } from "./style.js";

const HOME = new URL("../..", import.meta.url).origin;
const STATES = { bot: "智能助手", queued: "等待人工", human: "人工服务中" };
const NEAR_BOTTOM_PX = 120;
// Says that a machine answers and that a person is there too.
const GREETING = "您好，我是云杉银行智能助手，由人工智能为您解答。需要时点“人工”或说“转人工”，随时有人接待。";

export class BankbotChat extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" });
    this.pending = new Map();
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
    this.stateMark = el("span", { class: "state", role: "status" }, STATES.bot);
    this.humanButton = el(
      "button",
      { type: "button", title: "转接人工客服", onclick: () => this.say("转人工") },
      "人工"
    );
    this.largeButton = el(
      "button",
      { type: "button", title: "大字版", "aria-label": "大字版", "aria-pressed": "false",
        onclick: () => this.toggleLarge() },
      "大字"
    );
    const close = el(
      "button",
      { type: "button", "aria-label": "收起对话", onclick: () => this.show(false, true) },
      "✕"
    );
    this.lineMark = el("div", { class: "line", role: "status", hidden: true }, "网络不太顺畅，正在重新连接……");
    this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "对话内容", tabindex: "0" });
    this.input = el("textarea", {
      rows: "1", "aria-label": "输入您的问题", placeholder: "请输入您的问题", enterkeyhint: "send",
      oninput: () => this.fit(), onkeydown: (event) => this.keyed(event),
    });
    const form = el("form", { onsubmit: (event) => this.submitted(event) }, this.input,
      el("button", { class: "primary", type: "submit" }, "发送"));
    this.panel = el(
      "div",
      { class: "panel", role: "dialog", "aria-label": "云杉银行在线客服",
        onkeydown: (event) => event.key === "Escape" && this.show(false, true) },
      el("header", {}, el("h2", {}, "在线客服"), this.stateMark, this.largeButton, this.humanButton, close),
      this.lineMark, this.log, form
    );
    this.shadowRoot.append(el("style", {}, STYLE), this.launcher, this.panel);
    if (localStorage.getItem("bankbot:large")) this.toggleLarge();
  }

  connect(token) {
    if (this.connection) this.connection.close();
    this.clear();
    this.connection = new Connection(this.getAttribute("server") || HOME, token);
    const on = (type, handle) =>
      this.connection.addEventListener(type, (event) => handle(event.detail));
    on("message", (message) => this.receive(message));
    on("sending", (entry) => this.showPending(entry));
    on("rejected", ({ entry, message }) => this.reject(entry, message));
    on("restarted", () => this.clear("会话已过期，已为您开始新的会话。"));
    on("failed", ({ message }) => this.notice(message));
    on("line", ({ up }) => (this.lineMark.hidden = up));
    on("state", ({ state }) => this.setState(state));
    on("typing", ({ typing }) => this.setTyping(typing));
    on("ticket", (ticket) => this.setTicket(ticket));
    this.connection.saved.outbox.forEach((entry) => this.showPending(entry));
    this.connection.start();
  }

  // ── what the bank's page calls ────────────────────────────────────────────
  async signIn(token) {
    try {
      await this.connection.identify(token);
      this.setAttribute("token", token);
      this.notice("已登录，可以继续办理。");
      const resume = this.log.querySelector(".replies button");
      if (resume && this.waitsForSignIn) resume.click();
    } catch (error) {
      this.notice(error.message);
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

  submitted(event) {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.fit();
    this.say(text);
    this.input.focus();
  }

  keyed(event) {
    // Enter also picks a word in a Chinese input method; then it sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.submitted(event);
  }

  press(reply) {
    this.connection.send({ quick_reply: reply.value }, reply.title);
    this.input.focus({ preventScroll: true });
  }

  // ── showing ───────────────────────────────────────────────────────────────
  receive(message) {
    const pending = message.client_id && this.pending.get(message.client_id);
    if (pending) {
      pending.remove();
      this.pending.delete(message.client_id);
    }
    this.retireReplies();
    if (message.role !== "customer") this.setTyping(false);
    this.waitsForSignIn = message.card?.type === "sign_in";
    this.add(messageView(message, this.actions()));
    if (message.role !== "customer" && !this.hasAttribute("open")) this.markUnread();
  }

  actions() {
    return {
      press: (reply) => this.press(reply),
      signIn: () => this.dispatchEvent(new CustomEvent("bankbot-sign-in", { bubbles: true, composed: true })),
      rate: (seq, verdict) => this.connection.feedback(seq, verdict),
    };
  }

  showPending(entry) {
    this.retireReplies();
    const view = pendingView(entry.shown);
    this.pending.set(entry.body.client_id, view);
    this.add(view, true);
  }

  reject(entry, why) {
    const view = this.pending.get(entry.body.client_id);
    this.pending.delete(entry.body.client_id);
    if (view) view.querySelector(".meta").replaceChildren(el("span", { class: "failed" }, `未发送：${why}`));
    if (entry.body.text && !this.input.value) this.input.value = entry.body.text;
  }

  // Only the newest offer can be taken up; the gateway refuses older ones.
  retireReplies() {
    this.log.querySelectorAll(".replies").forEach((replies) => replies.remove());
  }

  add(view, force) {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    const following = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    const waiting = [...this.pending.values()].find((other) => other !== view && other.isConnected);
    if (waiting && !this.isPending(view)) waiting.before(view);
    else this.log.append(view);
    if (this.typing) this.log.append(this.typing);
    if (following || force) this.log.scrollTop = this.log.scrollHeight;
  }

  isPending(view) {
    return [...this.pending.values()].includes(view);
  }

  notice(text) {
    this.add(messageView({ role: "system", text, quick_replies: [] }, {}), true);
  }

  clear(text) {
    this.pending.clear();
    this.log.replaceChildren(el("p", { class: "greeting" }, this.getAttribute("greeting") || GREETING));
    this.setTyping(false);
    if (text) this.notice(text);
  }

  setState(state) {
    this.state = state;
    this.stateMark.textContent = STATES[state] || STATES.bot;
    this.humanButton.hidden = state !== "bot";
    if (state !== "bot") this.setTyping(false);
  }

  setTicket(ticket) {
    if (this.state === "queued" && ticket.position) {
      this.stateMark.textContent = `排队第 ${ticket.position} 位`;
    }
  }

  setTyping(typing) {
    if (!typing && this.typing) this.typing.remove();
    if (typing === Boolean(this.typing)) return;
    this.typing = typing ? typingView() : null;
    if (typing) this.add(this.typing);
  }

  show(open, focus) {
    this.toggleAttribute("open", open);
    this.panel.hidden = !open;
    this.launcher.hidden = open;
    if (open) {
      this.unread = 0;
      this.unreadMark.hidden = true;
      this.log.scrollTop = this.log.scrollHeight;
    }
    if (focus) (open ? this.input : this.launcher).focus();
  }

  markUnread() {
    this.unread += 1;
    this.unreadMark.textContent = this.unread;
    this.unreadMark.hidden = false;
  }

  toggleLarge() {
    const large = this.toggleAttribute("large");
    this.largeButton.setAttribute("aria-pressed", large);
    if (large) localStorage.setItem("bankbot:large", "1");
    else localStorage.removeItem("bankbot:large");
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }
}
