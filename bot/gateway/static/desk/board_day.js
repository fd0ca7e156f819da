// Today: its volume, and how much of it was answered in time.
import { percent } from "../staff/format.js";
import { shape } from "../staff/shape.js";
import { card, el, table } from "../staff/ui.js";
import { lasting } from "./board_wall.js";

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [480, 150, 30, 20];
const STEP = WIDTH / 24;

const figure = (title, value, tone = "") => el("div", { class: `day-figure ${tone}` }, el("dt", {}, title), el("dd", {}, value));

// Eight of ten in time is what service centres commonly promise.
const levelTone = (share) => (share == null ? "" : share >= 0.8 ? "good" : share >= 0.6 ? "warn" : "bad");

function bar(hour, from, count, most, kind) {
  const tall = (HEIGHT * count) / most;
  const y = 6 + HEIGHT - (HEIGHT * from) / most - tall;
  return shape("rect", { x: LEFT + hour * STEP + 2, y, width: STEP - 4, height: Math.max(tall, 0), class: kind });
}

function hourBars({ opened, answered, in_time: inTime }, hour, most) {
  const node = shape("g", {});
  const parts = [[inTime, "in-time"], [answered - inTime, "late"], [opened - answered, "open"]];
  let from = 0;
  for (const [count, kind] of parts) {
    if (count) node.append(bar(hour, from, count, most, kind));
    from += count;
  }
  node.append(shape("title", {}, `${hour} 点：来 ${opened}，应答 ${answered}，其中及时 ${inTime}`));
  return node;
}

function chart(hours) {
  const most = Math.max(1, ...hours.map((hour) => hour.opened));
  const node = shape("svg", {
    viewBox: `0 0 ${LEFT + WIDTH + 6} ${HEIGHT + BOTTOM + 6}`, class: "volume", role: "img",
    "aria-label": "今天每小时的来量：下段是及时应答的，中段是应答晚了的，上段是还没有应答的。数字见下表。",
  });
  for (const share of [0, 0.5, 1]) {
    const y = 6 + HEIGHT * (1 - share);
    node.append(shape("line", { x1: LEFT, x2: LEFT + WIDTH, y1: y, y2: y, class: "grid" }));
    if (share === 0 || Number.isInteger(most * share)) node.append(shape("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, most * share));
  }
  for (let hour = 0; hour <= 24; hour += 4)
    node.append(shape("text", { x: LEFT + hour * STEP, y: HEIGHT + BOTTOM + 2, "text-anchor": "middle" }, hour));
  hours.forEach((each, hour) => node.append(hourBars(each, hour, most)));
  return node;
}

function numbers(hours, open) {
  const heads = ["时段", "来量", "应答", "及时"];
  const cell = (text) => el("td", { class: "number" }, text);
  const rows = hours.flatMap((each, hour) =>
    each.opened ? [el("tr", {}, el("td", {}, `${hour}–${hour + 1} 点`), ...[each.opened, each.answered, each.in_time].map(cell))] : []
  );
  return el("details", { open: Boolean(open) }, el("summary", {}, "看数字"), table(heads, rows, { numbers: heads.slice(1) }));
}

const KEYS = { "in-time": "及时应答", late: "应答晚了", open: "没有应答" };
const legend = () =>
  el("ul", { class: "legend" }, ...Object.entries(KEYS).map(([kind, text]) => el("li", {}, el("i", { class: kind }), text)));

// open: whether the numbers were unfolded
export function dayCard(day, open) {
  const shown = el(
    "dl",
    { class: "day-figures" },
    figure("来量", day.opened),
    figure("应答", day.answered),
    figure("放弃", day.abandoned, day.abandoned ? "warn" : ""),
    figure("办结", day.resolved),
    figure("及时应答率", percent(day.service_level), levelTone(day.service_level)),
    figure("首次响应中位数", lasting(day.first_response_p50_seconds)),
    figure("客户满意", percent(day.satisfied_share))
  );
  return card("今天", shown, chart(day.hours), legend(), numbers(day.hours, open));
}
