// What the customer thought of a person's service: one tap, a reason if not satisfied, changeable;
// and going on where it was not resolved.
import { el } from "./dom.js";

// The names of bot/handoff/surveys.py.
const CAUSES = [
  ["slow", "等得太久"],
  ["unsolved", "问题没解决"],
  ["unclear", "解释不清楚"],
  ["attitude", "服务态度"],
  ["repeated", "重复说明情况"],
  ["other", "其他"],
];
const MOST_CHARS = 500;

export class Survey {
  // survey: {satisfied, why, comment}, satisfied null while nothing was said; give(answer) keeps
  // it; again(): it was not resolved, or false where that is over; close(): not now
  constructor(survey, { give, again, close }) {
    Object.assign(this, { survey, give, again, close });
    const answered = survey.satisfied !== null;
    this.title = answered ? "谢谢您的评价" : "这次人工服务，您满意吗？";
    this.node = el("div", { class: "survey" });
    if (answered) this.thank();
    else this.ask();
  }

  ask() {
    this.node.replaceChildren(
      el("div", { class: "replies" },
        this.button("满意", () => this.give({ satisfied: true, why: [], comment: "" })),
        this.button("不满意", () => this.why()),
        this.again ? this.button("没有解决", this.again) : null,
        this.button("以后再说", this.close, "quiet"))
    );
  }

  thank() {
    const said = this.survey.satisfied ? "满意" : "不满意";
    this.node.replaceChildren(
      el("p", {}, `您的评价：${said}。我们会据此改进。`),
      el("div", { class: "replies" },
        this.again && !this.survey.satisfied ? this.button("没有解决，继续找客服", this.again) : null,
        this.button("修改评价", () => (this.ask(), this.focus())),
        this.button("关闭", this.close, "quiet"))
    );
  }

  why() {
    const chosen = new Set(this.survey.why);
    const causes = CAUSES.map(([cause, title]) => {
      const node = this.button(title, () => {
        if (!chosen.delete(cause)) chosen.add(cause);
        node.setAttribute("aria-pressed", chosen.has(cause));
      });
      node.setAttribute("aria-pressed", chosen.has(cause));
      return node;
    });
    const words = el("textarea", { rows: "2", maxlength: MOST_CHARS, "aria-label": `补充说明，选填，${MOST_CHARS} 字以内`,
      placeholder: "补充说明（选填），请不要写卡号和密码" });
    words.value = this.survey.comment;
    const send = () => this.give({ satisfied: false, why: [...chosen], comment: words.value.trim() });
    this.node.replaceChildren(
      el("p", {}, "很抱歉，是哪里没有做好？可以选几项。"),
      el("div", { class: "causes", role: "group", "aria-label": "不满意的原因" }, ...causes),
      words,
      el("div", { class: "replies" }, this.button("提交评价", send, "primary"),
        this.button("返回", () => (this.ask(), this.focus()), "quiet"))
    );
    this.focus();
  }

  focus() {
    this.node.querySelector("button").focus();
  }

  button(title, work, kind) {
    return el("button", { type: "button", class: kind || false, onclick: work }, title);
  }
}
