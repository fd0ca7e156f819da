// What the page says to the person: a problem stays until it is closed, news goes by itself.
import { el } from "../widget/dom.js";
import { ApiError } from "./api.js";

const NEWS_MS = 6000;
const OURS = "页面出了点问题，请刷新后再试；没有保存的内容还在。";

const news = el("div", { class: "news", role: "status" });
const alerts = el("div", { class: "alerts", role: "alert" });

export const speakers = [alerts, news];

// The message and, where there are several reasons, each of them.
export function problem(error) {
  const known = error instanceof ApiError;
  if (!known) console.error(error);
  const reasons = (known && error.reasons) || [];
  return el(
    "div",
    { class: "problem" },
    el("p", {}, known ? error.message : OURS),
    reasons.length ? el("ul", {}, ...reasons.map((reason) => el("li", {}, reason))) : null
  );
}

export function tell(error) {
  if (error?.name === "AbortError") return;
  const close = el("button", { type: "button", class: "close", "aria-label": "知道了", onclick: quiet }, "×");
  alerts.replaceChildren(el("div", { class: "alert" }, problem(error), close));
}

export function quiet() {
  alerts.replaceChildren();
}

export function toast(text) {
  const line = el("p", {}, text);
  news.replaceChildren(line);
  setTimeout(() => line.remove(), NEWS_MS);
}
