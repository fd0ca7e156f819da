// The head of a ticket: whose it is, how it stands, what can be done.
import { button, el, tag } from "../staff/ui.js";
import { actionsFor } from "./actions.js";
import { askStrips } from "./asks.js";
import { left } from "./clock.js";
import { largeMark } from "./patience.js";
import { LEVELS, customerName, isTalking, nearestClock } from "./rows.js";

function marks(row, desk) {
  const clock = nearestClock(row);
  return [
    row.urgent ? tag("紧急", "bad") : null,
    tag(row.state_name, isTalking(row) ? "good" : ""),
    tag(row.reason_name),
    tag([...new Set([row.line_name, row.group_name])].join(" · ")),
    row.language === "zh" ? null : tag(row.language_name, "info"),
    largeMark(row),
    row.agent && !desk.isMine(row) ? tag(`由 ${desk.nameOf(row.agent)} 接待`, "info") : null,
    clock ? el("span", { class: `sla ${LEVELS[row.sla.level]}` }, `${clock.name} `, left(clock.due_at)) : null,
  ];
}

// number: the ticket's; record: the draft of its record; turnSide(): shows or hides the side, whether it is shown now
// {node, show(row)}
export function ticketHead(desk, number, record, turnSide) {
  const title = el("h2", { tabindex: "-1" });
  const standing = el("div", { class: "marks" });
  const actions = el("div", { class: "actions" });
  const asks = askStrips(desk, number);
  const node = el("header", { class: "ticket-head" }, el("div", {}, title, standing), actions, asks.node);
  // Where there is little room, the side stands beside the conversation only when asked for.
  const opener = button("资料", () => opener.setAttribute("aria-expanded", turnSide()), "quiet side-opener");
  opener.setAttribute("aria-expanded", "false");
  let offered = "";

  function show(row) {
    title.replaceChildren(customerName(row), el("small", {}, ` ${row.number}`));
    standing.replaceChildren(...marks(row, desk).filter(Boolean));
    asks.show();
    // A button that is about to be pressed must not be taken away by every word that comes.
    const value = JSON.stringify([row.state, row.agent, row.guests]);
    if (value === offered) return;
    offered = value;
    actions.replaceChildren(...actionsFor(desk, row, record), opener);
  }

  return { node, show };
}
