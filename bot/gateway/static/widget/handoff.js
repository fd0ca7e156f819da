// The card above the composer: waiting for a person, being called back, talking to one, and what
// the customer thought of it. It is drawn from what the gateway says, so a reload shows the same.
import { el } from "./dom.js";
import { newId } from "./calls.js";
import { Survey } from "./survey.js";

const FAILED = "网络不太顺畅，没有办成，请再试一次。";

// What is asked before something is given up, and the two answers.
const LEAVING = {
  waiting: ["不等了吗？现在的排队名次会取消。", "不等了", "继续等"],
  callback: ["取消约好的联系吗？", "取消预约", "先不取消"],
  active: ["结束和客服的对话吗？结束后由智能助手继续为您服务。", "结束", "继续对话"],
};

export class Handoff {
  // call(method, path, body): a call on this conversation's hand-off; large(): whether large type
  // is on; aside: {has(name), put(name)}, what the customer has put aside; keep(change): makes a
  // change of height without hiding what was being read
  constructor({ call, large, aside, keep }) {
    Object.assign(this, { call, large, aside, keep });
    this.title = el("h3", { id: newId(), tabindex: "-1" });
    this.said = el("p", { class: "said", role: "status" });
    this.body = el("div", {});
    this.node = el("section", { class: "handoff", hidden: true, "aria-labelledby": this.title.id,
      onkeydown: (event) => this.keyed(event) }, this.title, this.body, this.said);
  }

  clear() {
    this.asking = null;
    this.found = null;
    this.node.hidden = true;
  }

  // Something has happened to the ticket: how does it stand now?
  async refresh() {
    const asking = (this.asking = Symbol());
    const found = await this.call("GET", "").catch(() => null);
    if (found && asking === this.asking) this.show(found);
  }

  // A ticket event. The place in the queue alone changes a line; anything else is asked about.
  ticket(ticket) {
    const shown = this.found?.ticket;
    const same = shown && shown.number === ticket.number && shown.state === ticket.state;
    if (!same || ticket.state !== "waiting") return this.refresh();
    this.found.ticket = ticket;
    if (this.place) this.place.textContent = placeOf(ticket);
    return null;
  }

  show(found) {
    const kept = this.found && same(this.found, found);
    this.found = found;
    if (kept) return this.place && (this.place.textContent = placeOf(found.ticket));
    this.place = null;
    this.said.textContent = "";
    const { ticket, survey } = found;
    if (ticket) this.draw(...this.stateOf(ticket));
    else if (survey && !this.aside.has(survey.ticket)) this.draw(...this.surveyOf(survey));
    else this.node.hidden = true;
    return null;
  }

  draw(title, ...content) {
    this.keep(() => {
      this.title.textContent = title;
      this.body.replaceChildren(...content);
      this.node.classList.toggle("slim", this.found.ticket?.state === "active");
      this.node.hidden = false;
    });
  }

  // ── while there is a ticket ───────────────────────────────────────────────
  stateOf(ticket) {
    if (ticket.state === "callback") {
      return ["已约好时间联系您", el("p", {}, `${stretch(ticket.callback)}，编号 ${ticket.number}`),
        this.buttons(this.leaving("callback", "取消预约"))];
    }
    if (ticket.state === "active") {
      const who = ticket.agent ? `客服（工号 ${ticket.agent}）正在为您服务` : "客服正在为您服务";
      return [who, this.buttons(this.leaving("active", "结束人工服务"))];
    }
    this.place = el("p", { class: "place", role: "status" }, placeOf(ticket));
    const { may } = this.found;
    return ["正在为您转接人工客服", this.place,
      may.includes("keep_assistant") ? "" : el("p", { class: "note" }, "等的时候可以继续问智能助手，名次不变。"),
      this.buttons(
        may.includes("keep_assistant") && this.button("先问问智能助手", () => this.act("/keep-assistant")),
        may.includes("callback") && this.button("约回访", () => this.choose()),
        this.leaving("waiting", "不等了"))];
  }

  // Nothing is given up by one slip of the finger.
  leaving(state, title) {
    const [question, yes, no] = LEAVING[state];
    return this.button(title, () =>
      this.ask(question, this.button(yes, () => this.act("/leave"), "primary"), this.button(no, () => this.back())));
  }

  choose() {
    const times = this.found.slots.map((slot) =>
      this.button(stretch(slot), () => this.act("/callback", { at: slot.at })));
    this.ask("客服什么时候联系您方便？约好就不用一直等。", ...times, this.button("继续等", () => this.back()));
  }

  // A question in the place of the buttons; its first answer takes the focus.
  ask(question, ...answers) {
    const group = el("div", { class: "replies", role: "group", "aria-label": question }, ...answers);
    const asked = el("div", { class: "asked" }, el("p", {}, question), group);
    this.keep(() => this.body.querySelector(".offered")?.replaceWith(asked));
    group.querySelector("button").focus();
  }

  back() {
    const { found } = this;
    this.found = null;
    this.show(found);
    this.title.focus({ preventScroll: true });
  }

  keyed(event) {
    if (event.key !== "Escape" || !this.body.querySelector(".asked")) return;
    event.stopPropagation();
    this.back();
  }

  // ── after it ──────────────────────────────────────────────────────────────
  surveyOf(survey) {
    const view = new Survey(survey, {
      give: (answer) => this.act("/survey", { ...answer, ticket: survey.ticket, large_type: this.large() }),
      again: this.found.may.includes("not_resolved") && (() => this.act("/not-resolved", { ticket: survey.ticket })),
      close: () => {
        this.aside.put(survey.ticket);
        this.node.hidden = true;
      },
    });
    return [view.title, view.node];
  }

  // ── doing it ──────────────────────────────────────────────────────────────
  async act(path, body) {
    if (this.busy) return;
    this.busy = true;
    this.asking = null; // what is being read is older than what is done now
    try {
      const found = await this.call("POST", path, body);
      this.found = null;
      this.show(found);
      if (!this.node.hidden) this.title.focus({ preventScroll: true });
    } catch (error) {
      this.said.textContent = error.status ? error.message : FAILED;
      if (error.status === 409) this.refresh();
    } finally {
      this.busy = false;
    }
  }

  button(title, work, kind) {
    return el("button", { type: "button", class: kind || false, onclick: work }, title);
  }

  buttons(...list) {
    return el("div", { class: "replies offered" }, ...list.filter(Boolean));
  }
}

// Whether only the place in the queue differs: what is being answered stays as it is.
function same(one, other) {
  const rest = ({ ticket, slots, ...more }) =>
    JSON.stringify({ ...more, number: ticket?.number, state: ticket?.state, agent: ticket?.agent, callback: ticket?.callback });
  return rest(one) === rest(other);
}

// As the desk tells it.
function placeOf({ number, position, minutes }) {
  const ahead = position > 1 ? `前面还有 ${position - 1} 位客户` : "您是下一位";
  return `${ahead}${wait(minutes)}。排队编号 ${number}`;
}

function wait(minutes) {
  if (!minutes) return "";
  const [low, high] = minutes;
  if (high <= 1) return "，预计 1 分钟内接入";
  return `，预计等待 ${low < high ? `${low}–${high}` : high} 分钟`;
}

// "今天 14:00–15:00", in Shanghai.
function stretch({ at, until }) {
  const zone = { timeZone: "Asia/Shanghai" };
  const days = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "long", day: "numeric", weekday: "short" });
  const hours = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false, hourCycle: "h23" });
  const [begin, end] = [new Date(at), new Date(until)];
  const day = days.format(begin);
  const name = day === days.format(new Date()) ? "今天" : day === days.format(Date.now() + 86400000) ? "明天" : day;
  const last = hours.format(end);
  return `${name} ${hours.format(begin)}–${last === "00:00" ? "24:00" : last}`;
}
