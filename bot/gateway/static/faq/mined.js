// What mining found, as the mining view and the editor show it.
import { ApiError } from "../staff/api.js";
import { countOf, day } from "../staff/format.js";
import { el } from "../staff/ui.js";
import { get } from "./api.js";
import { CAUSES, SIGNALS } from "./names.js";

const SHOWN = 6;

function wordings(texts) {
  const item = ({ text, count }) => el("li", {}, text, count > 1 ? el("small", {}, ` ×${count}`) : null);
  const list = (some) => el("ul", { class: "asked" }, ...some.map(item));
  const rest = texts.slice(SHOWN);
  const more = rest.length ? el("details", {}, el("summary", {}, `其余 ${rest.length} 种问法`), list(rest)) : null;
  return el("div", {}, list(texts.slice(0, SHOWN)), more);
}

function counts(numbers, names) {
  return Object.entries(names)
    .filter(([name]) => numbers[name])
    .map(([name, title]) => el("span", {}, title, el("b", {}, ` ${countOf(numbers[name])}`)));
}

// How customers put it, how often, and what they thought of the answer. Counts are conversations.
export function customersSaid(found) {
  return el(
    "div",
    { class: "said" },
    wordings(found.texts),
    ...found.remarks.map((remark) => el("blockquote", {}, `客户留言：${remark}`)),
    el("p", { class: "signals" }, ...counts(found.signals, SIGNALS), ...counts(found.causes, CAUSES),
      el("span", {}, `${day(found.first_at)} 至 ${day(found.last_at)}`))
  );
}

export async function findMined(id) {
  const found = (await get("/mined")).find((each) => each.id === id);
  if (!found) throw new ApiError(404, "not_found", "这一项已经处理过了，请回到“挖掘”查看。");
  return found;
}

// A new entry filled with what was found.
export function minedEntry(found, blank) {
  const variants = found.texts.map(({ text }) => text).filter((text) => text !== found.suggestion);
  return { ...blank, question: found.suggestion, variants, answer: found.draft_answer };
}
