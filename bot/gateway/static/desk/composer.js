// Where the agent writes: a draft per ticket, canned replies, sending, saying that one is typing.
import { tell } from "../staff/alerts.js";
import { button, el } from "../staff/ui.js";
import { post } from "./api.js";
import { pathOf } from "./conversation.js";
import { drafts } from "./desk.js";
import { Replies } from "./replies.js";

const TYPING_EVERY_MS = 3000;
const LONGEST = 2000;

export class Composer {
  // mode: "reply", or "whisper" for what only the agent is to see
  constructor(desk, row, conversation, mode) {
    Object.assign(this, { desk, number: row.number, conversation, mode });
    // What was meant for the agent alone must not come up as words to the customer.
    this.draft = drafts.of(desk.person, mode === "reply" ? row.number : `${row.number}/whisper`);
    this.input = el("textarea", {
      rows: 2, maxlength: LONGEST, "aria-label": mode === "reply" ? "回复客户" : "悄悄话，只有坐席看得到",
      placeholder: mode === "reply" ? "回复客户；输入 / 选常用语" : "悄悄话，客户看不到",
      oninput: () => this.typed(), onkeydown: (event) => this.keyed(event),
    });
    this.input.value = this.draft.get()?.text || "";
    this.replies = new Replies(this.input, desk.names.replies, row.line, (text) => this.insert(text));
    this.send = button(mode === "reply" ? "发送" : "发悄悄话", () => this.give(), "primary");
    const tools = el("div", { class: "actions" }, mode === "reply" ? this.replies.opener : null,
      el("small", {}, "Enter 发送，Shift + Enter 换行"), this.send);
    this.node = el("div", { class: `composer ${mode}` }, this.replies.node, this.input, tools);
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }

  keep() {
    if (this.input.value.trim()) this.draft.keep({ text: this.input.value });
    else this.draft.forget();
    this.fit();
  }

  typed() {
    this.keep();
    this.replies.typed();
    if (this.mode !== "reply" || !this.input.value || Date.now() - (this.told || 0) < TYPING_EVERY_MS) return;
    this.told = Date.now();
    post(pathOf(this.number, "typing")).catch(() => {});
  }

  keyed(event) {
    if (this.replies.keyed(event)) return;
    // Enter also picks a word in a Chinese input method; then it sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send.click();
  }

  // Puts a text where the cursor is.
  insert(text) {
    const { selectionStart: from, selectionEnd: to, value } = this.input;
    this.input.setRangeText(text, value ? from : 0, value ? to : 0, "end");
    this.keep();
    this.input.focus();
  }

  giveBack(text) {
    this.input.value = [text, this.input.value].filter(Boolean).join("\n");
    this.keep();
    this.input.focus();
  }

  async give() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.keep();
    this.told = 0;
    this.input.focus();
    if (this.mode === "reply") return void this.conversation.say(text);
    try {
      await this.desk.act(this.number, "notes", { text });
    } catch (error) {
      this.giveBack(text);
      tell(error);
    }
  }
}
