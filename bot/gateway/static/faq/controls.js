// The controls of an entry's own kinds of field; see staff/controls.js.
import { button, el, select } from "../staff/ui.js";

// Quick replies: a title and the business that it leads to. intents: [{name, title}]
export function leads(intents, changed) {
  const rows = el("ul", { class: "leads" });
  const known = Object.fromEntries(intents.map(({ name, title }) => [name, title]));
  const node = el("div", {}, rows, button("＋ 添加快捷回复", () => add({ title: "", intent: "" }).focus(), "quiet"));

  function add(lead) {
    const title = el("input", { type: "text", "aria-label": "按钮文字", placeholder: "按钮文字", value: lead.title });
    const unknown = lead.intent && !(lead.intent in known) ? { [lead.intent]: `${lead.intent}（不存在）` } : {};
    const intent = select({ ...known, ...unknown }, lead.intent, "选择业务");
    intent.setAttribute("aria-label", "办理的业务");
    intent.addEventListener("change", () => (title.value ||= known[intent.value] || ""));
    const drop = button("删除", () => (row.remove(), changed()), "quiet");
    drop.setAttribute("aria-label", "删除这个快捷回复");
    const row = el("li", {}, intent, title, drop);
    row.read = () => ({ title: title.value.trim(), intent: intent.value });
    rows.append(row);
    return intent;
  }

  return {
    node,
    focus: () => node.querySelector("select, button").focus(),
    read: () => [...rows.children].map((row) => row.read()).filter((lead) => lead.title || lead.intent),
    fill: (value) => {
      rows.replaceChildren();
      (value || []).forEach(add);
    },
    invalid: () => {},
  };
}

// A new entry's id: what its topic's ids begin with, and a short name. prefixOf(): the beginning
export function newId() {
  const [start, name] = [
    el("input", { type: "text", "aria-label": "编号开头", placeholder: "credit", autocomplete: "off" }),
    el("input", { type: "text", placeholder: "annual_fee", autocomplete: "off", spellcheck: "false" }),
  ];
  const read = () => [start.value.trim(), name.value.trim()].filter(Boolean).join(".");
  return {
    input: name,
    node: el("div", { class: "newid" }, start, el("span", {}, "."), name),
    focus: () => name.focus(),
    read,
    fill: (value) => {
      const [first, ...rest] = (value || "").split(".");
      [start.value, name.value] = [first, rest.join(".")];
    },
    invalid: (is) => name.setAttribute("aria-invalid", is),
    // The topic decides, where it has entries already.
    begin: (prefix) => {
      start.readOnly = Boolean(prefix);
      if (prefix) start.value = prefix;
    },
  };
}
