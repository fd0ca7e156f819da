// Where the customer writes: the text field, its suggestions, and sending.
import { el, svg } from "./dom.js";
import { fileButton } from "./files.js";
import { Suggestions } from "./suggestions.js";

// A paper clip.
const CLIP = "M21 11.5l-8.6 8.6a5.5 5.5 0 0 1-7.8-7.8l9-9a3.7 3.7 0 0 1 5.2 5.2l-9 9a1.8 1.8 0 0 1-2.6-2.6l8-8";

export class Composer {
  // server(): origin of the gateway; maySuggest(): whether typing may be sent for suggestions;
  // say(text): the customer wrote it; pick(question): the customer chose a suggestion;
  // upload(files): the customer chose files; wrote(): the customer is writing something
  constructor({ server, maySuggest, say, pick, upload, wrote }) {
    this.say = say;
    this.input = el("textarea", {
      rows: "1", "aria-label": "输入您的问题", placeholder: "请输入您的问题", enterkeyhint: "send",
      oninput: () => (this.fit(), this.input.value && wrote()), onkeydown: (event) => this.keyed(event),
    });
    this.suggestions = new Suggestions(this.input, {
      server,
      allowed: maySuggest,
      pick: (question) => {
        this.empty();
        pick(question);
      },
    });
    const { button, input } = fileButton(upload, "上传文件（JPG、PNG 或 PDF，不超过 10 MB）", svg(CLIP));
    button.className = "attach";
    this.attach = button;
    const form = el("form", { onsubmit: (event) => this.submitted(event) }, button, input, this.input,
      el("button", { class: "primary", type: "submit" }, "发送"));
    this.node = el("div", { class: "composer" }, form, this.suggestions.list, this.suggestions.said);
  }

  submitted(event) {
    event.preventDefault();
    this.suggestions.close();
    const text = this.input.value.trim();
    if (!text) return;
    this.empty();
    this.say(text);
    this.input.focus();
  }

  keyed(event) {
    if (this.suggestions.keyed(event)) return;
    // Enter also picks a word in a Chinese input method; then it sends nothing.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    this.submitted(event);
  }

  // What could not be sent comes back to be changed, unless something else stands there already.
  giveBack(text) {
    if (text && !this.input.value) this.input.value = text;
  }

  empty() {
    this.input.value = "";
    this.fit();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }
}
