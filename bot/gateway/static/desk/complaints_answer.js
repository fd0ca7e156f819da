// The closing form: what was decided, and the parts that have to explain it.
import { toast } from "../staff/alerts.js";
import { choice, paragraph } from "../staff/controls.js";
import { act } from "./complaints_api.js";
import { fill, needed, valuesOf } from "./complaints_form.js";
import { drafts } from "./desk.js";

const HINTS = {
  decision: "给客户什么结果：金额、时间、谁去办",
  findings: "查了什么、查到了什么",
  grounds: "条款、制度或法规，写到第几条",
  reasons: "为什么这样决定",
};
const REMEDIES = "对处理决定有异议的，可以自收到之日起 30 天内申请核查，也可以申请调解、仲裁或提起诉讼。";
const ROWS = { decision: 3, findings: 4, grounds: 2, reasons: 3, remedies: 2 };

export async function writeAnswer({ file, names, person }) {
  const outcome = needed(choice({ "": "请选择", ...names.outcomes }));
  const parts = Object.entries(names.answer_parts).map(([name, title]) => {
    const control = needed(paragraph(ROWS[name]));
    control.node.maxLength = 5000;
    return [name, [title, control, HINTS[name]]];
  });
  const fields = { outcome: ["处理结论", outcome], ...Object.fromEntries(parts) };
  // What was begun goes on; what was sent back is mended rather than written anew.
  const draft = drafts.of(person, `complaints/${file.number}`);
  const before = draft.get() || file.draft || { remedies: REMEDIES };
  for (const [name, [, control]] of Object.entries(fields)) {
    control.fill(before[name] || "");
    control.node.addEventListener("input", () => draft.keep(valuesOf(fields)));
  }
  const done = await fill({
    title: "拟写答复", confirm: "提交审批", fields,
    about: "每一部分都要写，会原样告知客户。提交后由另一位同事审批。",
    work: (values) => act(file.number, "write", values),
  });
  if (!done) return undefined;
  draft.forget();
  toast("已提交，等另一位同事审批。");
  return done.done;
}

