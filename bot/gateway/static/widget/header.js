// The widget's head: what state the conversation is in, a person, large type, closing.
import { el } from "./dom.js";

export const STATES = { bot: "智能助手", queued: "等待人工", human: "人工服务中" };

export function headerView({ human, large, close }) {
  const stateMark = el("span", { class: "state", role: "status" }, STATES.bot);
  const humanButton = el(
    "button",
    { type: "button", title: "转接人工客服", onclick: human },
    "人工"
  );
  const largeButton = el(
    "button",
    { type: "button", title: "字更大、按钮更少", "aria-pressed": "false", onclick: large },
    "大字版"
  );
  const closeButton = el("button", { type: "button", "aria-label": "收起对话", onclick: close }, "✕");
  const header = el(
    "header", {}, el("h2", {}, "在线客服"), stateMark, largeButton, humanButton, closeButton
  );
  return { header, stateMark, humanButton, largeButton };
}

// On the large-type page a person is one tap away whatever is shown.
export function humanBar(human) {
  return el("button", { class: "human-bar", type: "button", onclick: human }, "找人工客服");
}
