// The bank as a table: out, and back in.
import { problem, toast } from "../staff/alerts.js";
import { card, el, head, labelled, link, note, once, reserved } from "../staff/ui.js";
import { BANK, upload } from "./api.js";

const told = ({ added, changed }) => `新增 ${added} 个、修改 ${changed} 个条目。`;

function importForm(person) {
  const file = el("input", { type: "file", accept: ".csv,.xlsx", required: true });
  const why = el("input", { type: "text", required: true, maxlength: 500 });
  const result = el("div", { role: "status" });
  const give = async () => {
    const [table] = file.files;
    result.replaceChildren();
    try {
      const done = await upload("/import", { filename: table.name, why: why.value.trim() }, table);
      result.replaceChildren(el("p", { class: "good" }, `已导入：${told(done)}改过的条目等待复核。`));
      toast("已导入。");
      node.reset();
    } catch (error) {
      result.replaceChildren(problem(error));
    }
  };
  const send = reserved(person, "author", el("button", { type: "submit", class: "button primary" }, "导入"));
  const node = el(
    "form",
    { class: "import", onsubmit: (event) => (event.preventDefault(), once(send, give)) },
    labelled("表格文件", file, "CSV 或 XLSX。第一行是列名；编号已有的条目只改表格里有的列，不会删除条目。"),
    labelled("为什么导入", why),
    send,
    result
  );
  return node;
}

const download = (format, title) => {
  const node = link(`${BANK}/export.${format}`, title, "button");
  node.setAttribute("download", "");
  return node;
};

export function exchangeView({ person }) {
  return el(
    "div",
    {},
    head("导入导出", "在表格软件里批量查看和修改。"),
    card(
      "导出",
      note("全部条目，包括草稿和已撤下的；一行一个条目。"),
      el("div", { class: "actions start" }, download("xlsx", "下载 XLSX"), download("csv", "下载 CSV"))
    ),
    card("导入", note("有一行不对，就一行也不导入，并指出是哪一行、怎么改。"), importForm(person))
  );
}
