// How a message looks to whoever serves the customer.
import { renderCard } from "../widget/cards.js";
import { clock, day, markup } from "../widget/dom.js";
import { origin } from "../widget/messages.js";
import { button, el, note } from "../staff/ui.js";
import { revealing } from "./reveal.js";

// What a customer's own buttons in a card would be, told rather than offered.
const OFFERED = { sign_in: "（给客户看的“登录”按钮）", upload: "（给客户看的上传按钮）" };

function speaker(message, nameOf) {
  if (message.role === "customer") return "客户";
  if (message.role !== "agent") return message.role === "bot" ? origin(message) : "系统";
  const agent = message.source?.agent;
  return agent ? `坐席 ${nameOf(agent)} ${agent}` : "坐席";
}

function card(message) {
  if (!message.card) return null;
  // The number stands in the head already.
  if (message.card.type === "ticket") return null;
  return message.card.type in OFFERED ? note(OFFERED[message.card.type]) : renderCard(message.card, {});
}

function replies(message) {
  if (!message.quick_replies.length) return null;
  const titles = message.quick_replies.map((reply) => el("li", {}, reply.title));
  return el("ul", { class: "offered", "aria-label": "给客户的按钮" }, ...titles);
}

const when = (at) => el("time", { datetime: at }, clock(at));

// What the customer wrote may hold numbers that are masked at first.
function shown(message, number, signal) {
  if (!message.text) return [];
  if (message.role === "bot") return [el("div", { class: "bubble" }, markup(message.text))];
  const bubble = el("div", { class: "bubble" }, message.text);
  if (!message.masked) return [bubble];
  const how = { field: `message:${message.seq}`, label: "这句话的原文", title: "显示原文" };
  return [bubble, revealing(number, bubble, how, signal)];
}

// number: the ticket's; nameOf(agent): what a colleague is called
export function messageNode(message, { number, nameOf, signal }) {
  const head = el("div", { class: "by" }, el("span", {}, speaker(message, nameOf)), when(message.at));
  const letter = message.role === "system" && message.text.includes("\n") ? "letter" : "";
  return el(
    "div",
    { class: `message ${message.role} ${letter}`, "data-seq": message.seq, "data-at": message.at },
    head, ...shown(message, number, signal), card(message), replies(message)
  );
}

export const noteNode = (written, by) =>
  el(
    "div",
    { class: "message aside-note", "data-note": written.id, "data-at": written.at },
    el("div", { class: "by" }, el("span", {}, `${written.whisper ? "悄悄话" : "内部备注"} · ${by}`),
      when(written.at)),
    el("div", { class: "bubble" }, written.text)
  );

export const dayNode = (at) => el("div", { class: "day", "data-day": day(at) }, day(at));

// entry: what is on its way; see conversation.js
export function pendingNode(entry, { retry, back }) {
  const failed = entry.state === "failed";
  const state = failed
    ? el("div", { class: "state failed", role: "alert" }, `没有发出：${entry.why} `,
      button("重试", retry, "quiet"), button("放回输入框", back, "quiet"))
    : el("div", { class: "state" }, "发送中……");
  return el("div", { class: `message agent pending ${entry.state}` }, el("div", { class: "bubble" }, entry.text), state);
}

export const typingNode = () =>
  el("p", { class: "typing note", role: "status" }, "客户正在输入……");
