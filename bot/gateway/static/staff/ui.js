// The pieces that every view is made of.
import { el, svg } from "../widget/dom.js";
import { tell } from "./alerts.js";
import { ROLES } from "./roles.js";

export { el, svg };

let names = 0;
export const newName = (prefix) => `${prefix}-${++names}`;

// Runs work unless it is still running: a double click sends once.
export async function once(button, work) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    tell(error);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// kind: "", "primary", "danger" or "quiet"
export function button(title, work, kind = "") {
  const node = el("button", { type: "button", class: `button ${kind}` }, title);
  node.addEventListener("click", () => once(node, async () => work(node)));
  return node;
}

// A small cross that closes or removes something; its label says what.
export const cross = (label, work) =>
  el("button", { type: "button", class: "close", "aria-label": label, onclick: work }, "×");

// What the person's roles do not cover stands there disabled and says why.
export function reserved(person, role, node) {
  if (!person.roles.includes(role)) {
    node.disabled = true;
    node.title = `需要“${ROLES[role]}”权限`;
  }
  return node;
}

// The same said once for a view; null where the person may.
export const lacking = (person, role) =>
  person.roles.includes(role) ? null : el("p", { class: "lacking" }, `您没有“${ROLES[role]}”权限，可以查看。`);

export const buttonFor = (person, role, ...rest) => reserved(person, role, button(...rest));

export const link = (href, text, kind = "") => el("a", { href, class: kind || false }, text);

export const tag = (text, kind = "") => el("span", { class: `tag ${kind}` }, text);

export const note = (...children) => el("p", { class: "note" }, ...children);

export const empty = (text, ...more) => el("div", { class: "empty" }, el("p", {}, text), ...more);

export function card(title, ...children) {
  const name = newName("card");
  return el("section", { class: "card", "aria-labelledby": name }, el("h2", { id: name }, title), ...children);
}

// The head of a view: its title, which takes the focus on arrival, and what can be done.
export function head(title, text, ...actions) {
  return el(
    "div",
    { class: "head" },
    el("div", {}, el("h1", { tabindex: "-1" }, title), text ? note(text) : null),
    actions.length ? el("div", { class: "actions" }, ...actions) : null
  );
}

export function labelled(label, control, hint = null) {
  if (!control.id) control.id = newName("field");
  const said = hint && el("small", { class: "hint", id: `${control.id}-hint` }, hint);
  if (said) control.setAttribute("aria-describedby", said.id);
  return el("div", { class: "field" }, el("label", { for: control.id }, label), control, said);
}

// options: {value: title}; none: the title of no choice, or null where one has to be made
export function select(options, value = "", none = null) {
  const items = Object.entries(options).map(([key, title]) => el("option", { value: key }, title));
  const node = el("select", {}, none === null ? null : el("option", { value: "" }, none), ...items);
  node.value = value;
  return node;
}

// rows: <tr> elements; numbers: the titles of columns of numbers
export function table(heads, rows, { numbers = [], kind = false } = {}) {
  const titles = heads.map((title) =>
    el("th", { scope: "col", class: numbers.includes(title) && "number" }, title || el("span", { class: "sr" }, "操作"))
  );
  const head = el("thead", {}, el("tr", {}, ...titles));
  return el("div", { class: "scroll" }, el("table", { class: kind }, head, el("tbody", {}, ...rows)));
}

export function pager(page, pages, turn) {
  if (pages <= 1) return "";
  const step = (title, to) => {
    const node = button(title, () => turn(to), "quiet");
    node.disabled = to < 1 || to > pages;
    return node;
  };
  return el(
    "nav",
    { class: "pager", "aria-label": "翻页" },
    step("上一页", page - 1),
    el("span", {}, `第 ${page} / ${pages} 页`),
    step("下一页", page + 1)
  );
}

export const waiting = (text = "正在读取……") =>
  el("div", { class: "waiting", role: "status" }, el("span", { class: "spinner" }), text);

// A list of people, things or reasons; long ones are folded.
export function list(items, most = 20) {
  const shown = (some) => el("ul", { class: "plain" }, ...some.map((item) => el("li", {}, item)));
  if (items.length <= most) return shown(items);
  const rest = items.slice(most);
  const more = el("details", {}, el("summary", {}, `其余 ${rest.length} 条`), shown(rest));
  return el("div", {}, shown(items.slice(0, most)), more);
}

// Calls work when nothing has happened for a while; the promise's errors are told.
export function debounced(work, milliseconds) {
  let timer = null;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => Promise.resolve(work(...values)).catch(tell), milliseconds);
  };
}
