// The customer's card.
import { el, note } from "../staff/ui.js";
import { revealing } from "./reveal.js";

function fieldRow(number, field, signal) {
  const value = el("span", {}, field.value);
  const how = { field: field.id, label: field.label, title: "显示" };
  const beside = field.revealable ? revealing(number, value, how, signal) : null;
  return [el("dt", {}, field.label), el("dd", {}, value, beside)];
}

function nothing(card) {
  if (!card) return "这里没有接客户资料。";
  if (card.unavailable) return "银行系统没有及时应答，资料暂时看不到，请稍后重新打开会话。";
  return card.signed_in ? "没有更多资料。" : "客户没有登录，身份没有核实过。";
}

// card: {signed_in, unavailable, fields}, or null where the bank tells nothing
export function customerCard(number, card, signal) {
  if (!card?.fields.length) return note(nothing(card));
  return el("dl", { class: "facts" }, ...card.fields.flatMap((field) => fieldRow(number, field, signal)));
}
