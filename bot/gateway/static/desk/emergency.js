// The emergency switch: what every customer is told first, and where tickets go meanwhile.
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { moment, personName } from "../staff/format.js";
import { button, buttonFor, card, el, empty, head, labelled, lacking, newName, select, table, tag } from "../staff/ui.js";
import { get, post, remove } from "./api.js";

const PATH = "/announcement";
const WRITES = "supervisor";
const ABOUT = "系统出事时用：助手在每个会话里先说公告，受影响的业务不再受理，转人工按选的方式走。急事（涉诈、轻生、威胁）和挂失、冻结、撤销转账、争议照常。";

export async function emergencyView({ person }) {
  const place = el("div", { class: "emergency" });
  const view = new Switch(person, place);
  view.show(await get(PATH));
  return el("div", {}, head("应急公告", ABOUT), lacking(person, WRITES), place);
}

class Switch {
  constructor(person, place) {
    this.person = person;
    this.place = place;
  }

  show(found) {
    this.found = found;
    const { announcement } = found;
    const may = this.person.roles.includes(WRITES);
    this.place.replaceChildren(
      ...[
        card("现在", announcement ? this.current(announcement) : empty("没有生效的公告，一切照常。")),
        may && !announcement ? card("发布公告", this.form()) : null,
        found.history.length ? card("最近的公告", this.history(found.history)) : null,
      ].filter(Boolean)
    );
  }

  current(announcement) {
    const { choices } = this.found;
    const change = (node) => node.closest(".card").replaceWith(card("修改公告", this.form(announcement)));
    return el("div", {},
      el("div", { class: "marks" }, tag("正在生效", "bad"), tag(announcement.title)),
      el("blockquote", {}, announcement.text),
      facts([
        ["受影响的业务", linesOf(announcement, choices)],
        ["转人工", routingOf(announcement, choices)],
        ["预计恢复", announcement.until ? moment(announcement.until) : "没有写，需要手动结束"],
        ["发布", `${personName(announcement.set_by)}，${moment(announcement.at)}`],
      ]),
      el("div", { class: "actions start" },
        buttonFor(this.person, WRITES, "结束公告", () => this.end(), "danger"),
        buttonFor(this.person, WRITES, "修改", change, "quiet")));
  }

  end() {
    return ask({
      title: "结束公告？", text: "结束后客户不再看到它，业务和转人工马上照常。", confirm: "结束公告", kind: "danger",
      work: async () => {
        this.show(await remove(PATH));
        toast("公告已结束，一切照常。");
      },
    });
  }

  // known: the announcement that the new one takes the place of, if any
  form(known = null) {
    const { choices } = this.found;
    const text = el("textarea", { rows: 3, maxlength: choices.most_chars, required: true });
    const kind = select(choices.kinds, known?.kind || "outage");
    const routing = select(choices.routings, known?.routing || "keep");
    const group = select(choices.groups, known?.group || "");
    const until = el("input", { type: "datetime-local" });
    const lines = checks(choices.lines, known?.lines || []);
    const which = labelled("转到哪个组", group);
    text.value = known?.text || "";
    until.value = known?.until ? moment(known.until).replace(" ", "T") : "";
    const read = () => ({
      text: text.value.trim(), kind: kind.value, lines: lines.read(), routing: routing.value,
      group: routing.value === "group" ? group.value : null,
      until: until.value ? new Date(`${until.value}:00+08:00`).toISOString() : null,
      replaces: known?.id ?? null,
    });
    const shown = el("blockquote", { "aria-live": "polite" });
    const preview = () => {
      which.hidden = routing.value !== "group";
      shown.textContent = text.value.trim() || "（还没有写）";
    };
    const node = el("form", { class: "announce", oninput: preview, onsubmit: (event) => (event.preventDefault(), this.publish(read())) },
      labelled("对客户说", text, `${choices.most_chars} 字以内：出了什么事，什么时候恢复，现在可以怎么办。`),
      el("div", { class: "pair" }, labelled("类型", kind), labelled("预计恢复（北京时间，可不写）", until, "到时自动结束")),
      lines.node,
      el("div", { class: "pair" }, labelled("这些业务的客户找人工时", routing, "没有选受影响的业务时，对所有客户"), which),
      el("div", {}, el("span", { class: "label" }, "客户看到"), shown),
      el("div", { class: "actions start" },
        el("button", { type: "submit", class: "button primary" }, known ? "替换公告" : "发布公告"),
        known ? button("不改了", () => this.show(this.found), "quiet") : null));
    preview();
    return node;
  }

  publish(body) {
    const stopped = body.lines.map((line) => this.found.choices.lines[line]).join("、");
    return ask({
      title: "马上对所有客户生效？", confirm: body.replaces ? "替换公告" : "发布公告", kind: "danger",
      text: el("div", {}, el("blockquote", {}, body.text),
        el("p", {}, stopped ? `暂停办理：${stopped}。` : "业务照常办理。"),
        el("p", {}, `转人工：${this.found.choices.routings[body.routing]}。`)),
      work: async () => {
        this.show(await post(PATH, body));
        toast("公告已生效。");
      },
    });
  }

  history(list) {
    const rows = list.map((each) =>
      el("tr", {},
        el("td", { class: "date" }, moment(each.at)),
        el("td", {}, each.title, el("br"), el("small", {}, each.text)),
        el("td", {}, linesOf(each, this.found.choices), el("br"), el("small", {}, routingOf(each, this.found.choices))),
        el("td", {}, personName(each.set_by)),
        el("td", {}, endOf(each))));
    return table(["发布时间", "内容", "受影响的业务与转人工", "发布人", "结束"], rows);
  }
}

const linesOf = ({ lines }, choices) => lines.map((line) => choices.lines[line]).join("、") || "没有，业务照常";

function routingOf({ routing, group }, choices) {
  return routing === "group" ? `都转到${choices.groups[group] || group}组` : choices.routings[routing];
}

// What has lapsed is closed in the books only when the next one is made.
function endOf({ ended_at: at, ended_by: by, until }) {
  if (at) return `${moment(at)}，${by === "system" ? "到时自动结束" : personName(by)}`;
  return until && new Date(until) <= new Date() ? `${moment(until)}，到时自动结束` : "正在生效";
}

const facts = (pairs) =>
  el("dl", { class: "facts" }, ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));

function checks(options, chosen) {
  const boxes = Object.entries(options).map(([value, title]) => {
    const box = el("input", { type: "checkbox", value, id: newName("line") });
    box.checked = chosen.includes(value);
    return [box, el("label", { class: "check" }, box, title)];
  });
  const node = el("fieldset", { class: "field" }, el("legend", {}, "受影响的业务（可不选；投诉、争议照常受理）"),
    el("div", { class: "checks" }, ...boxes.map(([, label]) => label)));
  return { node, read: () => boxes.filter(([box]) => box.checked).map(([box]) => box.value) };
}
