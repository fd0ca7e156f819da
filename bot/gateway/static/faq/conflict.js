// Somebody else saved the entry meanwhile: nothing typed is lost, and the person decides.
import { button, el, note } from "../staff/ui.js";
import { changeList, differences } from "./diff.js";

// present: the entry as it is now; mine: as it was typed here
export function conflictPanel(present, mine, keepMine, takeTheirs) {
  const changes = differences(present, mine);
  return el(
    "section",
    { class: "card conflict", "aria-label": "条目被别人改过" },
    el("h2", {}, "这个条目刚被别人改过"),
    note("您写的内容都还在，还没有保存。下面是现在的条目（原）和您写的（新）的差别，看过再决定："),
    changeList(changes),
    el(
      "div",
      { class: "actions" },
      button("放弃我的，重新读取", takeTheirs, "quiet"),
      button("保留我的，继续写", keepMine, "primary")
    )
  );
}
