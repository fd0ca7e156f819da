// Ways to an entry.
import { el, link } from "../staff/ui.js";

export const entryLink = (id, text = id) => link(`#/entries/${encodeURIComponent(id)}`, text);

// Leaves this tab, and what is being typed in it, alone.
export const newTabLink = (id, text) =>
  el("a", { href: `#/entries/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener" }, text);
