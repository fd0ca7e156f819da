// The keyboard: what each key does, and the dialog that tells.
import { modal } from "../staff/dialog.js";
import { button, el } from "../staff/ui.js";

// [the key, what is shown of it, what it does]; with Alt where it is not "?"
export const KEYS = [
  ["ArrowUp", "Alt + ↑", "上一个会话"],
  ["ArrowDown", "Alt + ↓", "下一个会话"],
  ["KeyA", "Alt + A", "应答派给我的会话，答应同事的请求"],
  ["KeyR", "Alt + R", "到回复框"],
  ["KeyN", "Alt + N", "到内部备注"],
  ["KeyG", "Alt + G", "请组长看一下"],
  ["KeyE", "Alt + E", "结束会话"],
];
const WRITING = [
  ["Enter", "发送"],
  ["Shift + Enter", "换行"],
  ["/", "在空的回复框里：选常用语"],
  ["?", "不在输入框里时：打开这一页"],
];

let open = false;

export async function showHelp() {
  if (open) return;
  open = true;
  const row = (key, what) => el("tr", {}, el("td", {}, el("kbd", {}, key)), el("td", {}, what));
  const rows = [...KEYS.map(([, key, what]) => row(key, what)), ...WRITING.map(([key, what]) => row(key, what))];
  await modal("快捷键", (close) =>
    el("div", {}, el("table", { class: "keys" }, el("tbody", {}, ...rows)),
      el("div", { class: "actions" }, button("知道了", () => close(true), "primary")))
  );
  open = false;
}

const writing = (node) => node.closest?.("input, textarea, select, [contenteditable]");

// work: {key: what it does}; until the signal ends
export function listenToKeys(work, signal) {
  addEventListener("keydown", (event) => {
    // Whatever lies over the page comes first.
    if (document.querySelector("dialog[open]")) return;
    // A Chinese input method makes the wide one.
    if (["?", "？"].includes(event.key) && !writing(event.target)) return showHelp();
    if (!event.altKey || event.ctrlKey || event.metaKey || !work[event.code]) return;
    event.preventDefault();
    work[event.code]();
  }, { signal });
}
