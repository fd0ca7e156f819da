// Lists that are asked for, a page at a time: callbacks, recent ones, and who waits further back
// than a desk shows by itself.
import { button, el, note } from "../staff/ui.js";
import { get } from "./api.js";

export const counted = (number) => number.toLocaleString("zh-CN");

export class Pages {
  constructor(view, signal) {
    Object.assign(this, { view, signal });
    this.forget();
  }

  // Nothing was asked for; what the desk itself shows is all there is.
  forget() {
    Object.assign(this, { asked: false, text: "", tickets: [], more: false, total: 0 });
  }

  // text: the end of a ticket's number or a customer's, or nothing
  async find(text = "") {
    const found = await get("/tickets", { view: this.view, q: text }, this.signal);
    Object.assign(this, found, { asked: true, text });
  }

  // rows: what is shown so far, whoever knew it
  async further(rows) {
    const after = rows[rows.length - 1]?.number || "";
    const found = await get("/tickets", { view: this.view, q: this.text, after }, this.signal);
    const known = new Set(rows.map((row) => row.number));
    const fresh = found.tickets.filter((row) => !known.has(row.number));
    Object.assign(this, found, { asked: true, tickets: [...rows, ...fresh] });
  }
}

// find(text): looks for it; nothing shows all again
export function searchForm(find) {
  const input = el("input", { type: "search", placeholder: "工单编号后几位或客户号", "aria-label": "找排队或回访里的客户", maxlength: "64" });
  const submit = (event) => {
    event.preventDefault();
    find(input.value.trim());
  };
  // The cross of a search field empties it without a key.
  input.addEventListener("search", () => input.value || find(""));
  const node = el("form", { class: "find", role: "search", onsubmit: submit }, input,
    el("button", { type: "submit", class: "button quiet" }, "查找"));
  return { node, clear: () => (input.value = "") };
}

// What stands below a list that does not end where it ends: how many more there are, and a way on.
export function restOf(rest, what, further) {
  return el("div", { class: "rest" }, note(`还有 ${counted(rest)} 位${what}。`), button("往后看", further, "quiet small"));
}

// Above a list that was read once and does not change by itself.
export const readOnce = (text, back) => el("div", { class: "rest" }, note(text), button("看现在的", back, "quiet small"));
