import { el, empty, head } from "../staff/ui.js";

export async function chatView() {
  return el("div", {}, head("会话"), empty("建设中"));
}
