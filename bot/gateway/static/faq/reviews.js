// Four eyes: what waits for a second person, field by field.
import { go } from "../staff/address.js";
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { moment } from "../staff/format.js";
import { buttonFor, card, el, empty, head, lacking, note, tag } from "../staff/ui.js";
import { entryPath, get, post } from "./api.js";
import { changeList, differences } from "./diff.js";
import { entryLink } from "./links.js";

const about = (each) =>
  el(
    "p",
    { class: "marks" },
    tag(each.new ? "新增" : "修改", "info"),
    each.stops_publishing ? tag("复核前不能发布", "warn") : tag("草稿，不影响发布"),
    note(`${each.authors.join("、")}，${moment(each.at)}：${each.why}`)
  );

function verdictOf(each, verb, note) {
  return post(`/reviews/${encodeURIComponent(each.id)}/${verb}`, { seen: each.seen, note });
}

// Of a new entry there is nothing to compare: all that it says is to be read.
async function withContent(each, signal) {
  if (!each.new) return each;
  const { entry } = await get(entryPath(each.id), {}, signal);
  return { ...each, changes: differences({}, entry) };
}

// A fault of the moment, such as a change meanwhile, is told in the dialog; the queue is read anew.
async function decide(each, verb) {
  const approve = verb === "approve";
  const done = await ask({
    title: approve ? "通过这些修改？" : "退回这些修改？",
    text: each.question,
    label: approve ? "说明（可以不写）" : "为什么退回",
    required: !approve,
    confirm: approve ? "通过" : "退回",
    kind: approve ? "primary" : "danger",
    work: (text) => verdictOf(each, verb, text),
  });
  if (!done) return;
  toast(approve ? "已通过，可以发布了。" : "已退回，作者会看到原因。");
  go("reviews");
}

function actions(each, person) {
  if (each.mine) return note("您改过这个条目，请另一位同事复核。");
  return el(
    "div",
    { class: "actions" },
    buttonFor(person, "reviewer", "退回", () => decide(each, "reject")),
    buttonFor(person, "reviewer", "通过", () => decide(each, "approve"), "primary")
  );
}

function review(each, person) {
  const rejected = each.rejected;
  const node = card(
    entryLink(each.id, each.question),
    about(each),
    rejected ? el("p", { class: "rejected" }, el("b", {}, `${rejected.by} 已退回：`), rejected.note) : null,
    changeList(each.changes),
    actions(each, person)
  );
  node.classList.add("review");
  node.dataset.id = each.id;
  return node;
}

export async function reviewsView({ person, signal }) {
  const listed = await get("/reviews", {}, signal);
  const waiting = await Promise.all(listed.map((each) => withContent(each, signal)));
  const cards = waiting.map((each) => review(each, person));
  return el(
    "div",
    {},
    head("复核", "写的人不能复核自己的修改。通过之后，发布的同事就可以让客户用上。"),
    lacking(person, "reviewer"),
    ...(cards.length ? cards : [empty("没有等待复核的修改。")])
  );
}
