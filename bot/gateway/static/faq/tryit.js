// What a text would get from the version in use, and why.
import { el, head, labelled, note, once, select, tag } from "../staff/ui.js";
import { post } from "./api.js";
import { entryLink } from "./links.js";
import { AUDIENCES } from "./names.js";
import { customerView, triedMessage } from "./preview.js";

const KINDS = { answer: "good", clarify: "warn", none: "bad" };

// A number between 0 and 1 as a bar; others of the evidence as numbers alone.
function meter(value, mark = null) {
  const share = Math.max(0, Math.min(1, value));
  const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("i"));
  bar.firstChild.style.width = `${share * 100}%`;
  if (mark) {
    const line = el("em");
    line.style.left = `${mark * 100}%`;
    bar.append(line);
  }
  return bar;
}

function candidate(each, thresholds) {
  const evidence = Object.entries(each.evidence).flatMap(([name, value]) => [
    el("dt", {}, name),
    el("dd", {}, value.toFixed(2)),
  ]);
  return el(
    "li",
    {},
    el("div", { class: "score" }, meter(each.score, thresholds.answer), el("b", {}, each.score.toFixed(2))),
    el("div", {}, entryLink(each.id, each.question), el("small", {}, ` ${each.id}`)),
    note(`最近的问法：${each.wording}`),
    evidence.length ? el("details", {}, el("summary", {}, "证据"), el("dl", { class: "evidence" }, ...evidence)) : null
  );
}

// Of a message that asks several things each has a result of its own.
const results = (found) => [found, ...found.others].map(result);

function result(found) {
  const view = customerView();
  view.show(found.text, triedMessage(found));
  const candidates = found.candidates.map((each) => candidate(each, found.thresholds));
  return el(
    "div",
    { class: "tried" },
    el(
      "div",
      { class: "verdict" },
      el("div", {}, tag(found.decision_name, KINDS[found.decision]), " ", el("span", {}, found.why)),
      found.completed ? note("接着上一句理解成这个问题") : null,
      note(`按正在使用的${found.version.title}回答`)
    ),
    view.node,
    el(
      "section",
      { "aria-label": "候选条目" },
      el("h3", {}, "候选条目"),
      candidates.length ? el("ol", { class: "candidates" }, ...candidates) : note("没有接近的条目。")
    )
  );
}

export function tryBox() {
  const text = el("textarea", { rows: 2, required: true, maxlength: 500, placeholder: "例如：补卡要多少钱" });
  const audience = select(AUDIENCES, "public");
  const after = el("input", { maxlength: 500, placeholder: "可不填，用来试“那信用卡呢”这样的追问" });
  const shown = el("div", { "aria-live": "polite" });
  const send = el("button", { type: "submit", class: "button primary" }, "问一问");
  const ask = async () => {
    const asked = text.value.trim();
    if (!asked) return;
    const body = { text: asked, audience: audience.value, after: after.value.trim() };
    shown.replaceChildren(...results(await post("/try", body)));
  };
  const form = el(
    "form",
    { class: "tryform", onsubmit: (event) => (event.preventDefault(), once(send, ask)) },
    labelled("客户会怎么问", text),
    labelled("上一句", after),
    labelled("以谁的身份", audience),
    send
  );
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  return el("div", { class: "trybox" }, form, shown);
}

export function tryView() {
  const title = head("试一试", "问一句话，看客户现在会得到什么答案，为什么。这里用的是已经发布的版本。");
  return el("div", {}, title, el("div", { class: "card" }, tryBox()));
}
