// The calibration curve: how often an answer given with such a probability is right.
import { percent } from "../staff/format.js";
import { shape } from "../staff/shape.js";
import { el, table } from "../staff/ui.js";

const [SIDE, LEFT, BOTTOM] = [300, 44, 40];

const x = (share) => LEFT + share * SIDE;
const y = (share) => 10 + (1 - share) * SIDE;

function axes() {
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    shape("line", { x1: x(0), x2: x(1), y1: y(share), y2: y(share), class: "grid" }),
    shape("text", { x: x(0) - 6, y: y(share) + 4, "text-anchor": "end" }, `${share * 100}%`),
    shape("text", { x: x(share), y: y(0) + 16, "text-anchor": "middle" }, `${share * 100}%`),
  ]);
  return [
    ...ticks,
    shape("line", { x1: x(0), y1: y(0), x2: x(1), y2: y(1), class: "ideal" }),
    shape("text", { x: x(0.5), y: y(0) + 34, "text-anchor": "middle" }, "助手的把握"),
  ];
}

// curve: [{count, predicted, right}], one a bin of probabilities
export function calibrationChart(curve) {
  const shown = curve.filter((bin) => bin.count);
  const node = shape("svg", {
    viewBox: `0 0 ${LEFT + SIDE + 16} ${SIDE + 10 + BOTTOM}`, class: "chart", role: "img",
    "aria-label": "校准曲线：横轴是助手的把握，纵轴是实际答对的比例；离虚线越近越准。",
  });
  const points = shown.map((bin) => `${x(bin.predicted)},${y(bin.right)}`).join(" ");
  const most = Math.max(1, ...shown.map((bin) => bin.count));
  const dots = shown.map((bin) => {
    const dot = shape("circle", { cx: x(bin.predicted), cy: y(bin.right), r: 4 + 6 * Math.sqrt(bin.count / most) });
    dot.append(shape("title", {}, told(bin)));
    return dot;
  });
  node.append(...axes(), shape("polyline", { points, class: "line" }), ...dots);
  return el("figure", {}, node, numbersOf(shown));
}

const told = (bin) => `${bin.count} 句：把握 ${percent(bin.predicted)}，实际答对 ${percent(bin.right)}`;

function numbersOf(bins) {
  const cell = (text) => el("td", { class: "number" }, text);
  const rows = bins.map((bin) => el("tr", {}, ...[bin.count, percent(bin.predicted), percent(bin.right)].map(cell)));
  const heads = ["句数", "把握", "实际答对"];
  return el("details", {}, el("summary", {}, "看数字"), table(heads, rows, { numbers: heads }));
}
