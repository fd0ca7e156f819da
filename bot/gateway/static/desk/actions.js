// What can be done with a ticket, and the dialogs that ask for what each needs.
import { toast } from "../staff/alerts.js";
import { choice, paragraph } from "../staff/controls.js";
import { ask } from "../staff/dialog.js";
import { holds } from "../staff/roles.js";
import { button, el, labelled, select } from "../staff/ui.js";
import { lookIn } from "./asks.js";
import { LEADING } from "./roles.js";
import { isOver, isQueued, isTalking } from "./rows.js";

const WAYS = { group: "技能组", line: "业务条线", tier: "组长或主管", agent: "同事" };

// What each way of passing a ticket on offers: {value: title}
function targets(desk, row) {
  const { groups, lines, tiers, agents } = desk.names;
  const others = agents.filter((agent) => agent.id !== desk.me.agent && agent.id !== row.agent && agent.state === "ready");
  const above = Object.entries(tiers).filter(([tier]) => Number(tier) > 1);
  return {
    group: groups, line: lines, tier: Object.fromEntries(above),
    agent: Object.fromEntries(others.map((agent) => [agent.id, `${agent.name} ${agent.id}（${tiers[agent.tier]}）`])),
  };
}

// start: the way that is chosen to begin with
export async function transfer(desk, row, start = "group") {
  await desk.learn();
  const offered = targets(desk, row);
  const way = select(WAYS, start);
  const place = el("div", {});
  let target = null;
  const show = () => {
    const none = Object.keys(offered[way.value]).length ? "请选择" : "现在没有可以转的";
    target = select(offered[way.value], "", none);
    target.required = true;
    const hint = way.value === "agent" ? "同事接手之前，会话还由您负责，客户不会知道。" : null;
    place.replaceChildren(labelled("转给谁", target, hint));
  };
  way.addEventListener("change", show);
  show();
  const pass = (note) => {
    if (way.value === "agent") return desk.ask(row.number, "take", target.value, note);
    const value = way.value === "tier" ? Number(target.value) : target.value;
    return desk.part(row.number, "transfer", { [way.value]: value, note });
  };
  const done = await ask({
    title: "转接", text: el("div", { class: "fields" }, labelled("转到", way), place),
    label: "交代给接手的同事（客户看不到）", confirm: "转接",
    work: pass,
  });
  if (done) toast(way.value === "agent" ? "已请同事接手，等答复。" : "已转接。");
}

export const hold = (desk, row) =>
  ask({
    title: "挂起会话", text: "客户会收到“正在为您核实，请稍候”。解决时限停表，回复时限照走。",
    label: "为什么挂起", confirm: "挂起", work: (note) => desk.act(row.number, "hold", { note }),
  });

export const end = (desk, row) =>
  ask({
    title: "结束会话？", text: "客户会回到智能助手，之后的话不再转给您。还要写办结记录，工单才算完。",
    confirm: "结束", kind: "danger", work: () => desk.act(row.number, "end"),
  });

const withReason = (title, label, verb, done) => async (desk, row) => {
  const said = await ask({ title, label, confirm: title, work: (why) => desk.act(row.number, verb, { why }) });
  if (said) toast(done);
};

const takeOver = withReason("接管会话", "为什么接管", "takeover", "已由您接待。");

async function assign(desk, row) {
  await desk.learn();
  const agents = select(targets(desk, row).agent, "", "请选择");
  agents.required = true;
  const done = await ask({
    title: "指派", text: labelled("指派给", agents), label: "为什么指派", confirm: "指派",
    work: (why) => desk.act(row.number, "assign", { agent: agents.value, why }),
  });
  if (done) toast("已指派。");
}

// The record of a ticket, written once the conversation is over or to end it.
export function resolution(desk, row, draft) {
  const code = choice({ "": "请选择", ...desk.names.resolutions });
  const note = paragraph(3);
  const kept = draft.get() || {};
  code.fill(kept.code || "");
  note.fill(kept.note || "");
  code.node.required = true;
  note.node.maxLength = 500;
  const keep = () => draft.keep({ code: code.read(), note: note.read() });
  [code.node, note.node].forEach((node) => node.addEventListener("input", keep));
  const write = async () => {
    await desk.part(row.number, "resolve", { code: code.read(), note: note.read() });
    draft.forget();
  };
  const node = el("div", { class: "fields" }, labelled("结果", code.node), labelled("记录（客户看不到）", note.node));
  return { node, write };
}

export async function resolve(desk, row, draft) {
  const record = resolution(desk, row, draft);
  const done = await ask({
    title: "结束并办结", text: record.node, confirm: "办结", work: () => record.write(),
  });
  if (done) toast("已办结。");
}

function ownActions(desk, row, draft) {
  if (!isTalking(row)) return [];
  const held = row.state === "on_hold";
  return [
    held ? button("继续", () => desk.act(row.number, "resume"), "primary")
      : button("挂起", () => hold(desk, row), "quiet"),
    button("转接", () => transfer(desk, row), "quiet"),
    button("请组长看一下", () => lookIn(desk, row), "quiet"),
    button("转给组长", () => transfer(desk, row, "tier"), "quiet"),
    button("结束", () => end(desk, row), "danger quiet"),
    button("办结", () => resolve(desk, row, draft)),
  ];
}

// What who leads may do with anybody's.
export function leadActions(desk, row) {
  if (!holds(desk.person, LEADING) || isOver(row)) return [];
  if (isQueued(row) || row.state === "callback") return [button("指派", () => assign(desk, row), "quiet")];
  const enter = (mode) => () => desk.act(row.number, "join", { mode });
  const mode = desk.guestMode(row);
  return [
    ...(mode ? [button("离开会话", () => desk.act(row.number, "leave"), "quiet")] : []),
    ...(mode !== "join" && isTalking(row) ? [button("加入", enter("join"), "quiet")] : []),
    ...(mode !== "whisper" && isTalking(row) ? [button("旁听", enter("whisper"), "quiet")] : []),
    ...(isTalking(row) ? [button("接管", () => takeOver(desk, row), "quiet")] : []),
    ...(isTalking(row) ? [button("指派", () => assign(desk, row), "quiet")] : []),
  ];
}

// The buttons of a ticket for whoever looks at it.
export function actionsFor(desk, row, draft) {
  if (desk.isMine(row)) return ownActions(desk, row, draft);
  const free = isQueued(row) || row.state === "callback";
  const take = free && desk.me.agent
    ? [button("接入", () => desk.take(row.number, "claim"), "primary")] : [];
  return [...leadActions(desk, row), ...take];
}
