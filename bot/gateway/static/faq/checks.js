// Checking while typing: what is wrong stands beside its field, what resembles other entries here.
import { debounced, el, note } from "../staff/ui.js";
import { post } from "./api.js";
import { newTabLink } from "./links.js";
import { FIELDS } from "./names.js";

const TYPING_MS = 400;
const UNCOMPARED = "暂时不能和别的条目比较。";

function near({ id, question, mine, theirs, cosine }) {
  return el(
    "li",
    {},
    el("p", {}, `“${mine}”很像“${theirs}”`, el("small", {}, ` 相似度 ${cosine.toFixed(2)}`)),
    newTabLink(id, `在新标签页打开：${question}`)
  );
}

function summary(findings) {
  const errors = findings.filter((finding) => finding.level === "error").length;
  const warnings = findings.length - errors;
  if (!findings.length) return "没有发现问题。";
  return [errors && `${errors} 处要改`, warnings && `${warnings} 处提醒`].filter(Boolean).join("，") + "。";
}

// id: the entry being edited, which is not compared with itself; none for a new one
// {node, run()}: run() checks when typing rests
export function checking(form, id = null) {
  const said = el("p", { role: "status" }, "正在检查……");
  const places = el("ul", { class: "places" });
  const alike = el("section", { class: "near", "aria-label": "相近的条目", "aria-live": "polite", hidden: true });
  let asking = false;
  let outdated = false;

  const place = (finding) => {
    const go = () => form.focus(finding.field);
    const title = FIELDS[finding.field] || "条目";
    return el("li", { class: finding.level },
      el("button", { type: "button", class: "textlink", onclick: go }, title), `：${finding.message}`);
  };

  function show({ findings, near: found, can_compare: compared }) {
    form.show(findings);
    said.textContent = summary(findings) + (compared ? "" : UNCOMPARED);
    places.replaceChildren(...findings.map(place));
    alike.hidden = !found.length;
    const lead = note("合并、删去其一，或在问法里写明差别，客户才不会得到错的答案：");
    alike.replaceChildren(el("h3", {}, "和别的条目很像"), lead, el("ul", { class: "plain" }, ...found.map(near)));
  }

  // One at a time: what was typed meanwhile is asked about when the answer has come.
  async function check() {
    outdated = asking;
    if (asking) return;
    asking = true;
    try {
      const found = await post("/preview", { entry: form.read(), id });
      if (!outdated) show(found);
    } catch (error) {
      said.textContent = `暂时不能检查：${error.message}`;
    } finally {
      asking = false;
    }
    if (outdated) check();
  }

  const node = el("section", { class: "card checks", "aria-label": "检查" }, el("h2", {}, "检查"), said, alike, places);
  return { node, run: debounced(check, TYPING_MS) };
}
