// What stands around every view: the bank's name, the person, the sections.
import { rolesOf } from "./roles.js";
import { button, el, link, svg } from "./ui.js";

const TREE = "M12 2l4.5 6h-2.5l4 5.5h-3l3.5 5H13.2V22h-2.4v-3.5H5.5l3.5-5H6L10 8H7.5z";

export const brand = (name) => el("div", { class: "brand" }, svg(TREE), el("b", {}, "云杉银行"), el("span", {}, name));

function navigation(name, sections) {
  const items = Object.entries(sections).map(([section, { title, drawing }]) => {
    const mark = el("span", { class: "count", hidden: true });
    return { section, mark, node: el("a", { href: `#/${section}` }, svg(drawing), title, mark) };
  });
  const node = el("nav", { class: "sections", "aria-label": name }, ...items.map((item) => item.node));
  const mark = (section) =>
    items.forEach((item) => {
      if (item.section === section) item.node.setAttribute("aria-current", "page");
      else item.node.removeAttribute("aria-current");
    });
  const count = (numbers) =>
    items.filter((item) => item.section in numbers).forEach((item) => {
      const number = numbers[item.section] || 0;
      item.mark.hidden = !number;
      item.mark.textContent = number;
      item.mark.setAttribute("aria-label", `${number} 件待处理`);
    });
  return { node, mark, count };
}

// name: the page's; sections: {section: {title, drawing}}; tools: what else the head offers;
// around: what lies over or beside every view; kind: "compact" keeps the sections narrow
// {node, show(view), mark(section), count({section: number})}
export function frame({ name, person, sections, tools = [], around = [], kind = "" }, signOut) {
  const main = el("main", { id: "main" });
  const places = navigation(name, sections);
  const skip = button("跳到正文", () => main.querySelector("h1")?.focus(), "skip");
  const header = el(
    "header",
    { class: "top" },
    skip,
    link(`#/${Object.keys(sections)[0]}`, brand(name)),
    el("div", { class: "who" }, el("b", {}, person.display), el("span", {}, rolesOf(person))),
    ...tools,
    button("退出", signOut, "onbrand")
  );
  const node = el("div", { class: `frame ${kind}` }, header, places.node, main, ...around);
  return { node, show: (view) => main.replaceChildren(view), mark: places.mark, count: places.count };
}
