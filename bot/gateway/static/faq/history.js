// Everything that happened: publications, and changes, reviews and decisions together.
import { remember } from "../staff/address.js";
import { countOf } from "../staff/format.js";
import { card, debounced, el, head, labelled, pager } from "../staff/ui.js";
import { get } from "./api.js";
import { timeline } from "./timeline.js";
import { publications } from "./versions.js";

const TYPING_MS = 300;

export async function historyView({ person, values, signal }) {
  const [made, first] = await Promise.all([get("/publications", {}, signal), get("/audit", values, signal)]);
  const entry = el("input", { type: "search", value: values.entry || "", placeholder: "如 loss.fee" });
  const by = el("input", { type: "search", value: values.by || "", placeholder: "姓名或工号" });
  const total = el("p", { class: "total", role: "status" });
  const results = el("div", {});

  function show(found, wanted) {
    total.textContent = `共 ${countOf(found.total)} 条`;
    const turn = (page) => load({ ...wanted, page });
    results.replaceChildren(timeline(found.rows), pager(Number(wanted.page || 1), found.pages, turn));
  }

  async function load(wanted) {
    remember("history", wanted);
    show(await get("/audit", wanted, signal), wanted);
  }

  const typed = debounced(() => load({ entry: entry.value.trim(), by: by.value.trim() }), TYPING_MS);
  const filters = el(
    "form",
    { class: "filters two", role: "search", oninput: typed, onsubmit: (event) => event.preventDefault() },
    labelled("条目编号", entry),
    labelled("谁", by)
  );
  show(first, values);
  return el(
    "div",
    {},
    head("历史", "谁、何时、为什么改过、复核过、发布过。"),
    card("发布", publications(made, person)),
    card("全部经过", filters, total, results)
  );
}
