// The form of an entry: every field with its label, its hint and what is wrong with it.
import { choice, date, fixed, line, lineOf, lines, paragraph } from "../staff/controls.js";
import { el, newName } from "../staff/ui.js";
import { get } from "./api.js";
import { leads, newId } from "./controls.js";
import { AUDIENCES, FIELDS, STATUSES } from "./names.js";
import { related } from "./related.js";

const GROUPS = [
  ["问题与答案", ["topic", "id", "question", "answer", "variants"]],
  ["答案下面", ["quick_replies", "related"]],
  ["归属与时效", ["status", "audience", "owner", "source", "effective", "expires", "reviewed_on"]],
  ["坐席与检验", ["advice", "expected"]],
];

const HINTS = {
  topic: "选一个已有的主题，或写一个新的。",
  id: "发布后不再改。点后面写简称：英文或拼音，如 annual_fee。",
  question: "会出现在“您想问的是……？”里。",
  variants: "一行一种，写客户真实的说法；至少 8 种，越不一样越好。",
  answer: "先说结论，三行以内。**两边加星号**是加粗，“- ”开头是列表。",
  quick_replies: "答案下面的按钮，引到一项业务。",
  related: "客户看完答案，还可能想问的。",
  status: "“已审核”的修改由另一位同事复核后才能发布；草稿不发布。",
  expires: "当天起不再回答；不填是长期有效。",
  reviewed_on: "最近一次核对答案的日子。",
  advice: "给坐席看的处理建议，客户看不到。",
  expected: "一行一句。只在发布前检验能不能答对，不参与检索。",
};
const NEEDED = ["topic", "id", "question", "variants", "answer", "owner", "source", "effective", "reviewed_on"];

function controls({ fresh, topics, owners, intents, questions, changed }) {
  return {
    topic: fresh ? lineOf(topics) : fixed(),
    id: fresh ? newId() : fixed(),
    question: line({ maxlength: 200 }),
    variants: lines(10, "种问法"),
    answer: paragraph(6),
    quick_replies: leads(intents, changed),
    related: related(questions, changed),
    status: choice(STATUSES),
    audience: choice(AUDIENCES),
    owner: lineOf(owners),
    source: line(),
    effective: date(),
    expires: date(),
    reviewed_on: date(),
    advice: paragraph(3),
    expected: lines(4, "句"),
  };
}

// The label, the hint and a place for findings around a control.
function field(name, control) {
  const target = control.input || control.node;
  target.id ||= newName(name);
  const findings = el("ul", { class: "findings", id: `${target.id}-findings`, "aria-live": "polite" });
  const given = target.tagName === "OUTPUT";
  const hint = HINTS[name] && !given ? el("small", { class: "hint", id: `${target.id}-hint` }, HINTS[name]) : null;
  target.setAttribute("aria-describedby", `${hint ? `${hint.id} ` : ""}${findings.id}`);
  const mark = NEEDED.includes(name) && !given ? el("span", { class: "needed", title: "必填" }, " *") : null;
  const single = target.matches("input, select, textarea, output");
  const label = el(single ? "label" : "span", { class: "label", for: single && target.id }, FIELDS[name], mark);
  if (!single) {
    label.id = `${target.id}-label`;
    target.setAttribute("role", "group");
    target.setAttribute("aria-labelledby", label.id);
  }
  const node = el("div", { class: `field for-${name}`, "data-field": name }, label, control.node, hint, findings);
  return { node, findings };
}

const told = ({ level, item, message }) =>
  el("li", { class: level }, item == null ? message : `第 ${item + 1} 项：${message}`);

// changed() is called whenever the person changes something.
//
// {node, read(): Entry, fill(entry), show(findings), focus(name), follow()}
export function entryForm({ editable, changed, ...options }) {
  const parts = controls({ ...options, changed });
  const fields = Object.fromEntries(Object.entries(parts).map(([name, control]) => [name, field(name, control)]));
  const groups = GROUPS.map(([title, names]) =>
    el("fieldset", { disabled: !editable }, el("legend", {}, title), ...names.map((name) => fields[name].node))
  );
  const node = el("form", { class: "entry", autocomplete: "off", onsubmit: (event) => event.preventDefault(),
    oninput: changed, onchange: changed }, ...groups);
  if (options.fresh) parts.topic.input.addEventListener("change", () => follow());

  // A new entry's id begins as those of its topic do.
  async function follow() {
    const topic = parts.topic.read();
    const { entries } = topic ? await get("/entries", { topic }) : { entries: [] };
    parts.id.begin(mostly(entries.map((entry) => entry.id.split(".")[0])));
    changed();
  }

  return {
    node,
    follow,
    read: () => Object.fromEntries(Object.entries(parts).map(([name, control]) => [name, control.read()])),
    fill: (entry) => Object.entries(parts).forEach(([name, control]) => control.fill(entry[name])),
    focus: (name) => parts[name]?.focus(),
    show: (findings) => {
      for (const [name, { findings: place }] of Object.entries(fields)) {
        const mine = findings.filter((finding) => finding.field === name);
        place.replaceChildren(...mine.map(told));
        parts[name].invalid(mine.some((finding) => finding.level === "error"));
      }
    },
  };
}

function mostly(texts) {
  const counts = new Map();
  texts.forEach((text) => counts.set(text, (counts.get(text) || 0) + 1));
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] || "";
}
