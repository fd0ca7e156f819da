// The right column: all there is to know of the ticket besides what was said.
import { moment } from "../staff/format.js";
import { el, list, note } from "../staff/ui.js";
import { complaintsOf } from "./complaints_of.js";
import { customerCard } from "./customer.js";
import { filesOf } from "./files_of.js";
import { notesPart } from "./notes.js";
import { ADVICE } from "./patience.js";
import { suggestions } from "./suggest.js";

const FOLDED = "bankbot:desk-folded";

const folded = () => JSON.parse(localStorage.getItem(FOLDED) || '["tried", "history"]');

// Folded or not, as the agent left it.
function part(name, title, ...content) {
  const node = el("details", { class: `part ${name}` }, el("summary", {}, el("h3", {}, title)), ...content);
  node.open = !folded().includes(name);
  node.addEventListener("toggle", () => {
    const others = folded().filter((each) => each !== name);
    localStorage.setItem(FOLDED, JSON.stringify(node.open ? others : [...others, name]));
  });
  return node;
}

const facts = (values) =>
  el("dl", { class: "facts" }, ...Object.entries(values).flatMap(([label, value]) => [el("dt", {}, label), el("dd", {}, value)]));

function dates(row, desk) {
  const shown = {
    "开单": moment(row.created_at), "接入": moment(row.taken_at), "约定回访": moment(row.callback_at),
    "法定期限": moment(row.due_at), "上次接待": row.last_agent && desk.nameOf(row.last_agent),
    "办结": row.resolution && [row.resolution.name, row.resolution.note].filter(Boolean).join("："),
  };
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value));
}

function past(history, desk) {
  const items = history.map((move) =>
    el("li", {}, el("b", {}, move.state_name), " ", el("small", {}, `${moment(move.at)} ${desk.nameOf(move.by)}`),
      move.note ? el("p", {}, move.note) : null)
  );
  return el("ol", { class: "plain moves" }, ...items);
}

// detail: of GET /tickets/{number}; insert(text): into the composer
// {node, update(detail), refresh(), focusNote()}
export function sideView(desk, detail, { insert, signal }) {
  const offered = suggestions(detail.number, insert, signal);
  const files = filesOf(detail.number, signal);
  const notes = notesPart(desk, detail);
  const [summary, tried, history] = [el("div", {}), el("div", {}), el("div", {})];
  const noteList = part("notes", "内部备注", notes.node);

  function update(fresh) {
    const slots = Object.keys(fresh.slots).length ? facts(fresh.slots) : null;
    const why = fresh.why.length ? note(`优先级 ${fresh.priority}：${fresh.why.join("，")}`) : null;
    const patience = fresh.large_type ? note(ADVICE) : null;
    summary.replaceChildren(...[patience, list(fresh.summary), slots, facts(dates(fresh, desk)), why].filter(Boolean));
    tried.replaceChildren(fresh.tried.length ? list(fresh.tried) : note("助手还没有答复过。"));
    history.replaceChildren(past(fresh.history, desk));
    notes.show(fresh.notes);
  }

  update(detail);
  const node = el(
    "aside",
    { class: "side", "aria-label": "会话资料" },
    part("summary", "摘要", summary),
    part("customer", "客户", customerCard(detail.number, detail.customer_card, signal)),
    part("files", "客户上传的文件", files.node),
    part("complaints", "投诉", complaintsOf(desk.person, detail.number, signal)),
    part("answers", "推荐答案", offered.node),
    noteList,
    part("tried", "助手答过", tried),
    part("history", "经过", history)
  );
  const focusNote = () => {
    noteList.open = true;
    notes.focus();
  };
  const refresh = () => Promise.all([offered.refresh(), files.refresh()]);
  return { node, update, refresh, focusNote };
}
