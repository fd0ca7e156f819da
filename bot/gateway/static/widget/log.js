// The conversation as it stands on the screen: messages, what is still being sent, offers.
import { el } from "./dom.js";
import { messageView, pendingView, typingView } from "./messages.js";

const NEAR_BOTTOM_PX = 120;

export class LogView {
  constructor() {
    this.node = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "对话内容", tabindex: "0" });
    this.pending = new Map();
  }

  clear(greeting) {
    this.pending.clear();
    this.setTyping(false);
    this.node.replaceChildren(el("p", { class: "greeting" }, greeting));
  }

  // A message of the log takes the place of what was shown of it while it was being sent.
  show(message, actions, feedback) {
    this.takePending(message.client_id)?.remove();
    this.retireOffers();
    if (message.role !== "customer") this.setTyping(false);
    this.add(messageView(message, actions, feedback));
  }

  showPending(entry) {
    this.retireOffers();
    const view = pendingView(entry.shown);
    this.pending.set(entry.body.client_id, view);
    this.add(view, true);
  }

  // How far a file is; read out only when it is done or refused.
  progress(entry, percent) {
    const line = this.pending.get(entry.body.client_id)?.querySelector(".meta");
    if (line) line.replaceChildren(`上传中 ${percent}%`, el("progress", { max: 100, value: percent, "aria-label": "上传进度" }));
  }

  reject(entry, why) {
    const view = this.takePending(entry.body.client_id);
    if (view) view.querySelector(".meta").replaceChildren(el("span", { class: "failed" }, `未发送：${why}`));
  }

  takePending(clientId) {
    const view = this.pending.get(clientId);
    this.pending.delete(clientId);
    return view;
  }

  // Only the newest offer can be taken up; the gateway refuses older ones.
  retireOffers() {
    this.node.querySelectorAll(".replies, .questions").forEach((offer) => offer.remove());
  }

  notice(text) {
    this.add(messageView({ role: "system", text, quick_replies: [] }, {}), true);
  }

  get following() {
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    return scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
  }

  // Whatever takes room from the log leaves its last words in sight.
  keep(change) {
    const { following } = this;
    change();
    if (following) this.toBottom();
  }

  add(view, force) {
    const { following } = this;
    const waiting = [...this.pending.values()].find((other) => other !== view && other.isConnected);
    if (waiting && !this.isPending(view)) waiting.before(view);
    else this.node.append(view);
    if (this.typing) this.node.append(this.typing);
    if (following || force) this.toBottom();
  }

  isPending(view) {
    return [...this.pending.values()].includes(view);
  }

  toBottom() {
    this.node.scrollTop = this.node.scrollHeight;
  }

  // person: whether it is a person who writes
  setTyping(typing, person = false) {
    if (!typing && this.typing) this.typing.remove();
    if (typing === Boolean(this.typing)) return;
    this.typing = typing ? typingView(person) : null;
    if (typing) this.add(this.typing);
  }
}
