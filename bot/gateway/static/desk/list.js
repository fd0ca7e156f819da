// The left column: offers, then my conversations, the queue, callbacks or recent ones.
import { tell } from "../staff/alerts.js";
import { moment } from "../staff/format.js";
import { button, el, empty, tag } from "../staff/ui.js";
import { askedFor } from "./asks.js";
import { left, since } from "./clock.js";
import { Pages, counted, readOnce, restOf, searchForm } from "./pages.js";
import { largeMark } from "./patience.js";
import { LEVELS, customerName, isFresh, isOver, isQueued, nearestClock } from "./rows.js";

const TABS = { mine: "我的", queue: "排队", callback: "回访", recent: "最近" };
const NOTHING = {
  mine: "现在没有会话。", queue: "没有人在排队。", callback: "没有约好的回访。", recent: "还没有接待过。",
};
// With fewer than so many, one finds whom one looks for by looking.
const FEW = 20;
const LEVEL_NAMES = ["", "快超时", "已超时"];

function waiting(row) {
  if (row.state === "callback") return el("span", {}, `${moment(row.callback_at)} 回访`);
  if (isOver(row)) return el("span", {}, moment(row.ended_at));
  if (isQueued(row) || row.state === "offered") return el("span", {}, "等了 ", since(row.queued_at));
  if (row.awaiting_since) return el("span", {}, "等您 ", since(row.awaiting_since));
  return el("span", {}, row.last ? moment(row.last.at).slice(-5) : "");
}

function clock(row) {
  const found = nearestClock(row);
  const level = row.sla.level;
  // That it has to be resolved some day is no news.
  if (!found || (found.key === "resolution" && !level)) return null;
  return el("span", { class: `sla ${LEVELS[level]}` }, level ? `${LEVEL_NAMES[level]} ` : "", `${found.name} `, left(found.due_at));
}

function marks(row, desk) {
  const why = row.why.join("，");
  const priority = el("span", { class: "priority", title: why }, row.urgent ? "" : `优先级 ${row.priority}`);
  return el(
    "div",
    { class: "marks" },
    row.urgent ? el("span", { class: "tag urgent", title: why }, "紧急") : priority,
    isQueued(row) ? el("span", {}, row.group_name) : null,
    row.customer.tier === "standard" ? null : tag(row.customer.tier_name, "warn"),
    ...row.signals.map((signal) => tag(signal.name, "bad")),
    row.language === "zh" ? null : tag(row.language_name, "info"),
    largeMark(row),
    ["on_hold", "wrap_up", "reopened"].includes(row.state) || isOver(row) ? tag(row.state_name) : null,
    ...row.guests.map((guest) => tag(`${desk.nameOf(guest.agent)} ${guest.mode === "join" ? "加入" : "旁听"}`, "info")),
    ...row.asks.map((ask) => tag(askedFor(desk, ask), "info")),
    clock(row)
  );
}

// What was said last; until somebody serves the customer, it is they whose words tell most.
function words(row) {
  return row.last && row.last.role !== "system" ? row.last.text : row.words;
}

function face(row, desk) {
  const said = words(row) ? `：${words(row)}` : "";
  return [
    el("div", { class: "top-line" }, el("b", {}, customerName(row)), el("small", {}, waiting(row))),
    el("div", { class: "said" }, el("span", {}, row.reason_name), said),
    marks(row, desk),
  ];
}

// chosen: whether it is the one that is open; fresh: whether to say that there is something new
function rowNode(row, desk, { chosen, fresh }) {
  const label = row.seen_seq ? String(Math.min(99, row.last_seq - row.seen_seq)) : "新";
  const mark = fresh ? el("span", { class: "fresh" }, el("span", { class: "sr" }, "未读 "), label) : null;
  const link = el("a", { href: `#/chat/${encodeURIComponent(row.number)}`, class: "ticket" }, ...face(row, desk), mark);
  if (chosen) link.setAttribute("aria-current", "true");
  return link;
}

function offerNode(row, desk) {
  return el(
    "section",
    { class: "offer", "aria-label": `派给您的会话：${customerName(row)}` },
    el("div", { class: "top-line" }, el("b", {}, "派给您"), el("small", {}, left(row.offered_until))),
    ...face(row, desk),
    el("div", { class: "actions" },
      button("拒接", () => desk.act(row.number, "decline", { note: "" }), "quiet"),
      button("应答", () => desk.take(row.number, "accept"), "primary"))
  );
}

export class TicketList {
  // go(number): opens a ticket
  constructor(desk, go, signal) {
    Object.assign(this, { desk, go, signal, tab: "mine", chosen: "" });
    this.pages = Object.fromEntries(["queue", "callback", "recent"].map((name) => [name, new Pages(name, signal)]));
    this.nodes = new Map();
    this.offers = el("div", { class: "offers" });
    this.said = el("div", { class: "sr", role: "status" });
    this.rows = el("div", { class: "rows" });
    this.tabs = Object.keys(TABS).map((name) => {
      const node = el("button", { type: "button", "aria-pressed": "false", onclick: () => this.turn(name) });
      return { name, node };
    });
    const tabs = el("div", { class: "tabs", role: "group", "aria-label": "看哪些会话" }, ...this.tabs.map((tab) => tab.node));
    this.search = searchForm((text) => this.find(text));
    this.node = el(
      "section", { class: "list", "aria-label": "会话列表" }, this.said, this.offers, tabs, this.search.node, this.rows
    );
    desk.on("rows", () => this.show(), signal);
    desk.on("call", ({ kind, number }) => kind === "offer" && this.announce(number), signal);
    desk.on("taken", ({ number }) => this.taken(number), signal);
    this.show();
  }

  taken(number) {
    this.tab = "mine";
    if (number === this.chosen) this.show();
    else this.go(number);
  }

  announce(number) {
    const row = this.desk.rows.get(number);
    if (row) this.said.textContent = `派给您一个会话：${customerName(row)}，${row.reason_name}。按 Alt 加 A 应答。`;
  }

  choose(number) {
    this.chosen = number;
    this.show();
  }

  turn(name) {
    this.tab = name;
    this.search.clear();
    this.find("");
  }

  // The queue is here already, as far as its front; whoever is not among those is asked for.
  find(text) {
    const pages = this.pages[this.tab];
    if (this.tab === "mine" || (this.tab === "queue" && !text)) {
      pages?.forget();
      return this.show();
    }
    this.show();
    return this.read(() => pages.find(text));
  }

  further() {
    return this.read(() => this.pages[this.tab].further(this.listed()));
  }

  async read(work) {
    try {
      await work();
      this.show();
    } catch (error) {
      if (error.name !== "AbortError") tell(error);
    }
  }

  offered() {
    return this.desk.mine().filter((row) => row.state === "offered");
  }

  talks() {
    return [...this.desk.mine().filter((row) => row.state !== "offered"), ...this.desk.followed()];
  }

  listed() {
    if (this.tab === "mine") return this.talks();
    const pages = this.pages[this.tab];
    return this.tab === "queue" && !pages.asked ? this.desk.queue() : pages.tickets;
  }

  // What stands around the rows where there is more than they show.
  around(listed) {
    const pages = this.pages[this.tab];
    const live = this.tab === "queue" && !pages.asked;
    const rest = live ? this.desk.behind : (pages?.more && pages.total - listed.length) || 0;
    const old = this.tab === "queue" && pages.asked;
    const found = pages?.text ? `找到 ${counted(pages.total)} 位。` : "这是刚才的名单。";
    const what = this.tab === "queue" ? "在等" : "约了回访";
    const above = () => readOnce(found, () => this.turn("queue"));
    const below = () => restOf(rest, what, () => this.further());
    return {
      searching: ["queue", "callback"].includes(this.tab) && (listed.length > FEW || Boolean(pages.text)),
      before: old ? [this.kept(found, { number: "old" }, above)] : [],
      after: rest > 0 ? [this.kept(`${what} ${rest}`, { number: "rest" }, below)] : [],
    };
  }

  show() {
    const counts = { mine: this.talks().length, queue: this.desk.queue().length + this.desk.behind };
    this.tabs.forEach(({ name, node }) => {
      node.textContent = counts[name] ? `${TABS[name]} ${counted(counts[name])}` : TABS[name];
      node.setAttribute("aria-pressed", name === this.tab);
    });
    this.fill(this.offers, this.offered().map((row) => this.kept("offer", row, () => offerNode(row, this.desk))));
    const listed = this.listed();
    const { searching, before, after } = this.around(listed);
    this.search.node.hidden = !searching;
    const rows = listed.map((row) => {
      const how = { chosen: row.number === this.chosen, fresh: this.tab === "mine" && isFresh(row) };
      return this.kept(`${this.tab} ${how.chosen} ${how.fresh}`, row, () => rowNode(row, this.desk, how));
    });
    if (!rows.length) {
      const nothing = this.pages[this.tab]?.text ? "没有找到，请核对工单编号或客户号。" : NOTHING[this.tab];
      rows.push(this.kept(nothing, { number: "" }, () => empty(nothing)));
    }
    this.fill(this.rows, [...before, ...rows, ...after]);
  }

  // The node made for the same row before, so that what has the focus or is being pressed stays.
  kept(how, row, make) {
    const value = how + JSON.stringify(row);
    const known = this.nodes.get(row.number);
    if (known?.value === value) return known.node;
    const node = make();
    if (known?.node.contains(document.activeElement)) {
      requestAnimationFrame(() => (node.matches("a") ? node : node.querySelector("button"))?.focus());
    }
    this.nodes.set(row.number, { value, node });
    return node;
  }

  fill(place, nodes) {
    const same = nodes.length === place.children.length && nodes.every((node, index) => node === place.children[index]);
    if (!same) place.replaceChildren(...nodes);
  }

  // The neighbour of the ticket that is open, among mine; by: 1 or −1
  step(by) {
    const numbers = this.talks().map((row) => row.number);
    if (!numbers.length) return;
    const at = numbers.indexOf(this.chosen);
    this.go(numbers[(Math.max(at, by > 0 ? -1 : 0) + by + numbers.length) % numbers.length]);
  }

  // What was offered first, else what a colleague asks.
  accept() {
    const call = this.offers.querySelector(".button.primary") || document.querySelector(".strip.ask .button.primary");
    call?.click();
  }
}
