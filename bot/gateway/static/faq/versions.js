// Publications made so far, and going back to one that is kept.
import { go } from "../staff/address.js";
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { countOf, moment, personName } from "../staff/format.js";
import { buttonFor, el, list, note, table, tag } from "../staff/ui.js";
import { post } from "./api.js";
import { EVENTS } from "./names.js";

async function goBack(each) {
  const done = await ask({
    title: `退回到${each.title}？`,
    text: "立即对客户生效。条目的内容不变，之后可以再发布。",
    label: "为什么退回", confirm: "退回", kind: "danger",
    work: (why) => post("/publication/rollback", { number: each.number, why }),
  });
  if (!done) return;
  toast(`正在使用${each.title}。`);
  go("publish");
}

function publication(each, person) {
  const mark = each.in_use ? tag("正在使用", "good") : null;
  const back = each.kept && !each.in_use
    ? buttonFor(person, "publisher", "退回到这一版", () => goBack(each), "quiet")
    : null;
  const override = each.override
    ? el("details", {}, el("summary", {}, `变差仍发布：${each.override}`), list(each.worse))
    : null;
  return el(
    "tr",
    {},
    el("td", { class: "date" }, moment(each.at)),
    el("td", {}, EVENTS[each.kind], ` ${each.title} `, mark),
    el("td", {}, personName(each.by)),
    el("td", {}, each.why, override),
    el("td", { class: "number" }, countOf(each.entries)),
    el("td", { class: "act" }, back)
  );
}

export function publications(made, person) {
  if (!made.length) return note("还没有发布过。");
  // Only the newest row of a version offers the way back to it.
  const offered = new Set();
  const rows = made.map((each) => {
    const again = offered.has(each.number);
    offered.add(each.number);
    return publication({ ...each, kept: each.kept && !again }, person);
  });
  return table(["时间", "版本", "谁", "为什么", "条目", ""], rows, { numbers: ["条目"] });
}
