// What colleagues ask of each other: to take a conversation, or to look in; and what came of it.
import { toast } from "../staff/alerts.js";
import { go } from "../staff/address.js";
import { ask as dialog } from "../staff/dialog.js";
import { button, cross, el, labelled, select } from "../staff/ui.js";
import { left } from "./clock.js";
import { customerName } from "./rows.js";

const ASKED = { take: "接手", look: "看一下" };

const whom = (desk, { to }) => (to ? ` ${desk.nameOf(to)} ` : "组长");

// "请 小川 接手", as whoever reads it is concerned
export function askedFor(desk, ask) {
  if (ask.asked.includes(desk.me.agent)) return `请您${ASKED[ask.kind]}`;
  return `${ask.by === desk.me.agent ? "已" : ""}请${whom(desk, ask)}${ASKED[ask.kind]}`;
}

// What came of something that was asked, in a sentence for who asked.
export function answerWords(desk, answer) {
  const name = desk.nameOf(answer.answered_by);
  const said = answer.answer ? `：${answer.answer}` : "。";
  if (answer.state === "accepted") return answer.kind === "take" ? `${name} 已接手。` : `${name} 来看了。`;
  if (answer.state === "declined") return `${name} ${answer.kind === "take" ? "婉拒接手" : "暂时不便"}${said}`;
  const who = answer.to ? `${desk.nameOf(answer.to)} ` : "组长";
  return answer.kind === "take" ? `${who}没有及时接手，会话还由您负责。` : `${who}没有及时答复，可以再请，或转给组长。`;
}

// ── asking ──────────────────────────────────────────────────────────────────
export async function lookIn(desk, row) {
  await desk.learn();
  const { agents, tiers } = desk.names;
  const leads = agents.filter((each) => each.tier > 1 && each.state !== "off" && each.id !== desk.me.agent);
  const titles = leads.map((each) => [each.id, `${each.name} ${each.id}（${tiers[each.tier]}）`]);
  const to = select(Object.fromEntries(titles), "", "本组任何一位组长");
  const done = await dialog({
    title: "请组长看一下", text: el("div", { class: "fields" }, el("p", {}, "会话还由您负责，客户不会知道。"), labelled("请谁", to)),
    label: "要组长看什么", confirm: "请组长",
    work: (note) => desk.ask(row.number, "look", to.value || null, note),
  });
  if (done) toast("已请组长看一下，等答复。");
}

const withdraw = (desk, number, ask) => desk.act(number, `asks/${ask.id}/withdraw`);

// ── being asked ─────────────────────────────────────────────────────────────
const decline = (desk, { number, ask }) =>
  dialog({
    title: ask.kind === "take" ? "婉拒接手" : "暂时不便", label: "给同事说一句（可以不写）", required: false, confirm: "告诉同事",
    work: (note) => desk.act(number, `asks/${ask.id}/decline`, { note }),
  });

async function accept(desk, { number, ask }, mode) {
  await desk.take(number, `asks/${ask.id}/accept`, mode ? { mode } : {});
  go(`chat/${encodeURIComponent(number)}`);
}

function answers(desk, call) {
  if (call.kind === "take") {
    return [
      button("婉拒", () => decline(desk, call), "quiet small"),
      button("接手", () => accept(desk, call), "primary small"),
    ];
  }
  return [
    button("暂时不便", () => decline(desk, call), "quiet small"),
    button("旁听", () => accept(desk, call, "whisper"), "quiet small"),
    button("加入", () => accept(desk, call, "join"), "primary small"),
  ];
}

function askedStrip(desk, call) {
  const { row, ask } = call;
  const title = `${desk.nameOf(ask.by)} ${askedFor(desk, ask)}`;
  const about = [customerName(row), row.reason_name].join("，");
  return el(
    "section",
    { class: "strip ask", "aria-label": title },
    el("b", {}, title), el("p", {}, ask.note ? `${about}：${ask.note}` : about), el("small", {}, left(ask.until)),
    el("div", { class: "actions" },
      button("先看看", () => go(`chat/${encodeURIComponent(row.number)}`), "quiet small"), ...answers(desk, call))
  );
}

// What the agent is asked, above every view.
export function askBanners(desk) {
  const said = el("div", { class: "sr", role: "status" });
  const strips = el("div", {});
  const known = new Map();
  const show = () => {
    const calls = desk.asked();
    const keys = new Set(calls.map((call) => call.key));
    [...known].filter(([key]) => !keys.has(key)).forEach(([key, node]) => (node.remove(), known.delete(key)));
    // One that is about to be pressed stays as it is.
    calls.filter((call) => !known.has(call.key)).forEach((call) => {
      known.set(call.key, askedStrip(desk, call));
      strips.append(known.get(call.key));
    });
  };
  desk.addEventListener("rows", show);
  desk.addEventListener("call", ({ detail: { ask } }) => {
    if (ask) said.textContent = `${desk.nameOf(ask.by)} ${askedFor(desk, ask)}：${ask.note}`;
  });
  show();
  return el("div", { class: "asked" }, said, strips);
}

// ── who asked ───────────────────────────────────────────────────────────────
const passed = (desk, ask) => (ask.passed.length ? `（${ask.passed.map((each) => desk.nameOf(each)).join("、")} 暂时不便）` : "");

const openStrip = (desk, number, ask) =>
  el("div", { class: "strip info" }, el("p", {}, `${askedFor(desk, ask)}，等答复${passed(desk, ask)}`), el("small", {}, left(ask.until)),
    ask.by === desk.me.agent ? button("撤回", () => withdraw(desk, number, ask), "quiet small") : null);

const answerStrip = (desk, answer) =>
  el("div", { class: "strip warn" }, el("p", {}, answerWords(desk, answer)),
    cross("知道了", () => desk.forget(answer)));

// What is asked about a ticket and what came of it, beneath its head; {node, show()}
export function askStrips(desk, number) {
  const node = el("div", { class: "asks", role: "status" });
  let shown = "";
  function show() {
    // What is not on this desk is not followed: what was asked about it may be so no more.
    const asks = desk.rows.get(number)?.asks || [];
    const open = asks.filter((ask) => !ask.asked.includes(desk.me.agent));
    const over = desk.answers.of(number).filter((answer) => answer.state !== "accepted");
    const value = JSON.stringify([open, over]);
    if (value === shown) return;
    shown = value;
    node.replaceChildren(...open.map((ask) => openStrip(desk, number, ask)), ...over.map((answer) => answerStrip(desk, answer)));
  }
  return { node, show };
}
