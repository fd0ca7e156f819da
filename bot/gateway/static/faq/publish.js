// Publishing: what would change, what stands in the way, the regression trial, going back.
import { go } from "../staff/address.js";
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { countOf } from "../staff/format.js";
import { buttonFor, card, el, head, lacking, link, list, note, tag } from "../staff/ui.js";
import { get, post } from "./api.js";
import { changeList } from "./diff.js";
import { entryLink } from "./links.js";
import { inUse } from "./list.js";
import { DIFFERENCES } from "./names.js";
import { publications } from "./versions.js";

const TONES = { added: "good", changed: "info", removed: "bad" };

function difference(each) {
  const title = [tag(DIFFERENCES[each.kind], TONES[each.kind]), " ", each.question, el("small", {}, ` ${each.id}`)];
  const shown = each.changes.length
    ? el("details", {}, el("summary", {}, ...title), changeList(each.changes))
    : el("div", { class: "summary" }, ...title, " ", entryLink(each.id, "查看"));
  return el("li", {}, shown);
}

function differencesCard({ diff }) {
  const title = `发布后的变化（${countOf(diff.length)} 个条目）`;
  if (!diff.length) return card(title, note("和正在使用的版本没有差别。"));
  return card(title, el("ul", { class: "plain differences" }, ...diff.map(difference)));
}

// A finding says where it is found; its entry is a press away.
const finding = ({ entry_id: id, message }) => el("span", {}, message, id ? " " : "", id ? entryLink(id, "打开") : "");

const stop = ({ id, question, authors, why }) =>
  el("span", {}, entryLink(id, question), `：${authors.join("、")} 改过，${why}`);

function obstacles({ stops, findings }) {
  const errors = findings.filter((each) => each.level === "error").map(finding);
  const warnings = findings.filter((each) => each.level !== "error").map(finding);
  const all = [...errors, ...stops.map(stop)];
  const blocked = all.length
    ? [el("p", { class: "bad" }, `${all.length} 处需要先处理：`), list(all), stops.length ? link("#/reviews", "去复核") : null]
    : [el("p", { class: "good" }, "可以发布。")];
  const advice = warnings.length
    ? el("details", {}, el("summary", {}, `${warnings.length} 处提醒，不阻止发布`), list(warnings))
    : null;
  return card("是否可以发布", ...blocked, advice);
}

// What is shown while the server works on it, which takes a while.
function working(text) {
  const begun = Date.now();
  const seconds = el("span", {});
  const node = el("div", { class: "progress", role: "status" }, el("p", {}, text, seconds), el("progress", {}));
  const timer = setInterval(() => (seconds.textContent = ` 已 ${Math.round((Date.now() - begun) / 1000)} 秒`), 1000);
  return { node, stop: () => (clearInterval(timer), node.remove()) };
}

async function whileWorking(place, text, work) {
  const shown = working(text);
  place.replaceChildren(shown.node);
  try {
    return await work();
  } finally {
    shown.stop();
  }
}

function verdictView({ asked, passed, worse, misses, compared }) {
  const share = asked ? `${countOf(asked)} 个回归问法，直接答对 ${countOf(passed)} 个。` : "还没有回归问法可以检验。";
  return el(
    "div",
    { class: "verdictbox" },
    el("p", {}, share, compared ? null : " 没有可以比较的旧版本。"),
    worse.length ? el("p", { class: "bad" }, `${worse.length} 个问法比现在差：`) : el("p", { class: "good" }, "没有问法变差。"),
    worse.length ? list(worse) : null,
    misses.length ? el("details", {}, el("summary", {}, `${misses.length} 个没有直接答对`), list(misses)) : null
  );
}

async function release({ about, ...question }, bodyOf) {
  const progress = el("div", {});
  const send = (text) =>
    whileWorking(progress, "正在建立索引、做回归比较……", () => post("/publication", bodyOf(text)));
  const published = await ask({ ...question, text: el("div", {}, about, progress), work: send });
  if (!published) return;
  toast(`已发布${published.done.title}，客户几秒内就能用上。`);
  go("publish");
}

const refusal = (error) => el("div", {}, el("p", { class: "bad" }, error.message), list(error.reasons));

// Where the gate found something worse, another reason is asked for.
async function publish() {
  let why = "";
  const worse = (error) => error.code === "worse";
  try {
    await release(
      {
        title: "发布知识库", label: "为什么发布", confirm: "发布", leave: worse,
        about: el("p", {}, "检查、回归比较之后立即对客户生效，不用重启。"),
      },
      (text) => ({ why: (why = text) })
    );
  } catch (error) {
    if (!worse(error)) throw error;
    await release(
      {
        title: "仍要发布？", label: "为什么变差也要发布（会留下记录）", confirm: "仍要发布", kind: "danger",
        about: refusal(error),
      },
      (override) => ({ why, override })
    );
  }
}

function gate(person) {
  const place = el("div", { "aria-live": "polite" });
  const trial = async () => {
    const verdict = await whileWorking(place, "正在用改好的内容回答全部回归问法……", () => post("/publication/trial"));
    place.replaceChildren(verdictView(verdict));
  };
  return card(
    "回归检验",
    lacking(person, "publisher"),
    note("发布前用全部回归问法问一遍改好的内容，和正在使用的版本比较；有变差的就停下来问您。"),
    el(
      "div",
      { class: "actions start" },
      buttonFor(person, "publisher", "试跑回归", trial),
      buttonFor(person, "publisher", "发布……", publish, "primary")
    ),
    place
  );
}

export async function publishView({ person, signal }) {
  const [state, made] = await Promise.all([
    get("/publication", {}, signal),
    get("/publications", {}, signal),
  ]);
  return el(
    "div",
    {},
    head("发布", "复核通过的修改在这里让客户用上。随时可以退回到以前的版本。"),
    inUse(state.in_use),
    obstacles(state),
    gate(person),
    differencesCard(state),
    card("发布过的版本", publications(made.slice(0, 10), person), link("#/history", "全部记录"))
  );
}
