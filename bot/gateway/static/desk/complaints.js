import { el, empty, head } from "../staff/ui.js";

export async function complaintsView() {
  return el("div", {}, head("投诉"), empty("建设中"));
}
