// How well the version in use answers the bank's own regression questions.
import { countOf, percent } from "../staff/format.js";
import { card, el, head, note, table } from "../staff/ui.js";
import { get } from "./api.js";
import { calibrationChart } from "./chart.js";
import { entryLink } from "./links.js";

const FIGURES = [
  ["recall_at_1", "首位命中", "第一个候选就是该条目"],
  ["recall_at_3", "前三命中", "该条目在前三个候选里"],
  ["mrr", "平均倒数排名", "1 为满分"],
  ["wrong", "答错", "直接给了别的答案"],
  ["unanswered", "没有答上", "没有给出答案"],
];

function figures(report) {
  const share = (name) => (name === "mrr" ? report.mrr.toFixed(3) : percent(report[name]));
  const boxes = FIGURES.map(([name, title, about]) =>
    el("div", { class: "figure" }, el("b", {}, share(name)), el("span", {}, title), el("small", {}, about))
  );
  return el("div", { class: "figures" }, ...boxes);
}

const row = (cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));

const worst = ({ worst: entries }) =>
  entries.length
    ? table(
        ["条目", "没答对", "问了"],
        entries.map((each) => row([entryLink(each.id, each.question), each.missed, each.asked]))
      )
    : note("每个条目都答对了。");

const got = (each) => (each.got ? entryLink(each.got) : "（没有候选）");

const misses = ({ misses: found }) =>
  found.length
    ? table(["问法", "应该是", "首个候选"], found.map((each) => row([each.question, entryLink(each.id), got(each)])))
    : note("没有答错的问法。");

export async function evaluationView({ signal }) {
  const report = await get("/evaluation", {}, signal);
  const asked = `用各条目的回归问法 ${countOf(report.questions)} 句，问正在使用的版本。`;
  if (!report.questions) return el("div", {}, head("评估", "条目里还没有回归问法，写上几句就能评估。"));
  return el(
    "div",
    {},
    head("评估", asked),
    figures(report),
    el(
      "div",
      { class: "pair" },
      card("把握准不准", note("离虚线越近，助手说的“把握”越可信；圆点越大，句数越多。"), calibrationChart(report.curve)),
      card("最需要补充问法的条目", worst(report))
    ),
    card(`没有答对的问法（${countOf(report.misses.length)}）`, misses(report))
  );
}
