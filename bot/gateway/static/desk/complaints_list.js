// The register: what is due when, what many complain of, and searching through all of it.
import { remember } from "../staff/address.js";
import { day } from "../staff/format.js";
import { holds } from "../staff/roles.js";
import { button, debounced, el, empty, head, labelled, link, table, tag } from "../staff/ui.js";
import { caseLink, cell, get, learn, personOf, termTag } from "./complaints_api.js";
import { exportDialog, keepingDialog } from "./complaints_export.js";

const TYPING_MS = 300;
const EVERY_MS = 60000;
const TABS = { today: "今天到期", week: "本周到期", overdue: "已超期", open: "全部待办", review: "待核查" };
const NOTHING = {
  today: "今天没有到期的。", week: "本周没有到期的。", overdue: "没有超期的。", open: "没有待办的投诉。", review: "没有待核查的申请。",
};
const OPENERS = ["complaint_handler", "complaint_lead"];

function stateOf(row) {
  const tones = { received: "warn", drafted: "info", approved: "info", decided: "good" };
  return tag(row.what, row.review ? "warn" : tones[row.state] || "");
}

function complaintRow(row, names) {
  const said = row.barred ? el("span", { class: "note" }, "您须回避这件，不能查看内容") : row.text;
  const where = row.source === "customer" ? row.channel_name : row.source_name;
  const many = row.people > 1 ? tag(`${row.people} 人`, "warn") : null;
  const number = row.barred ? row.number : caseLink(row.number);
  return el(
    "tr",
    { class: row.term.overdue && !row.ended_at ? "late" : false },
    cell(number, el("small", {}, `${day(row.received_at)} 收到`)),
    cell(el("p", { class: "glimpse" }, said), el("small", {}, `${row.category_name} · ${where} · 客户 ${row.customer}`), " ", many),
    cell(stateOf(row), row.classified ? null : el("small", {}, "未分类")),
    cell(row.handler ? personOf(names, row.handler) : el("span", { class: "warn" }, "未分派")),
    row.ended_at
      ? cell(el("span", { class: "date" }, `${day(row.ended_at)} 办结`))
      : cell(el("span", { class: "date" }, row.term.due_on), el("div", {}, termTag(row.term)))
  );
}

const HEADS = ["编号", "投诉", "状态", "处理人", "最晚答复"];

function alarm({ cause, coded, group, days, people, numbers }) {
  const title = el("b", {}, group ? "群体投诉" : "集中投诉");
  const links = numbers.slice(0, 12).flatMap((number, index) => [index ? "、" : "", caseLink(number)]);
  const rest = numbers.length > 12 ? ` 等` : "";
  return el("div", { class: "banner alarm", role: "status" },
    el("p", {}, title, `：${cause}${coded ? "" : "（未分类）"}，${days} 天内 ${numbers.length} 件、${people} 人。`),
    el("details", {}, el("summary", {}, "看是哪些"), el("p", {}, ...links, rest)));
}

class Register {
  constructor(person, values, signal) {
    Object.assign(this, { person, signal, latest: 0 });
    this.wanted = { view: values.view in TABS ? values.view : "open", q: values.q || "" };
    this.search = el("input", { type: "search", value: this.wanted.q, placeholder: "编号、内容、来文编号、客户号或处理人" });
    const typed = debounced(() => this.load({ ...this.wanted, q: this.search.value.trim() }), TYPING_MS);
    this.search.addEventListener("input", (event) => !event.isComposing && typed());
    this.search.addEventListener("compositionend", typed);
    this.tabs = el("div", { class: "tabs", role: "group", "aria-label": "看哪些投诉" });
    this.total = el("p", { class: "total", role: "status" });
    this.results = el("div", {});
    this.alarms = el("div", {});
  }

  get node() {
    const tools = [
      button("保存期限", keepingDialog, "quiet"),
      button("导出", () => exportDialog(this.person), "quiet"),
      holds(this.person, OPENERS) ? link("#/complaints/new", "登记投诉", "button primary") : null,
    ];
    const form = el("form", { role: "search", class: "register-search", onsubmit: (event) => event.preventDefault() },
      labelled("搜索全部投诉", this.search));
    return el("div", { class: "register" }, head("投诉登记簿", null, ...tools), this.alarms,
      el("div", { class: "card" }, el("div", { class: "register-bar" }, this.tabs, form), this.total, this.results));
  }

  async begin() {
    this.names = await learn();
    const [alarms] = await Promise.all([get("/alarms", {}, this.signal), this.load(this.wanted)]);
    this.alarms.replaceChildren(...alarms.map(alarm));
    const timer = setInterval(() => document.hidden || this.load(this.wanted).catch(() => {}), EVERY_MS);
    this.signal.addEventListener("abort", () => clearInterval(timer));
    return this;
  }

  // What comes after a newer request has been made is out of date.
  async load(wanted) {
    const mine = ++this.latest;
    this.wanted = wanted;
    const found = await get("", wanted, this.signal);
    if (mine !== this.latest || this.signal.aborted) return;
    remember("complaints", wanted.view === "open" ? { q: wanted.q } : wanted);
    this.show(found);
  }

  show({ counts, complaints, more }) {
    const { view, q } = this.wanted;
    this.tabs.replaceChildren(...Object.entries(TABS).map(([name, title]) => this.tab(name, title, counts[name])));
    const what = q ? `找到 ${complaints.length} 件${more ? "（只显示最新的，请写得更具体）" : ""}` : `${TABS[view]}：${complaints.length} 件`;
    this.total.textContent = what;
    const rows = complaints.map((row) => complaintRow(row, this.names));
    this.results.replaceChildren(rows.length ? table(HEADS, rows, { kind: "cases" }) : empty(q ? "没有找到。" : NOTHING[view]));
  }

  tab(name, title, count) {
    const urgent = count && ["today", "overdue"].includes(name);
    const mark = el("span", { class: urgent ? "mark bad" : "mark" }, count);
    const choose = () => {
      this.search.value = "";
      return this.load({ view: name, q: "" });
    };
    const node = button(title, choose, "tab");
    node.append(" ", mark);
    node.setAttribute("aria-pressed", String(!this.wanted.q && this.wanted.view === name));
    return node;
  }
}

export async function registerView({ person, values, signal }) {
  const register = await new Register(person, values, signal).begin();
  return register.node;
}
