// All entries: searching, filtering, paging.
import { remember } from "../staff/address.js";
import { countOf, moment, personName } from "../staff/format.js";
import { buttonFor, debounced, el, empty, head, labelled, link, list, pager, select, table, tag } from "../staff/ui.js";
import { get } from "./api.js";
import { reminder } from "./drafts.js";
import { entryLink } from "./links.js";
import { AUDIENCES, STATES, STATUSES } from "./names.js";

const TYPING_MS = 250;
const FILTERS = ["q", "topic", "status", "audience", "owner", "state"];

const named = (names) => Object.fromEntries(names.map((name) => [name, name]));

function marks(entry) {
  const shown = [tag(STATUSES[entry.status], entry.status)];
  if (entry.waiting) shown.push(tag("待复核", "warn"));
  else if (entry.changed) shown.push(tag("未发布", "info"));
  if (entry.overdue) shown.push(tag("复核过期", "bad"));
  if (entry.expiring) shown.push(tag(`${entry.expires} 失效`, "bad"));
  return shown;
}

function row(entry) {
  const question = el("td", {}, entryLink(entry.id, entry.question), el("small", {}, entry.id));
  return el(
    "tr",
    {},
    question,
    el("td", {}, entry.topic),
    el("td", {}, el("div", { class: "marks" }, ...marks(entry))),
    el("td", {}, AUDIENCES[entry.audience]),
    el("td", {}, entry.owner),
    el("td", { class: "number" }, entry.variants),
    el("td", { class: "date" }, entry.reviewed_on)
  );
}

const COLUMNS = ["问题", "主题", "状态", "可见范围", "负责部门", "问法", "复核日"];

const entryTable = (entries) => table(COLUMNS, entries.map(row), { numbers: ["问法"], kind: "entries" });

export function inUse(version) {
  if (!version) return el("p", { class: "version" }, "还没有发布过：客户现在得不到答案。");
  const when = `${moment(version.at)} ${personName(version.by)}发布，${countOf(version.entries)} 个条目`;
  return el("p", { class: "version" }, "正在使用 ", el("b", {}, version.title), el("span", {}, when));
}

// Entries that a hand-edited file holds but nobody can read are not in the list.
function unreadable(problems) {
  if (!problems.length) return null;
  return el("div", { class: "banner" }, el("p", {}, "有内容读不出来，请联系技术同事："), list(problems));
}

function filters(found, values, changed) {
  const controls = {
    q: el("input", { type: "search", placeholder: "搜问题、问法、答案或编号", value: values.q || "" }),
    topic: select(named(found.topics), values.topic, "全部主题"),
    status: select(STATUSES, values.status, "全部状态"),
    audience: select(AUDIENCES, values.audience, "全部范围"),
    owner: select(named(found.owners), values.owner, "全部部门"),
    state: select(STATES, values.state, "全部条目"),
  };
  const titles = { q: "搜索", topic: "主题", status: "状态", audience: "可见范围", owner: "负责部门", state: "待办" };
  const read = () => Object.fromEntries(FILTERS.map((name) => [name, controls[name].value.trim()]));
  const typed = debounced(() => changed(read()), TYPING_MS);
  controls.q.addEventListener("input", (event) => !event.isComposing && typed());
  controls.q.addEventListener("compositionend", typed);
  FILTERS.slice(1).forEach((name) => controls[name].addEventListener("change", typed));
  const fields = FILTERS.map((name) => labelled(titles[name], controls[name]));
  const node = el("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() }, ...fields);
  const clear = () => {
    FILTERS.forEach((name) => (controls[name].value = ""));
    changed({});
    controls.q.focus();
  };
  return { node, clear };
}

export async function listView({ person, values, signal }) {
  const first = await get("/entries", values, signal);
  const total = el("p", { class: "total", role: "status" });
  const results = el("div", {});
  let latest = 0;

  function show(found, wanted) {
    total.textContent = `共 ${countOf(found.total)} 个条目`;
    const none = empty("没有符合条件的条目。", el("button", { type: "button", class: "button", onclick: search.clear }, "清除条件"));
    const turn = async (page) => {
      await load({ ...wanted, page });
      scrollTo(0, 0);
    };
    results.replaceChildren(found.total ? entryTable(found.entries) : none, pager(found.page, found.pages, turn));
  }

  // What comes after a newer request has been made is out of date.
  async function load(wanted) {
    const mine = ++latest;
    remember("entries", wanted);
    const found = await get("/entries", wanted, signal);
    if (mine === latest) show(found, wanted);
  }

  const search = filters(first, values, load);
  show(first, values);
  const add = buttonFor(person, "author", "新增条目", () => (location.hash = "#/entries/new"), "primary");
  return el(
    "div",
    {},
    head("条目", null, link("#/exchange", "导入导出", "button"), add),
    reminder(person),
    inUse(first.version),
    unreadable(first.problems),
    el("div", { class: "card" }, search.node, total, results)
  );
}
