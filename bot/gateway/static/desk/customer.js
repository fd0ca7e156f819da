// The customer's card: masked, but for what is shown with a reason and for a minute.
import { ask } from "../staff/dialog.js";
import { button, el, note } from "../staff/ui.js";
import { post } from "./api.js";
import { left, now } from "./clock.js";
import { pathOf } from "./conversation.js";

const SHOWN_MS = 60000;

function fieldRow(number, field, signal) {
  const value = el("span", { class: "value" }, field.value);
  const place = el("dd", {}, value);
  if (!field.revealable) return [el("dt", {}, field.label), place];

  function hide() {
    value.textContent = field.value;
    value.classList.remove("plain");
    place.replaceChildren(value, opener);
  }

  function show({ value: plain, left_today: rest }) {
    value.textContent = plain;
    value.classList.add("plain");
    const until = new Date(now() + SHOWN_MS).toISOString();
    const close = button("隐藏", hide, "quiet small");
    place.replaceChildren(value, close, el("small", {}, left(until), ` · 今天还可以查看 ${rest} 次`));
    close.focus();
    const timer = setTimeout(hide, SHOWN_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  async function reveal() {
    const found = await ask({
      title: `显示${field.label}`, text: "查看会留下记录；显示 60 秒后自动隐藏。",
      label: "为什么要看", confirm: "显示",
      work: (why) => post(pathOf(number, "reveal"), { field: field.id, why }),
    });
    if (found && !signal.aborted) show(found.done);
  }

  const opener = button("显示", reveal, "quiet small");
  opener.setAttribute("aria-label", `显示${field.label}`);
  hide();
  return [el("dt", {}, field.label), place];
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
