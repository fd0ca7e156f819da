// What stands around every view: the bank's name, the person, the sections, the try-it drawer.
import { ROLES } from "./names.js";
import { tryBox } from "./tryit.js";
import { button, cross, el, link, svg } from "./ui.js";

// section: [title, drawing]
const SECTIONS = {
  entries: ["条目", "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4"],
  reviews: ["复核", "M4 12.5l5 5L20 6.5"],
  publish: ["发布", "M12 15V4M7.5 8.5L12 4l4.5 4.5M5 14v6h14v-6"],
  mining: ["挖掘", "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20"],
  try: ["试一试", "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5"],
  evaluation: ["评估", "M4 20h16M7 20v-6M12 20V9M17 20V4"],
  history: ["历史", "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17M12 7.5V12l3.5 2"],
  exchange: ["导入导出", "M7 4v13M3.5 13.5L7 17l3.5-3.5M17 20V7M13.5 10.5L17 7l3.5 3.5"],
};

const TREE = "M12 2l4.5 6h-2.5l4 5.5h-3l3.5 5H13.2V22h-2.4v-3.5H5.5l3.5-5H6L10 8H7.5z";

export const brand = () => el("div", { class: "brand" }, svg(TREE), el("b", {}, "云杉银行"), el("span", {}, "知识库"));

export const rolesOf = (person) => person.roles.map((role) => ROLES[role] || role).join("、");

function navigation() {
  const items = Object.entries(SECTIONS).map(([section, [title, drawing]]) => {
    const mark = el("span", { class: "count", hidden: true });
    return { section, title, mark, node: el("a", { href: `#/${section}` }, svg(drawing), title, mark) };
  });
  const node = el("nav", { class: "sections", "aria-label": "知识库" }, ...items.map((item) => item.node));
  const mark = (section) =>
    items.forEach((item) => {
      if (item.section === section) item.node.setAttribute("aria-current", "page");
      else item.node.removeAttribute("aria-current");
    });
  const count = (numbers) =>
    items.forEach((item) => {
      const number = numbers[item.section] || 0;
      item.mark.hidden = !number;
      item.mark.textContent = number;
      item.mark.setAttribute("aria-label", `${number} 件待处理`);
    });
  return { node, mark, count };
}

function drawer() {
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

// {node, show(view), mark(section), count({section: number})}
export function frame(person, signOut) {
  const main = el("main", { id: "main" });
  const sections = navigation();
  const trying = drawer();
  const skip = button("跳到正文", () => main.querySelector("h1")?.focus(), "skip");
  const header = el(
    "header",
    { class: "top" },
    skip,
    link("#/entries", brand()),
    el("div", { class: "who" }, el("b", {}, person.display), el("span", {}, rolesOf(person))),
    trying.opener,
    button("退出", signOut, "onbrand")
  );
  const node = el("div", { class: "frame" }, header, sections.node, main, trying.node);
  return { node, show: (view) => main.replaceChildren(view), mark: sections.mark, count: sections.count };
}
