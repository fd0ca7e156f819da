import { el, empty, head } from "../staff/ui.js";

export async function emergencyView() {
  return el("div", {}, head("应急公告"), empty("建设中"));
}
