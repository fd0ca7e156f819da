// Customers who need time: the page in large type tells of them.
import { el } from "../staff/ui.js";

export const ADVICE = "客户用的是大字版：请用短句，一次说一件事，多等一等。";

export const largeMark = (row) => (row.large_type ? el("span", { class: "tag info", title: ADVICE }, "大字版") : null);
