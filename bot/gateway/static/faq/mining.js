// What customers asked and the bank did not answer, as drafts to accept or leave.
import { go } from "../staff/address.js";
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { countOf } from "../staff/format.js";
import { buttonFor, el, empty, head, labelled, lacking, note, select, tag } from "../staff/ui.js";
import { get, minedPath, post } from "./api.js";
import { entryLink } from "./links.js";
import { customersSaid } from "./mined.js";
import { MINED_KINDS } from "./names.js";

const TONES = { cluster: "info", variant: "good", answer: "warn" };
async function reject(each) {
  const done = await ask({
    title: "不采纳？", text: each.suggestion, label: "为什么不采纳", confirm: "不采纳", kind: "danger",
    work: (why) => post(minedPath(each.id, "reject"), { why }),
  });
  if (!done) return;
  toast("已记下，不再提出。");
  go("mining");
}

async function addVariant(each) {
  const done = await ask({
    title: "加进这个条目？",
    text: `“${each.suggestion}”会成为“${each.entry_question}”的一种问法，复核通过后发布。`,
    label: "为什么采纳", confirm: "加进去",
    work: (why) => post(minedPath(each.id, "accept"), { entry: null, why }),
  });
  if (!done) return;
  toast("已加进条目，等待复核。");
  go("mining");
}

// An answer is one that did not help, of an entry, or a person's, to a question without one.
const kindName = (each) =>
  each.kind === "answer" ? (each.entry_id ? "答案没帮上" : "人工答过的问题") : MINED_KINDS[each.kind];

function proposal(each) {
  if (!each.entry_id) return el("p", {}, "建议新增：", el("b", {}, each.suggestion));
  const entry = entryLink(each.entry_id, each.entry_question || each.entry_id);
  if (each.kind === "variant") return el("p", {}, "建议加进 ", entry, `：“${each.suggestion}”`);
  return el("p", {}, "客户看了 ", entry, " 的答案，说没有帮助。");
}

function acceptance(each, person) {
  const write = (place) => go(`entries/${place}?mined=${encodeURIComponent(each.id)}`);
  if (!each.entry_id) return buttonFor(person, "author", "写成条目", () => write("new"), "primary");
  if (each.kind === "variant") return buttonFor(person, "author", "加进条目", () => addVariant(each), "primary");
  return buttonFor(person, "author", "改答案", () => write(each.entry_id), "primary");
}

function found(each, person) {
  return el(
    "article",
    { class: "card mined", "data-id": each.id, "aria-label": each.suggestion },
    el("div", { class: "marks" }, tag(kindName(each), TONES[each.kind])),
    proposal(each),
    customersSaid(each),
    each.draft_answer ? el("blockquote", {}, `人工这样回答：${each.draft_answer}`) : null,
    el(
      "div",
      { class: "actions" },
      buttonFor(person, "author", "不采纳", () => reject(each), "quiet"),
      acceptance(each, person)
    )
  );
}

export async function miningView({ person, values, signal }) {
  const open = await get("/mined", values, signal);
  const kind = select(MINED_KINDS, values.kind, "全部");
  kind.addEventListener("change", () => go(`mining${kind.value && `?kind=${kind.value}`}`));
  const run = async () => {
    const { found: many } = await post("/mined/run");
    toast(many ? `找到 ${countOf(many)} 项。` : "没有找到新的内容。");
    go("mining");
  };
  const cards = open.map((each) => found(each, person));
  return el(
    "div",
    {},
    head(
      "挖掘",
      "客户问过、知识库没有答好的话。号码等个人信息已经隐去。",
      buttonFor(person, "author", "现在挖掘", run)
    ),
    lacking(person, "author"),
    el("div", { class: "filters one" }, labelled("种类", kind)),
    ...(cards.length ? cards : [empty("没有待处理的内容。"), note("客户的新问题积累起来，会定期出现在这里。")])
  );
}
