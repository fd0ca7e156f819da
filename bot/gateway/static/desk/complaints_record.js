// What is on record of a case: the answer, the review, the notices with their proof, every step.
import { day, moment } from "../staff/format.js";
import { card, el, note, tag } from "../staff/ui.js";

const PARTS = { decision: "处理决定", findings: "核实情况", grounds: "依据", reasons: "理由", remedies: "救济途径" };

const part = ([name, title], draft) => [el("dt", {}, title), el("dd", {}, draft[name])];

export function answerCard({ draft, state }) {
  if (!draft) return "";
  const approved = draft.approved_by ? `，${draft.approved_by} ${moment(draft.approved_at)} 批准` : "，还没有批准";
  const stage = { handling: tag("已退回", "bad"), drafted: tag("待审批", "warn"), approved: tag("待告知", "warn"), decided: tag("已告知", "good") };
  return card("答复",
    el("p", { class: "marks" }, tag(draft.outcome_name, "info"), stage[state] || null),
    note(`${draft.written_by} ${moment(draft.written_at)} 拟写${approved}`),
    el("dl", { class: "told-parts" }, ...Object.entries(PARTS).flatMap((each) => part(each, draft))));
}

export function reviewCard({ inquiry, review_until: until }) {
  if (!inquiry) return until ? card("核查", note(`客户可以在 ${day(until)}（含）前申请核查。`)) : "";
  const due = inquiry.told_at ? `${day(inquiry.told_at)} 已告知` : `最晚 ${inquiry.term.due_on} 答复`;
  return card("核查",
    el("p", { class: "marks" }, tag(inquiry.state_name, "info"), el("span", {}, due)),
    note(`${moment(inquiry.asked_at)} 申请；核查人 ${inquiry.reviewer || "未分派"}`),
    el("blockquote", {}, inquiry.why),
    inquiry.outcome_name ? el("dl", { class: "told-parts" }, el("dt", {}, inquiry.outcome_name), el("dd", {}, inquiry.findings)) : "");
}

export function noticesCard({ notices }, names) {
  const shown = [...notices].reverse().map((each) =>
    el("li", {},
      el("time", { datetime: each.at }, moment(each.at)),
      el("div", {},
        el("p", {}, el("b", {}, names.notices[each.what]), ` ${each.channel_name}`, el("span", { class: "by" }, each.by)),
        el("p", { class: "said-to" }, each.text),
        el("small", {}, `凭证：${each.proof}`))));
  return card(`告知（${shown.length}）`, shown.length ? el("ol", { class: "timeline" }, ...shown) : note("还没有告知过客户。"));
}

export function historyCard({ history }) {
  const steps = [...history].reverse().map((each) =>
    el("li", {},
      el("time", { datetime: each.at }, moment(each.at)),
      el("div", {},
        el("p", {}, el("b", {}, each.what), each.whom ? ` → ${each.whom}` : "", el("span", { class: "by" }, by(each.by))),
        each.why ? el("p", { class: "why" }, each.why) : null)));
  return card("经过", note("只能添加，不能改写。"), el("ol", { class: "timeline" }, ...steps));
}

const SYSTEM = { customer: "客户", assistant: "智能助手" };
const by = (who) => SYSTEM[who] || who;
