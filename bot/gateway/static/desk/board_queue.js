// Who waits, in the order in which they are served, and what a lead can do about it.
import { card, el, link, table, tag } from "../staff/ui.js";
import { leadActions } from "./actions.js";
import { left, since } from "./clock.js";
import { customerName, nearestClock } from "./rows.js";

const MOST = 8;

function dueOf(row) {
  const clock = nearestClock(row);
  if (!clock) return "—";
  const tone = ["", "warn", "bad"][row.sla.level];
  return el("span", { class: tone || false }, left(clock.due_at));
}

function queueRow(desk, row) {
  const marks = [row.urgent ? tag("紧急", "urgent") : null, row.customer.tier === "vip" ? tag("贵宾", "warn") : null];
  return el(
    "tr",
    {},
    el("td", {}, link(`#/chat/${encodeURIComponent(row.number)}`, row.number), el("small", {}, ` ${customerName(row)}`)),
    el("td", {}, row.reason_name, " ", ...marks),
    el("td", {}, row.group_name),
    el("td", { class: "number" }, since(row.queued_at)),
    el("td", { class: "number" }, dueOf(row)),
    el("td", { class: "act" }, el("div", { class: "actions" }, ...leadActions(desk, row)))
  );
}

// {node, show()}; the desk's own line says at once who comes and goes
export function queueCard(desk, signal) {
  const place = el("div", {});
  const node = card("正在排队", place);
  function show() {
    // A row that somebody works in stays as it is.
    if (place.contains(document.activeElement)) return;
    const queue = desk.queue();
    const rows = queue.slice(0, MOST).map((row) => queueRow(desk, row));
    const heads = ["工单", "原因", "技能组", "已等", "时限", ""];
    const rest = queue.length > MOST ? el("p", { class: "note" }, `另有 ${queue.length - MOST} 位，见“会话”的排队一栏。`) : "";
    place.replaceChildren(rows.length ? table(heads, rows, { numbers: ["已等", "时限"] }) : el("p", { class: "note" }, "没有人在等。"), rest);
  }
  desk.on("rows", show, signal);
  show();
  return { node, show };
}
