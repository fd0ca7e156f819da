// Questions that have to be answered before going on. Native dialogs hold and give back the focus.
import { problem } from "./alerts.js";
import { button, el, labelled, newName, once } from "./ui.js";

// Shows content in a modal dialog; close(value) resolves, Escape and "取消" resolve to undefined.
export function modal(title, build, { escape = true } = {}) {
  return new Promise((resolve) => {
    const name = newName("dialog");
    const node = el("dialog", { "aria-labelledby": name });
    let result;
    const close = (value) => {
      result = value;
      node.close();
    };
    // What has been sent is waited for.
    const held = () => !escape || node.querySelector("[aria-busy=true]");
    node.addEventListener("cancel", (event) => held() && event.preventDefault());
    node.addEventListener("close", () => {
      // A browser closes a dialog at the second Escape whatever the page says.
      if (result === undefined && held()) return node.showModal();
      node.remove();
      resolve(result);
    });
    node.append(el("h2", { id: name }, title), build(close));
    document.body.append(node);
    node.showModal();
  });
}

// Asks for a reason and does the work with it. It stays open, with what was typed, until the
// work is done or given up; resolves to {done: what work returned}, or undefined if given up.
//
// label: what is asked for; none asks for nothing. work(text) may throw: its message is shown;
// leave(error) says whether an error is better dealt with outside, then ask() throws it.
export async function ask({ title, text, label, required = true, confirm, kind = "primary", work, leave }) {
  let left = null;
  const answer = await modal(title, (close) => {
    const failed = el("div", { role: "alert" });
    const reason = label ? el("textarea", { rows: 3, required, maxlength: 500 }) : null;
    const send = el("button", { type: "submit", class: `button ${kind}` }, confirm);
    const cancel = button("取消", () => close(), "quiet");
    const give = async () => {
      failed.replaceChildren();
      cancel.disabled = true;
      try {
        const done = await work(reason ? reason.value.trim() : "");
        close({ done });
      } catch (error) {
        if (leave && leave(error)) {
          left = error;
          close();
        } else failed.replaceChildren(problem(error));
      } finally {
        cancel.disabled = false;
      }
    };
    return el(
      "form",
      { method: "dialog", onsubmit: (event) => (event.preventDefault(), once(send, give)) },
      typeof text === "string" ? el("p", {}, text) : text,
      reason && labelled(label, reason),
      failed,
      el("div", { class: "actions" }, cancel, send)
    );
  });
  if (left) throw left;
  return answer;
}

// content(close): what stands in a dialog that cannot be waved away
export const must = (title, content) => modal(title, content, { escape: false });
