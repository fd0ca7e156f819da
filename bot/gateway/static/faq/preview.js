// An answer as the customer sees it: drawn by the widget's own code in the widget's own look.
import { messageView } from "../widget/messages.js";
import { STYLE } from "../widget/style.js";
import { toast } from "../staff/alerts.js";
import { el } from "../staff/ui.js";

const look = new CSSStyleSheet();
look.replaceSync(STYLE);

// What the assistant says when it has to ask back, and when nothing fits.
const CLARIFY = "您想问的是……？";
const NOTHING = "抱歉，我没有完全明白。您可以换个说法，或者直接找人工客服。";

const message = (role, text, more = {}) => ({
  seq: 0, role, text, card: null, source: {}, quick_replies: [], at: new Date().toISOString(), ...more,
});

const reply = (title, group) => ({ title, value: "", group });

const actions = {
  press: ({ title, group }) => toast(group === "related" ? `客户按下后会问：${title}` : `客户按下后会办理：${title}`),
  signIn: () => {},
};

// {node, show(question, messages)}: the customer's question and what comes back
export function customerView() {
  const node = el("div", { class: "customer-view" });
  const root = node.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [look];
  const log = el("div", { class: "log" });
  root.append(log);
  const show = (question, answer) => {
    const asked = question ? [message("customer", question)] : [];
    log.replaceChildren(...[...asked, answer].map((each) => messageView(each, actions)));
  };
  return { node, show };
}

// entry: as it is in the form; related: its related questions
export function answerMessage(entry, related = []) {
  return message("bot", entry.answer || "（还没有写答案）", {
    source: { faq_id: entry.id, action: `utter_faq/${entry.id}` },
    quick_replies: [
      ...(entry.quick_replies || []).filter((lead) => lead.title).map((lead) => reply(lead.title, "business")),
      ...related.map((question) => reply(question, "related")),
    ],
  });
}

// found: what trying a text gave
export function triedMessage(found) {
  if (found.decision === "answer") return answerMessage({ ...found, id: found.candidates[0].id }, found.related);
  if (found.decision === "none") return message("bot", NOTHING, { quick_replies: [reply("转人工", "business")] });
  const offered = found.candidates.map((each) => reply(each.question, "business"));
  return message("bot", CLARIFY, { quick_replies: [...offered, reply("都不是", "business")] });
}
