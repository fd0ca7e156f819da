// How one message looks.
import { renderCard } from "./cards.js";
import { clock, el, markup } from "./dom.js";

const SPEAKERS = { customer: "我", bot: "智能助手", agent: "人工客服", system: "提示" };

// Who speaks is said under every answer: an official FAQ answer, a result of business, a person.
function origin(message) {
  if (message.role === "agent") return "人工";
  if (message.role !== "bot") return null;
  const source = message.source || {};
  if (source.faq_id) return "智能助手 · 官方问答";
  if (source.decision === "business") return "智能助手 · 业务结果";
  return "智能助手";
}

export function messageView(message, actions) {
  const view = el("div", { class: `message ${message.role}`, "data-seq": message.seq });
  const bubble = el("div", { class: "bubble" }, el("span", { class: "sr" }, `${SPEAKERS[message.role]}：`));
  bubble.append(message.role === "bot" ? markup(message.text) : message.text);
  if (message.text) view.append(bubble);
  const card = renderCard(message.card, actions);
  if (card) view.append(card);
  if (message.role !== "system") view.append(meta(message, actions));
  if (message.quick_replies.length) view.append(replies(message.quick_replies, actions));
  return view;
}

function meta(message, actions) {
  const line = el("div", { class: "meta" }, origin(message), el("time", { datetime: message.at }, clock(message.at)));
  if (message.role === "bot" && message.source?.faq_id) line.append(...thumbs(message, actions));
  return line;
}

function thumbs(message, actions) {
  const buttons = [
    ["up", "👍", "有帮助"],
    ["down", "👎", "没有帮助"],
  ].map(([verdict, sign, label]) =>
    el("button", { type: "button", "aria-label": label, title: label, "aria-pressed": "false",
      onclick: (event) => {
        const chosen = event.currentTarget;
        actions.rate(message.seq, verdict).then(() =>
          buttons.forEach((each) => each.setAttribute("aria-pressed", each === chosen))
        );
      } }, sign)
  );
  return buttons;
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

export function typingView() {
  return el(
    "div",
    { class: "message bot" },
    el("div", { class: "bubble typing", "aria-label": "正在输入" }, el("span"), el("span"), el("span"))
  );
}
