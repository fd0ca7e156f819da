import { el, empty, head } from "../staff/ui.js";

export async function boardView() {
  return el("div", {}, head("看板"), empty("建设中"));
}
