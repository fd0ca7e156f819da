// Notes that only agents see.
import { moment } from "../staff/format.js";
import { button, el, note } from "../staff/ui.js";
import { drafts } from "./desk.js";

const LONGEST = 1000;

// {node, show(notes), focus()}
export function notesPart(desk, row) {
  const list = el("ul", { class: "plain notes" });
  const none = note("还没有备注。");
  const draft = drafts.of(desk.person, `${row.number}/note`);
  const input = el("textarea", { rows: 2, maxlength: LONGEST, "aria-label": "内部备注", placeholder: "只有坐席看得到" });
  input.value = draft.get()?.text || "";
  input.addEventListener("input", () => (input.value.trim() ? draft.keep({ text: input.value }) : draft.forget()));
  const add = async () => {
    const text = input.value.trim();
    if (!text) return;
    await desk.act(row.number, "notes", { text });
    input.value = "";
    draft.forget();
  };
  const send = button("记下", add, "quiet small");
  const show = (notes) => {
    const items = notes.map((each) =>
      el("li", {}, el("p", {}, each.text),
        el("small", {}, [desk.nameOf(each.by), moment(each.at), each.whisper && "悄悄话"].filter(Boolean).join(" · ")))
    );
    list.replaceChildren(...items);
    none.hidden = Boolean(items.length);
  };
  const node = el("div", {}, list, none, el("div", { class: "write" }, input, send));
  return { node, show, focus: () => input.focus() };
}
