// What can be done with a case, each with the dialog that asks for what it needs.
import { toast } from "../staff/alerts.js";
import { choice, lineOf, paragraph } from "../staff/controls.js";
import { button, el } from "../staff/ui.js";
import { act, colleagues } from "./complaints_api.js";
import { writeAnswer } from "./complaints_answer.js";
import { fill, momentField, needed } from "./complaints_form.js";
import { tell as tellCustomer } from "./complaints_notice.js";

const why = (label = "为什么") => [label, needed(paragraph(3)), "会留在经过里"];
const pick = (options) => needed(choice({ "": "请选择", ...options }));

const CUSTOMER_READS = "会原样告知客户，请写得让客户看得懂";

const codeFields = ({ codes }, file) =>
  Object.fromEntries(Object.entries(codes.dimensions).map(([name, { title, codes: offered }]) => {
    const control = needed(choice({ "": "请选择", ...Object.fromEntries(offered.map(({ code, name: told }) => [code, `${code} ${told}`])) }));
    control.fill(file.codes.find((each) => each.dimension === name)?.code || "");
    return [`${name}_code`, [title, control]];
  }));

function category(names, file) {
  const control = choice(names.categories);
  control.fill(file.category);
  return ["类别", control, "客户眼里投诉的是什么；由内容推断，可以更正"];
}

const exampleCodes = ({ codes }) => (codes.example ? `现在用的是示例代码表，不是标准的代码。` : codes.title);

// verb → {title, group, kind, fields(names, file), about, confirm}; without fields it only asks
const ACTS = {
  assign: { title: "分派", group: "办理", about: "被投诉人和有利害关系的人不能处理。",
    fields: (names) => ({ to: ["分派给", pick(colleagues(names, "complaint_handler"))], why: ["说明（可以不写）", paragraph(2)] }) },
  take: { title: "我来办", group: "办理", about: "由您处理并拟写答复，另一位同事审批。" },
  classify: { title: "分类", group: "办理", about: exampleCodes,
    fields: (names, file) => ({ category: category(names, file), ...codeFields(names, file), why: why() }) },
  merge: { title: "合并", group: "办理", about: "内容成为更早那件的补充，期限按早的算。并入后请告知客户。",
    fields: (_, file) => ({ into: ["并入哪一件", pick(Object.fromEntries(file.merge_targets.map((number) => [number, number])))], why: why() }) },
  recuse: { title: "登记回避", group: "办理", kind: "danger quiet", about: "此人是处理人时，投诉退回重新分派。",
    fields: (names) => ({ person: ["谁回避（员工账号）", needed(lineOf(names.people.map((person) => person.name), { maxlength: 64 }))],
      kind: ["原因", pick(names.recusals)], why: why("说明") }) },
  judge: { title: "判断补充", group: "期限", about: "新事实从收到之日重新计算期限；重复的不变。判断后请告知客户。",
    fields: (_, file) => ({ facts: ["哪一条", pick(unjudged(file))], new: ["判断", pick({ true: "新事实", false: "重复" })], why: why() }),
    send: ({ facts, new: fresh, ...rest }) => ({ facts: Number(facts), new: fresh === "true", ...rest }) },
  extend: { title: "申请延期", group: "期限", about: (_, file) => extensionNote(file),
    fields: (_, file) => ({ step: ["延期", pick(file.steps)], why: ["理由", needed(paragraph(3)), CUSTOMER_READS] }) },
  approve_extension: { title: "批准延期", group: "期限", kind: "primary",
    about: (_, { asked }) => `${asked.asked_by} 申请按“${asked.step_name}”延期：${asked.reason}。批准并告知客户以后生效。` },
  pause: { title: "中止计时", group: "期限", about: "调解期间不计入期限；外部鉴定、检测或评估告知客户以后的时间不计入。",
    fields: (names, file) => ({ kind: ["原因", pick(without(names.pauses, file.running))], why: why("说明") }) },
  resume: { title: "恢复计时", group: "期限", about: "期限接着算，恢复后请告知客户。",
    fields: (_, file) => ({ kind: ["结束哪一种中止", pick(file.running)], why: ["说明（可以不写）", paragraph(2)] }) },
  write: { title: "拟写答复", group: "答复", kind: "primary", open: writeAnswer },
  approve: { title: "批准答复", group: "答复", kind: "primary", about: "批准后告知客户，才算答复。请先看一遍下面的答复。" },
  send_back: { title: "退回答复", group: "答复", fields: () => ({ why: why("为什么退回") }) },
  notice: { title: "告知客户", group: "答复", open: tellCustomer, kind: (file) => (decided(file) ? "primary" : "quiet") },
  cause: { title: "投诉根源", group: "答复",
    fields: (names) => ({ cause: ["根源", pick(names.root_causes)], note: ["说明", needed(paragraph(3))] }) },
  add_facts: entered("登记补充", "客户补充的内容", "是不是新事实，登记后再判断。"),
  ask_review: entered("登记核查申请", "客户申请核查的理由", "收到决定后 30 天内可以申请，由上级机构的其他人员核查。"),
  withdraw: { ...entered("登记撤诉", "客户说的原因和凭证，例如录音编号", "只能由客户提出，任何人不得要求客户撤诉。程序从收到之日终止。"), kind: "danger quiet" },
  assign_review: { title: "分派核查", group: "核查", kind: "primary", about: "经办过这件的人不能核查。",
    fields: (names) => ({ to: ["核查人", pick(colleagues(names, "complaint_reviewer"))] }) },
  decide_review: { title: "核查决定", group: "核查", kind: "primary", about: "作出决定后请告知客户。",
    fields: (names) => ({ outcome: ["结论", pick(names.review_outcomes)], findings: ["核查情况", needed(paragraph(6)), CUSTOMER_READS] }) },
  hold: { title: "法定保留", group: "保存", about: "诉讼等期间，不论多久都不能删。", fields: () => ({ why: why("为什么保留") }) },
  release: { title: "解除保留", group: "保存", fields: () => ({ why: why("为什么解除") }) },
};

function entered(title, label, about) {
  return { title, group: "代客户登记", about,
    fields: () => ({ text: [label, needed(paragraph(4)), "卡号、手机号、证件号会自动掩码"], received: ["收到的时间", momentField(), "北京时间；不写就是现在"] }) };
}

const decided = ({ untold }) => untold.includes("decision") || untold.includes("review");

const unjudged = (file) =>
  Object.fromEntries(file.facts.filter((each) => each.new === null).map(({ id, text }) => [id, text.slice(0, 30)]));

const without = (options, gone) => Object.fromEntries(Object.entries(options).filter(([name]) => !(name in gone)));

const extensionNote = ({ source }) =>
  source === "pbc" ? "人民银行转来的：延到 60 天，要审批并告知客户以后才生效。"
    : "情况复杂的延到 30 天，即时生效；情况特别复杂的再延 30 天，要审批并告知客户以后才生效。都请告知客户。";

// Does one; resolves to the case as it is then, or undefined if given up.
//
// work: {file, names, person}; chosen: values to begin with
export async function perform(verb, work, chosen = {}) {
  const { file, names } = work;
  const { title, about, fields, open, send = (values) => values } = ACTS[verb];
  if (open) return open(work, chosen);
  const asked = fields ? fields(names, file) : {};
  Object.entries(chosen).forEach(([name, value]) => asked[name][1].fill(value));
  const done = await fill({
    title, confirm: title, fields: asked, about: typeof about === "function" ? about(names, file) : about,
    work: (values) => act(file.number, verb, send(values)),
  });
  if (done) toast(`已完成：${title}。`);
  return done?.done;
}

// The buttons of what this person may do now, by what it is about.
export function actions(work, changed) {
  const groups = new Map();
  for (const verb of work.file.may) {
    const { title, group, kind = "quiet" } = ACTS[verb];
    const node = button(title, async () => {
      const found = await perform(verb, work);
      if (found) changed(found);
    }, typeof kind === "function" ? kind(work.file) : kind);
    groups.set(group, [...(groups.get(group) || []), node]);
  }
  return [...groups].map(([group, buttons]) =>
    el("div", { class: "acts", role: "group", "aria-label": group }, el("h3", {}, group), el("div", { class: "actions start" }, ...buttons)));
}

