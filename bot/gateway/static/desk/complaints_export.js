// The register out of the page as a table, and how long cases are kept.
import { ask, modal } from "../staff/dialog.js";
import { today } from "../staff/format.js";
import { problem, toast } from "../staff/alerts.js";
import { save } from "../staff/save.js";
import { button, el, labelled, select, table, waiting } from "../staff/ui.js";
import { caseLink, cell, download, get } from "./complaints_api.js";

const LEAD = "complaint_lead";
const KINDS = { xlsx: "XLSX", csv: "CSV" };

export function exportDialog(person) {
  const first = el("input", { type: "date", required: true, value: `${today().slice(0, 8)}01`, max: today() });
  const last = el("input", { type: "date", required: true, value: today() });
  const kind = select(KINDS, "xlsx");
  const full = el("input", { type: "checkbox" });
  const why = el("input", { type: "text", maxlength: 500, disabled: true });
  full.addEventListener("change", () => {
    why.disabled = !full.checked;
    why.required = full.checked;
  });
  const plain = person.roles.includes(LEAD)
    ? [el("label", { class: "check" }, full, "不掩码（客户号和姓名），每一件的经过里都会记下"), labelled("为什么要不掩码的", why)]
    : [];
  const text = el("div", { class: "fields" },
    el("p", {}, "导出这些天收到的投诉，客户号和姓名掩码；内容里客户自己写的姓名不会掩码，外发前请再看一遍。"),
    el("div", { class: "two" }, labelled("从哪天", first), labelled("到哪天", last)), labelled("格式", kind), ...plain);
  return ask({
    title: "导出登记簿", text, confirm: "导出",
    work: async () => {
      const days = { first: first.value, last: last.value };
      const name = `complaints-${days.first}-${days.last}.${kind.value}`;
      const body = { ...days, kind: kind.value, why: why.value.trim() };
      if (full.checked) save(await download("/export", {}, body), `full-${name}`);
      else save(await download(`/export.${kind.value}`, days), name);
      toast("已导出。");
    },
  });
}

function keepingRow({ number, until, held, deletable }, close) {
  const case_ = caseLink(number);
  case_.addEventListener("click", () => close());
  const state = held ? `法定保留：${held}` : deletable ? "已可删除" : until ? "保存中" : "未办结";
  return el("tr", {}, cell(case_), cell(el("span", { class: "date" }, until || "—")), cell(state));
}

// The bank removes by itself what may go; here is only said what that is.
export const keepingDialog = () =>
  modal("保存期限", (close) => {
    const place = el("div", {}, waiting());
    const only = el("input", { type: "checkbox" });
    const show = async () => {
      try {
        const found = await get("/retention", { deletable: only.checked });
        const rows = found.map((each) => keepingRow(each, close));
        place.replaceChildren(rows.length ? table(["编号", "保存到", ""], rows) : el("p", { class: "note" }, "没有。"));
      } catch (error) {
        place.replaceChildren(problem(error));
      }
    };
    only.addEventListener("change", show);
    show();
    return el("div", { class: "fields" },
      el("p", { class: "note" }, "办结（有核查的，在核查告知）后至少保存 3 年；法定保留的不论多久都不能删。系统不自动删除。"),
      el("label", { class: "check" }, only, "只看已可删除的"), place,
      el("div", { class: "actions" }, button("关闭", () => close(), "quiet")));
  });

