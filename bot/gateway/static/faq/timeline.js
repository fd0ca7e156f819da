// What happened, newest first: to an entry, or to the bank.
import { moment, personName } from "../staff/format.js";
import { el, note } from "../staff/ui.js";
import { entryLink } from "./links.js";
import { EVENTS } from "./names.js";

const TONES = {
  approve: "good", publish: "good", accepted: "good", reject: "bad", withdraw: "bad", undo: "bad", rollback: "warn",
};

// event: {at, by, kind, why, details} and, in a list of several entries, entry_id
export function happened(event) {
  const what = el("b", { class: TONES[event.kind] || false }, EVENTS[event.kind] || event.kind);
  const entry = event.entry_id ? entryLink(event.entry_id) : null;
  return el(
    "li",
    {},
    el("time", { datetime: event.at }, moment(event.at)),
    el(
      "div",
      {},
      el("p", {}, what, entry && " ", entry, el("span", { class: "by" }, personName(event.by))),
      event.why ? el("p", { class: "why" }, event.why) : null,
      event.details.length ? el("details", {}, el("summary", {}, "细节"), el("pre", {}, event.details.join("\n"))) : null
    )
  );
}

export const timeline = (events) =>
  events.length ? el("ol", { class: "timeline" }, ...events.map(happened)) : note("还没有记录。");
