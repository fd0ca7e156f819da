// "我的投诉": what the customer complained of, by when it is answered, what they were told of it,
// and what they can do now.
import { newId } from "./calls.js";
import { day, el } from "./dom.js";

const WITHDRAW = "确定要撤回吗？撤回后今天就停止处理。是否撤回完全由您决定，任何人都不能要求您撤。";
const MOST_CHARS = 2000;

// What may be done, as the gateway names it: its button, its question, and the call that does it.
const ACTS = {
  add_facts: { title: "补充说明", path: "facts", field: "text", done: "已补充，处理人会看到。", ask: "有什么要补充？一次写完就好，请不要写密码。" },
  ask_review: { title: "申请核查", path: "review", field: "why", done: "核查申请已受理。", ask: "处理决定的哪些地方您不认可？" },
  withdraw: { title: "撤回投诉", path: "withdrawal", done: "已撤回，今天起不再处理。", ask: WITHDRAW, confirm: "确认撤回", back: "先不撤回" },
};

export class Complaints {
  // call(method, path, body): a call on this conversation's complaints; shown(open): the list
  // takes the place of the conversation, or gives it back
  constructor({ call, shown }) {
    this.call = call;
    this.shown = shown;
    this.link = el("button", { class: "cases-link", type: "button", hidden: true, onclick: () => this.open() });
    this.list = el("div", { class: "cases-list" });
    this.said = el("p", { class: "said", role: "status" });
    this.back = el("button", { class: "back", type: "button", onclick: () => this.close() }, "‹ 返回对话");
    this.node = el("section", { class: "cases", hidden: true, "aria-label": "我的投诉",
      onkeydown: (event) => this.keyed(event) },
      el("div", { class: "cases-head" }, this.back, el("h3", {}, "我的投诉")), this.said, this.list);
  }

  // Nobody is signed in, or somebody else is now.
  clear() {
    this.asking = null;
    this.list.replaceChildren();
    this.turn(false);
  }

  // The list takes the conversation's place, or gives it back.
  turn(open) {
    this.node.hidden = !open;
    this.link.hidden = open || !this.list.childElementCount;
    this.shown(open);
  }

  // Reads the list anew; whoever never complained does not hear of it.
  async refresh() {
    const asking = (this.asking = Symbol());
    const found = await this.call("GET", "").catch(() => null);
    if (!found || asking !== this.asking) return;
    const open = found.complaints.filter((each) => each.due_on || (each.review && !each.review.result)).length;
    this.link.textContent = open ? `我的投诉：${open} 件处理中 ›` : "我的投诉 ›";
    // What is being written or read by keyboard is not taken away.
    const busy = this.list.querySelector("form") || this.list.contains(this.list.getRootNode().activeElement);
    if (!busy) this.show(found.complaints);
    this.link.hidden = !this.node.hidden || !found.complaints.length;
  }

  show(complaints) {
    this.list.replaceChildren(...complaints.map((each) => this.item(each)));
  }

  open() {
    this.said.textContent = "";
    this.turn(true);
    this.back.focus();
    this.refresh();
  }

  // The conversation is shown again, without a word.
  leave() {
    if (!this.node.hidden) this.turn(false);
  }

  close() {
    this.list.querySelectorAll("form").forEach((form) => form.remove());
    this.turn(false);
    this.link.focus();
  }

  // Escape leaves what is being written first, the list next, and the widget only then.
  keyed(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    const form = this.list.querySelector("form");
    if (form) form.remove();
    else this.close();
  }

  item(complaint) {
    const node = el("article", { class: "case", "aria-label": `投诉 ${complaint.number}` });
    const buttons = complaint.may.map((name) =>
      el("button", { type: "button", onclick: () => this.begin(node, complaint, ACTS[name]) }, ACTS[name].title));
    node.append(
      el("h4", {}, `${complaint.category} · ${complaint.title}`),
      el("p", { class: "note" }, `${complaint.number}，${day(complaint.received_at)} 登记`),
      el("p", { class: complaint.overdue ? "when late" : "when" }, when(complaint)),
      el("p", { class: "matter" }, complaint.text),
      folded(`您的补充（${complaint.facts.length}）`, complaint.facts, (each) => [day(each.at), each.text]),
      folded(`银行的告知（${complaint.notices.length}）`, complaint.notices, (each) => [
        `${day(each.at)} ${each.title}（${each.channel}）`, each.text]),
      buttons.length ? el("div", { class: "replies" }, ...buttons) : ""
    );
    return node;
  }

  begin(node, complaint, act) {
    this.list.querySelectorAll("form").forEach((form) => form.remove());
    this.said.textContent = "";
    const words = act.field && el("textarea", { rows: "3", maxlength: MOST_CHARS, required: true, "aria-label": act.ask });
    const send = el("button", { class: "primary", type: "submit" }, act.confirm || "提交");
    const leave = el("button", { type: "button", onclick: () => form.remove() }, act.back || "取消");
    const form = el("form", { class: "act" }, el("p", {}, act.ask), words || null, el("div", { class: "acts" }, leave, send));
    // Pressed again after a dropped line, the same words are the same request.
    let tried = {};
    let sending = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = words ? words.value.trim() : "";
      if (sending || (words && !text)) return;
      if (tried.text !== text) tried = { text, id: newId() };
      const body = { client_id: tried.id, ...(words && { [act.field]: text }) };
      sending = true;
      await this.send(node, form, `/${complaint.number}/${act.path}`, body, act);
      sending = false;
    });
    node.append(form);
    (words || leave).focus();
  }

  async send(node, form, path, body, act) {
    try {
      const changed = await this.call("POST", path, body);
      form.remove();
      const fresh = this.item(changed);
      node.replaceWith(fresh);
      this.said.textContent = act.done;
      this.back.focus();
      this.refresh();
    } catch (error) {
      this.said.textContent = error.status ? error.message : "网络不太顺畅，没有提交成功，请再试一次。";
    }
  }
}

function when(complaint) {
  if (complaint.merged_into) return `已并入投诉 ${complaint.merged_into} 一起处理`;
  const { review } = complaint;
  if (review) return review.result ? `核查结果：${review.result}` : `上级核查中，最晚 ${day(review.due_on)} 答复您`;
  if (complaint.review_until) return `如果不认可，${day(complaint.review_until)}（含）前可以申请核查`;
  if (!complaint.due_on) return "已结束";
  if (complaint.overdue) return `应在 ${day(complaint.due_on)} 前答复，已经超期，非常抱歉，我们会尽快答复`;
  const paused = complaint.paused ? `正在${complaint.paused}，不计入期限；` : "";
  return `${paused}最晚 ${day(complaint.due_on)} 答复您`;
}

function folded(title, list, lines) {
  if (!list.length) return "";
  const items = list.map((each) => {
    const [head, text] = lines(each);
    return el("li", {}, el("span", { class: "note" }, head), el("p", {}, text));
  });
  return el("details", {}, el("summary", {}, title), el("ol", {}, ...items));
}
