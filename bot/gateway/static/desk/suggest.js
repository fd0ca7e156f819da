// Answers of the FAQ bank to what the customer said last, or to what the agent asks for.
import { tell } from "../staff/alerts.js";
import { button, debounced, el, labelled, note } from "../staff/ui.js";
import { markup } from "../widget/dom.js";
import { get } from "./api.js";
import { pathOf } from "./conversation.js";

const RESTING_MS = 400;

// As it is sent to the customer: what the widget would make bold stands there plainly.
const plain = (answer) => answer.replace(/\*\*(.+?)\*\*/g, "$1");

function answerNode(found, insert) {
  const put = button("放进回复", () => insert(plain(found.answer)), "quiet small");
  put.setAttribute("aria-label", `把“${found.question}”的答案放进回复`);
  return el(
    "details",
    { class: "answer" },
    el("summary", {}, found.question),
    el("div", { class: "text" }, markup(found.answer)),
    found.advice ? el("div", { class: "advice" }, el("b", {}, "处理建议"), markup(found.advice)) : null,
    put
  );
}

// insert(text): puts it into the composer, or null where there is none; {node, refresh()}
export function suggestions(number, insert, signal) {
  const input = el("input", { type: "search", placeholder: "换个说法搜一搜" });
  const found = el("div", { class: "answers", "aria-live": "polite" });
  let latest = 0;

  async function look() {
    const mine = ++latest;
    try {
      const { answers } = await get(pathOf(number, "suggestions"), { q: input.value.trim() }, signal);
      if (mine !== latest) return;
      const nodes = answers.map((each) => answerNode(each, insert));
      if (nodes.length) nodes[0].open = true;
      found.replaceChildren(...(nodes.length ? nodes : [note("没有找到合适的答案。")]));
    } catch (error) {
      if (mine === latest && error.name !== "AbortError") found.replaceChildren(note(`暂时没有推荐：${error.message}`));
    }
  }

  const typed = debounced(look, RESTING_MS);
  input.addEventListener("input", (event) => !event.isComposing && typed());
  input.addEventListener("compositionend", typed);
  const field = labelled("搜知识库", input);
  field.querySelector("label").className = "sr";
  return { node: el("div", {}, field, found), refresh: () => (input.value ? null : look().catch(tell)) };
}
