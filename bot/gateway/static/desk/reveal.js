// Showing one masked value in plain: with a reason, on record, and for a minute.
import { ask } from "../staff/dialog.js";
import { button, el } from "../staff/ui.js";
import { post } from "./api.js";
import { left, now } from "./clock.js";
import { pathOf } from "./conversation.js";

const SHOWN_MS = 60000;

// value: the node that shows the masked value; field: what the gateway calls it; label: what people do
// What stands beside it: a button, and while it is shown how long, and how many are left today.
export function revealing(number, value, { field, label, title }, signal) {
  const masked = value.textContent;
  const place = el("span", { class: "reveal" });

  function hide() {
    value.textContent = masked;
    value.classList.remove("plain-value");
    place.replaceChildren(opener);
  }

  function show({ value: plain, left_today: rest }) {
    value.textContent = plain;
    value.classList.add("plain-value");
    const close = button("隐藏", hide, "quiet small");
    const until = new Date(now() + SHOWN_MS).toISOString();
    place.replaceChildren(close, el("small", {}, left(until), ` · 今天还可以查看 ${rest} 次`));
    close.focus();
    const timer = setTimeout(hide, SHOWN_MS);
    signal.addEventListener("abort", () => clearTimeout(timer));
  }

  async function reveal() {
    const found = await ask({
      title: `显示${label}`, text: "查看会留下记录；显示 60 秒后自动隐藏。",
      label: "为什么要看", confirm: "显示",
      work: (why) => post(pathOf(number, "reveal"), { field, why }),
    });
    if (found && !signal.aborted) show(found.done);
  }

  const opener = button(title, reveal, "quiet small");
  opener.setAttribute("aria-label", `显示${label}`);
  hide();
  return place;
}
