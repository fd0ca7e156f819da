// Thumbs under an answer, and after 👎 the reason: one tap, a few words if wanted, changeable.
import { el, svg } from "./dom.js";

// The names of bot/conversations/feedback.py.
const CAUSES = [
  ["off_point", "没答到点子上"],
  ["unclear", "看不懂"],
  ["outdated", "信息过时或有误"],
  ["other", "其他"],
];
const THUMBS = [
  ["up", "有帮助"],
  ["down", "没有帮助"],
];
const MOST_CHARS = 200;
const ASKED = "抱歉没帮上忙，问题出在哪里？";
const NOTED = "已记下，谢谢。还想补充的话可以写在下面，不写也没关系。";
const THANKS = "谢谢您的反馈，我们会据此改进。";
const FAILED = "没有提交成功，请稍后再试。";

// Drawn, since not every device has the emoji.
const thumb = () =>
  svg("M2 10h4v11H2zM8 10l5-8c1.7 0 2.6 1.2 2.3 2.8L14.5 9H20c1.4 0 2.3 1.2 2 2.5l-1.8 7.6A2.4 2.4 0 0 1 17.9 21H8z");

const press = (buttons, chosen) =>
  buttons.forEach((each) => each.setAttribute("aria-pressed", each.value === chosen));

export class Feedback {
  // rate({verdict, cause, reason}) tells the gateway; the last one told counts
  constructor(rate) {
    this.rate = rate;
    this.told = Promise.resolve();
    this.verdict = this.cause = null;
    this.thumbs = THUMBS.map(([verdict, label]) =>
      el("button", { class: `thumb ${verdict}`, type: "button", value: verdict, "aria-label": label, title: label,
        "aria-pressed": "false", onclick: () => this.judge(verdict),
        onkeydown: (event) => this.keyed(event) }, thumb())
    );
    // The log around is a live region: what changes in here is read out by it.
    this.said = el("p", { class: "said" });
    this.question = el("p", {}, ASKED);
    this.panel = el("div", { class: "why", hidden: true,
      onkeydown: (event) => this.keyed(event) });
    this.outer = el("div", {}, this.panel, this.said);
  }

  // What was said before, after a reload.
  restore({ verdict, cause, reason }) {
    this.verdict = verdict;
    this.cause = cause;
    press(this.thumbs, verdict);
    if (!this.causes) this.build();
    this.words.value = reason || "";
  }

  // Pressed a second time, 👎 opens the reasons again and leaves what was said as it is.
  judge(verdict) {
    const changed = verdict !== this.verdict;
    if (changed) this.start(verdict);
    this.say("");
    this.panel.hidden = verdict === "up";
    if (verdict === "down") this.ask();
    if (changed || this.failed) {
      this.tell().then((done) => done && verdict === "up" && this.say(THANKS));
    }
  }

  start(verdict) {
    this.verdict = verdict;
    this.cause = null;
    if (this.words) this.words.value = "";
    press(this.thumbs, verdict);
  }

  ask() {
    if (!this.causes) this.build();
    press(this.causes, this.cause);
    this.question.textContent = ASKED;
    this.more.hidden = !this.cause;
    this.outer.scrollIntoView({ block: "nearest" });
  }

  build() {
    this.causes = CAUSES.map(([cause, label]) =>
      el("button", { type: "button", value: cause, "aria-pressed": "false",
        onclick: () => this.blame(cause) }, label)
    );
    this.words = el("textarea", { rows: "3", maxlength: MOST_CHARS,
      "aria-label": `补充说明，选填，${MOST_CHARS} 字以内`,
      placeholder: "补充说明（选填），请不要写卡号和密码" });
    this.more = el("div", { class: "more", hidden: true }, this.words,
      el("button", { class: "primary", type: "button", onclick: () => this.finish() }, "提交"));
    this.panel.append(
      this.question,
      el("div", { class: "causes", role: "group", "aria-label": "没有帮助的原因" }, ...this.causes),
      this.more
    );
  }

  blame(cause) {
    this.cause = cause;
    press(this.causes, cause);
    this.more.hidden = false;
    this.outer.scrollIntoView({ block: "nearest" });
    this.tell().then((done) => {
      if (!done) return;
      this.say("");
      this.question.textContent = NOTED;
      this.outer.scrollIntoView({ block: "nearest" });
    });
  }

  finish() {
    this.tell().then((done) => {
      if (!done) return;
      this.panel.hidden = true;
      this.say(THANKS);
      this.thumbs[1].focus({ preventScroll: true });
    });
  }

  // Escape closes the reasons first, the whole widget next.
  keyed(event) {
    if (event.key !== "Escape" || this.panel.hidden) return;
    event.stopPropagation();
    this.panel.hidden = true;
    this.thumbs[1].focus({ preventScroll: true });
  }

  say(text, failed = false) {
    this.said.textContent = text;
    this.said.classList.toggle("failed", failed);
  }

  // One after another, so that the last tap is also the last to arrive.
  tell() {
    const said = { verdict: this.verdict };
    const reason = this.verdict === "down" && this.words ? this.words.value.trim() : "";
    if (this.verdict === "down" && this.cause) said.cause = this.cause;
    if (reason) said.reason = reason;
    const told = this.told.then(() => this.rate(said)).then(() => true);
    this.told = told.catch(() => {
      this.say(FAILED, true);
      return false;
    });
    return this.told.then((done) => {
      this.failed = !done;
      return done;
    });
  }
}
