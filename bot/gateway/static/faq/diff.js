// What differs between two states of an entry, field by field and word by word.
import { el } from "../staff/ui.js";
import { AUDIENCES, FIELDS, LISTS, STATUSES } from "./names.js";

// Beyond so many comparisons words are not marked any more; both texts stand whole.
const MOST_STEPS = 4_000_000;
const SEGMENTER = typeof Intl.Segmenter === "function" ? new Intl.Segmenter("zh", { granularity: "word" }) : null;

const words = (text) => (SEGMENTER ? Array.from(SEGMENTER.segment(text), (part) => part.segment) : Array.from(text));

// [[words, kept]] of either text: a longest common subsequence is what was kept.
function compare(before, after) {
  const [old, now] = [words(before), words(after)];
  if (old.length * now.length > MOST_STEPS) return [[[before, false]], [[after, false]]];
  const width = now.length + 1;
  const longest = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      longest[i * width + j] =
        old[i] === now[j]
          ? longest[(i + 1) * width + j + 1] + 1
          : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const [left, right] = [[], []];
  let [i, j] = [0, 0];
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      left.push([old[i++], true]);
      right.push([now[j++], true]);
    } else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) left.push([old[i++], false]);
    else right.push([now[j++], false]);
  }
  while (i < old.length) left.push([old[i++], false]);
  while (j < now.length) right.push([now[j++], false]);
  return [left, right];
}

const marked = (parts, name) => parts.map(([text, kept]) => (kept ? text : el(name, {}, text)));

const NAMES = { status: STATUSES, audience: AUDIENCES };

const said = (field, value) => NAMES[field]?.[value] || value || "";

// An item of a list as text; a quick reply is its title and where it leads.
const itemText = (item) => (typeof item === "string" ? item : `${item.title} → ${item.intent}`);

function items(value) {
  if (!value) return [];
  return Array.isArray(value) ? value.map(itemText) : value.split("\n").filter(Boolean);
}

const side = (kind, title, ...children) =>
  el("div", { class: `side ${kind}` }, el("small", {}, title), el("div", { class: "text" }, ...children));

function textChange(field, before, after) {
  const [old, now] = [said(field, before), said(field, after)];
  if (!old) return [side("after", "新", now)];
  if (!now) return [side("before", "原", old), side("after", "新", "（无）")];
  const [left, right] = compare(old, now);
  return [side("before", "原", ...marked(left, "del")), side("after", "新", ...marked(right, "ins"))];
}

function listChange(before, after) {
  const [had, has] = [items(before), items(after)];
  const gone = had.filter((item) => !has.includes(item)).map((item) => el("li", {}, el("del", {}, item)));
  const come = has.filter((item) => !had.includes(item)).map((item) => el("li", {}, el("ins", {}, item)));
  if (!gone.length && !come.length) return [el("p", { class: "note" }, "只改了顺序")];
  return [el("ul", { class: "items" }, ...gone, ...come)];
}

// changes: [{field, before, after}]
export function changeList(changes) {
  const rows = changes.flatMap(({ field, before, after }) => {
    const shown = LISTS.includes(field) ? listChange(before, after) : textChange(field, before, after);
    return [el("dt", {}, FIELDS[field] || field), el("dd", { class: `change ${field}` }, ...shown)];
  });
  return el("dl", { class: "changes" }, ...rows);
}

const written = (value) => JSON.stringify(value?.length ? value : "");

// The fields in which two entries differ, as changeList takes them.
export const differences = (before, after) =>
  Object.keys(FIELDS)
    .filter((field) => written(before[field]) !== written(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
