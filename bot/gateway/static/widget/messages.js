// How one message looks.
import { renderCard } from "./cards.js";
import { clock, el, markup } from "./dom.js";
import { questionList } from "./questions.js";

const SPEAKERS = { customer: "我", bot: "智能助手", agent: "人工客服", system: "提示" };

// Who speaks is said under every answer: an official FAQ answer, a result of business, a person.
export function origin(message) {
  if (message.role === "agent") return "人工";
  if (message.role !== "bot") return null;
  const source = message.source || {};
  if (isFaqAnswer(message)) return "智能助手 · 官方问答";
  if (source.decision === "business") return "智能助手 · 业务结果";
  return "智能助手";
}

// A turn's other messages name the entry as their source too; only the answer itself is judged.
export function isFaqAnswer(message) {
  const source = message.source || {};
  return message.role === "bot" && Boolean(source.faq_id) && source.action === `utter_faq/${source.faq_id}`;
}

// feedback: the thumbs of an FAQ answer, or null
export function messageView(message, actions, feedback = null) {
  const kind = message.role === "system" ? systemKind(message) : message.role;
  const view = el("div", { class: `message ${kind}`, "data-seq": message.seq });
  const bubble = el("div", { class: "bubble" }, el("span", { class: "sr" }, `${SPEAKERS[message.role]}：`));
  bubble.append(message.role === "bot" ? markup(message.text) : message.text);
  if (message.text) view.append(bubble);
  const card = renderCard(message.card, actions);
  if (card) view.append(card);
  if (message.role !== "system") view.append(meta(message, feedback));
  if (feedback) view.append(feedback.outer);
  const [related, business] = parted(message.quick_replies);
  if (business.length) view.append(replies(business, actions));
  if (related.length) {
    const items = related.map((reply) => [reply.title, () => actions.press(reply)]);
    view.append(questionList("相关问题", "related", items));
  }
  return view;
}

// What has several lines, such as the decision on a complaint, is read as a letter.
function systemKind({ text, card }) {
  if (card?.type === "announcement") return "system letter announced";
  return text.includes("\n") ? "system letter" : "system";
}

const parted = (list) => [
  list.filter((reply) => reply.group === "related"),
  list.filter((reply) => reply.group !== "related"),
];

function meta(message, feedback) {
  const line = el("div", { class: "meta" }, origin(message), el("time", { datetime: message.at }, clock(message.at)));
  if (feedback) line.append(...feedback.thumbs);
  return line;
}

function replies(list, actions) {
  return el(
    "div",
    { class: "replies", role: "group", "aria-label": "快捷回复" },
    ...list.map((reply) =>
      el("button", { type: "button", onclick: () => actions.press(reply) }, reply.title)
    )
  );
}

export function pendingView(text) {
  return el(
    "div",
    { class: "message customer" },
    el("div", { class: "bubble" }, text),
    el("div", { class: "meta" }, "发送中……")
  );
}

export function typingView(person) {
  const who = person ? "客服正在输入" : "智能助手正在处理";
  return el(
    "div",
    { class: `message ${person ? "agent" : "bot"}` },
    el("div", { class: "bubble typing", role: "img", "aria-label": who }, el("span"), el("span"), el("span"))
  );
}
