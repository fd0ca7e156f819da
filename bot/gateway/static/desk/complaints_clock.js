// A complaint's clock, drawn as a line: received, new facts, extensions, pauses, the last day.
import { shape } from "../staff/shape.js";
import { el } from "../staff/ui.js";

const [WIDTH, MARGIN, LINE, ROW] = [760, 24, 58, 18];
const DAY_MS = 86400000;
const ROWS = 3;

const dayNumber = (iso) => Date.parse(`${iso}T00:00:00Z`) / DAY_MS;
const short = (iso) => `${Number(iso.slice(5, 7))}月${Number(iso.slice(8))}日`;

// Names that would run into each other stand on rows below one another.
function rowsOf(points) {
  const ends = Array(ROWS).fill(-Infinity);
  return points.map(({ at, text }) => {
    const wide = text.length * 12;
    const [from, to] = at + wide > WIDTH ? [at - wide, at] : [at, at + wide];
    const row = Math.max(0, ends.findIndex((end) => end <= from));
    ends[row] = to + 8;
    return row;
  });
}

function pointOf({ kind, title, on }, at, row) {
  const y = LINE + 26 + row * ROW;
  const text = `${short(on)} ${title}`;
  const anchor = at + text.length * 12 > WIDTH ? "end" : "start";
  const node = shape("g", { class: `point ${kind}` });
  node.append(
    shape("line", { x1: at, x2: at, y1: LINE, y2: y - 10, class: "stem" }),
    shape("circle", { cx: at, cy: LINE, r: 6 }),
    shape("text", { x: at - (anchor === "start" ? 4 : -4), y, "text-anchor": anchor }, text)
  );
  return node;
}

// clock: {first, last, today, points: [{on, kind, title}], stretches: [{since, until, title}]}
export function clockLine(clock, term) {
  const [first, last] = [dayNumber(clock.first), dayNumber(clock.last)];
  const x = (iso) => MARGIN + ((dayNumber(iso) - first) / Math.max(1, last - first)) * (WIDTH - 2 * MARGIN);
  const due = clock.points.find((point) => point.kind === "due").on;
  const until = clock.today || clock.points.at(-1).on;
  const shown = clock.points.map((point) => ({ at: x(point.on), text: `${short(point.on)} ${point.title}` }));
  const rows = rowsOf(shown);
  const node = shape("svg", {
    viewBox: `0 0 ${WIDTH} ${LINE + 14 + (Math.max(...rows) + 1) * ROW}`, class: `clock-line ${term.overdue ? "is-late" : ""}`, role: "img",
    "aria-label": told(clock),
  });
  node.append(
    shape("line", { x1: x(clock.first), x2: x(due), y1: LINE, y2: LINE, class: "term" }),
    shape("line", { x1: x(clock.first), x2: x(until < due ? until : due), y1: LINE, y2: LINE, class: "gone" })
  );
  if (until > due) node.append(shape("line", { x1: x(due), x2: x(until), y1: LINE, y2: LINE, class: "over" }));
  for (const { since, until: end, title } of clock.stretches) {
    const stretch = shape("rect", { x: x(since), y: LINE - 8, width: Math.max(4, x(end) - x(since)), height: 16, class: "stretch" });
    stretch.append(shape("title", {}, `${title}：${since} 到 ${end}，不计入期限`));
    node.append(stretch, shape("text", { x: x(since), y: LINE - 14, class: "paused" }, title));
  }
  if (clock.today) {
    const at = x(clock.today);
    node.append(shape("path", { d: `M${at} ${LINE - 10}l-7 -11h14z`, class: "today" }),
      shape("text", { x: at, y: LINE - 26, "text-anchor": "middle", class: "today" }, "今天"));
  }
  node.append(...clock.points.map((point, index) => pointOf(point, shown[index].at, rows[index])));
  return el("figure", { class: "scroll" }, node);
}

// The same in words, for whoever does not see it.
function told({ points, stretches, today }) {
  const places = points.map(({ on, title }) => `${on} ${title}`);
  const pauses = stretches.map(({ since, until, title }) => `${since} 到 ${until} ${title}，不计入`);
  return `期限：${[...places, ...pauses, today ? `今天是 ${today}` : ""].filter(Boolean).join("；")}`;
}
