// One case: what it is about, where its term stands, what was told and done, and what can be done.
import { day, moment } from "../staff/format.js";
import { holds } from "../staff/roles.js";
import { button, card, el, link, list, note, tag } from "../staff/ui.js";
import { actions, perform } from "./complaints_acts.js";
import { caseLink, learn, leftOf, personOf, readCase } from "./complaints_api.js";
import { clockLine } from "./complaints_clock.js";
import { SERVING } from "./roles.js";
import { answerCard, historyCard, noticesCard, reviewCard } from "./complaints_record.js";

const term = (title, ...told) => [el("dt", {}, title), el("dd", {}, ...told)];

function headOf(file) {
  const [tone, left] = leftOf(file.term);
  const marks = el("div", { class: "marks" }, tag(file.state_name, "info"), tag(file.category_name),
    file.source === "customer" ? null : tag(file.source_name, "warn"), file.people > 1 ? tag(`${file.people} 人`, "warn") : null,
    file.held ? tag("法定保留", "warn") : null);
  const due = file.ended_at
    ? el("p", { class: "case-due" }, el("b", {}, day(file.ended_at)), el("span", {}, file.state_name))
    : el("p", { class: `case-due ${tone}` }, el("b", {}, `最晚 ${file.term.due_on}`), el("span", {}, left));
  return el("div", { class: "head" },
    el("div", {}, link("#/complaints", "← 登记簿"), el("h1", { tabindex: "-1" }, `投诉 ${file.number}`), marks), due);
}

// What the customer has not been told yet stands above everything.
function reminder(work, changed) {
  const { file, names } = work;
  if (!file.untold.length || !file.may.includes("notice")) return null;
  const tell = (what) => button(names.notices[what], async () => {
    const found = await perform("notice", work, { what });
    if (found) changed(found);
  }, "quiet small");
  return el("div", { class: "banner", role: "status" }, el("p", {}, "还没有告知客户："), ...file.untold.map(tell));
}

function factsOf(work, changed) {
  const { file } = work;
  const verdict = { true: ["新事实", "warn"], false: ["重复", ""], null: ["未判断", "bad"] };
  const judge = (facts, fresh, title) => button(title, async () => {
    const found = await perform("judge", work, { facts: String(facts.id), new: String(fresh) });
    if (found) changed(found);
  }, "quiet small");
  return file.facts.map((facts) => {
    const by = facts.judged_by ? `，${facts.judged_by} 判断` : "";
    const open = facts.new === null && file.may.includes("judge");
    return el("li", {}, el("p", {}, tag(...verdict[facts.new]), " ", el("small", {}, `${moment(facts.at)} 收到${by}`)),
      el("blockquote", {}, facts.text),
      open ? el("div", { class: "actions start" }, judge(facts, true, "是新事实"), judge(facts, false, "只是重复")) : null);
  });
}

function matterCard(work, changed) {
  const facts = factsOf(work, changed);
  return card("投诉内容", el("blockquote", {}, work.file.text),
    facts.length ? el("h3", {}, `客户的补充（${facts.length}）`) : "", el("ul", { class: "plain facts-added" }, ...facts));
}

function termCard(file) {
  const granted = file.extensions.map((each) => {
    const steps = [`${each.asked_by} ${day(each.asked_at)} 申请`, each.approver && `${each.approver} ${day(each.approved_at)} 批准`,
      each.told_at ? `${day(each.told_at)} 告知客户` : "还没有告知客户"];
    return `${each.step_name}：${each.reason}（${steps.filter(Boolean).join("，")}）`;
  });
  return card("期限", clockLine(file.clock, file.term), granted.length ? el("h3", {}, "延期") : "", granted.length ? list(granted) : "");
}

function filingCard({ file, names }) {
  const { filing } = file;
  const codes = file.codes.flatMap(({ title, code, name }) =>
    term(title, code ? `${code} ${name}` : el("span", { class: "warn" }, "未分类")));
  return card("登记", el("dl", { class: "facts" },
    ...term("处理人", file.handler ? personOf(names, file.handler) : el("span", { class: "warn" }, "未分派")),
    ...term("收到", `${moment(file.received_at)}，${filing.channel_name}`),
    ...term("来源", filing.source_name, filing.source_ref && `（${filing.source_ref}）`),
    ...term("客户号", file.customer_id),
    ...term("投诉人", filing.relation_name, filing.complainant && ` ${filing.complainant}`, filing.people > 1 ? `，共 ${filing.people} 人` : ""),
    ...term("身份核实", filing.proof || el("span", { class: "warn" }, "未登记")),
    ...codes,
    ...(file.root ? term("根源", `${file.root.name}：${file.root.note}`) : []),
    ...(file.merged_into ? term("并入", caseLink(file.merged_into)) : []),
    ...(file.keep_until ? term("保存到", file.keep_until) : []),
    ...(file.held ? term("法定保留", file.held) : [])));
}

function linksCard(file, person) {
  const ticket = (number) => (holds(person, SERVING) ? link(`#/chat/${encodeURIComponent(number)}`, number) : number);
  const tickets = file.tickets.map(({ number, state_name: state, agent, at, here }) =>
    el("span", {}, ticket(number), ` ${state}${agent ? `，${agent}` : ""}，${day(at)}${here ? "（投诉来自这里）" : ""}`));
  const alike = file.alike.map(({ number, state_name: state, received_at: at, text }) =>
    el("span", {}, caseLink(number), ` ${state}，${day(at)} 收到：${text}`));
  return card("相关",
    el("h3", {}, "人工工单"), tickets.length ? list(tickets, 5) : note("没有。"),
    el("h3", {}, "同一客户的其他投诉"), alike.length ? list(alike, 5) : note("没有。"),
    file.recused.length ? el("h3", {}, "须回避的人") : "", file.recused.length ? list(file.recused.map(({ person, why }) => `${person}：${why}`)) : "");
}

function actsCard(work, changed) {
  const groups = actions(work, changed);
  return card("可以做的", ...(groups.length ? groups : [note("您的角色可以查看这件，不能办理。")]));
}

// Shows the case; what is done shows it again as it is then.
function fillIn(node, work) {
  const { file, names, person } = work;
  const changed = (found) => {
    if (found.barred) {
      location.hash = "#/complaints";
      return;
    }
    fillIn(node, { ...work, file: found });
    node.querySelector("h1").focus({ preventScroll: true });
  };
  const record = [matterCard(work, changed), answerCard(file), reviewCard(file), noticesCard(file, names), historyCard(file)];
  node.replaceChildren(
    headOf(file), reminder(work, changed) || "",
    el("div", { class: "case-columns" },
      el("div", {}, termCard(file), ...record),
      el("div", {}, actsCard(work, changed), filingCard(work), linksCard(file, person))));
}

export async function caseView({ person, id, signal }) {
  const [file, names] = await Promise.all([readCase(id, signal), learn()]);
  const node = el("div", { class: "case" });
  fillIn(node, { file, names, person });
  return node;
}
