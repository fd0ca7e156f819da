// What is read from afar: the great figures, the groups and the people.
import { modal } from "../staff/dialog.js";
import { button, card, el, empty, link, table, tag } from "../staff/ui.js";
import { get } from "./api.js";
import { since } from "./clock.js";
import { leadActions } from "./actions.js";
import { customerName } from "./rows.js";

// 75 → "1:15"
export function lasting(seconds) {
  if (seconds == null) return "—";
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} 小时 ${Math.floor((seconds % 3600) / 60)} 分`;
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

// A colour never stands alone: its word stands with it.
const figure = (title, value, tone = "", word = "") =>
  el("div", { class: `wall-figure ${tone}` }, el("span", {}, title), el("b", {}, value), el("small", {}, word));

export function figures({ waiting, longest_wait_seconds: longest, at_risk: risk, broken, callbacks, agents }) {
  const ready = agents.filter((agent) => agent.state === "ready").length;
  const there = agents.filter((agent) => agent.state !== "off").length;
  return el(
    "div",
    { class: "wall-figures" },
    figure("排队", waiting, waiting && !ready ? "bad" : "", waiting && !ready ? "没有人在线" : "含已派单未接的"),
    figure("最长等待", lasting(longest)),
    figure("快超时", risk, risk ? "warn" : "", risk ? "请留意" : "没有"),
    figure("已超时", broken, broken ? "bad" : "good", broken ? "请马上处理" : "没有"),
    figure("在线坐席", ready, ready ? "good" : "bad", there > ready ? `另有 ${there - ready} 人小休` : "可以接待"),
    figure("待回访", callbacks, "", "已约好时间")
  );
}

// Nobody ready is bad where somebody waits, and worth knowing where somebody may come.
const readiness = ({ ready, open, waiting }) => (ready || !(open || waiting) ? "" : waiting ? "bad" : "warn");

function groupRow(group) {
  const late = (count, tone) => el("td", { class: `number ${count ? tone : ""}` }, count);
  const closed = group.open ? null : tag("非服务时间");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, group.name, closed && " ", closed),
    el("td", { class: "number" }, el("b", {}, group.waiting)),
    el("td", { class: "number" }, lasting(group.longest_seconds)),
    late(group.at_risk, "warn"),
    late(group.broken, "bad"),
    el("td", { class: `number ${readiness(group)}` }, group.ready)
  );
}

const GROUP_HEADS = ["技能组", "排队", "最长等待", "快超时", "已超时", "在线"];

export const groupsCard = (groups) =>
  card("技能组", table(GROUP_HEADS, groups.map(groupRow), { numbers: GROUP_HEADS.slice(1), kind: "wall-table" }));

function ticketRow(desk, row, close) {
  const open = link(`#/chat/${encodeURIComponent(row.number)}`, row.number);
  open.addEventListener("click", () => close());
  const reason = el("td", {}, row.reason_name, el("small", {}, customerName(row)));
  const acts = leadActions(desk, row);
  return el("tr", {}, el("td", {}, open), reason, el("td", {}, row.state_name), el("td", { class: "act" },
    el("div", { class: "actions" }, ...acts)));
}

// Whom an agent serves now, and what a lead can do about it.
async function showTickets(desk, agent) {
  const { tickets } = await get("/board/tickets", { agent: agent.id });
  return modal(`${agent.name} ${agent.id} 的会话`, (close) => {
    const rows = tickets.map((row) => ticketRow(desk, row, close));
    const shown = rows.length ? table(["工单", "客户", "状态", ""], rows) : empty("现在没有会话。");
    return el("div", {}, shown, el("div", { class: "actions" }, button("关闭", () => close(), "quiet")));
  });
}

function agentChip(desk, agent) {
  const full = agent.chats >= agent.capacity;
  const load = el("span", { class: full ? "warn" : false }, `${agent.chats}/${agent.capacity}${full ? " 满" : ""}`);
  const lasts = agent.since && agent.state !== "off" ? since(agent.since) : null;
  const node = button("", () => showTickets(desk, agent), "quiet chip");
  node.append(el("b", {}, agent.name), el("small", {}, agent.id, agent.tier > 1 ? ` ${agent.tier_name}` : ""), load, lasts || "");
  node.setAttribute("aria-label", `${agent.name} ${agent.id}，${agent.state_name}，${agent.chats} 个会话，查看`);
  return el("li", {}, node);
}

export function agentsCard(desk, agents) {
  const groups = Object.entries(desk.names.agent_states).map(([state, title]) => {
    const mine = agents.filter((agent) => agent.state === state);
    return el(
      "div",
      { class: `people-of ${state}` },
      el("h3", {}, `${title} ${mine.length} 人`),
      el("ul", { class: "chips" }, ...mine.map((agent) => agentChip(desk, agent)))
    );
  });
  return card("坐席", ...groups);
}
