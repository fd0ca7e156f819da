// Trying a question out beside whatever is being worked on.
import { button, cross, el } from "../staff/ui.js";
import { tryBox } from "./tryit.js";

// {node, opener}: what slides in, and the button that opens it
export function drawer() {
  const close = cross("关闭试一试", () => show(false));
  const content = el("div");
  const node = el(
    "aside",
    { class: "drawer", "aria-label": "试一试", hidden: true, onkeydown: (event) => event.key === "Escape" && show(false) },
    el("div", { class: "actions" }, el("h2", {}, "试一试"), close),
    content
  );
  const opener = button("试一试", () => show(node.hidden), "onbrand");
  opener.setAttribute("aria-expanded", "false");
  function show(open) {
    if (open && !content.firstChild) content.append(tryBox());
    node.hidden = !open;
    opener.setAttribute("aria-expanded", open);
    (open ? node.querySelector("textarea") : opener).focus();
  }
  return { node, opener };
}
