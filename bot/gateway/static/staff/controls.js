// One control a kind of field: {node, focus(), read(), fill(value), invalid(is)}.
import { el, newName, select } from "./ui.js";

const valueOf = (input, parse = (text) => text.trim(), write = (value) => value ?? "") => ({
  node: input,
  focus: () => input.focus(),
  read: () => parse(input.value),
  fill: (value) => (input.value = write(value)),
  invalid: (is) => input.setAttribute("aria-invalid", is),
});

export const line = (more = {}) => valueOf(el("input", { type: "text", autocomplete: "off", ...more }));

export const lineOf = (choices, more = {}) => {
  const known = el("datalist", { id: newName("choices") }, ...choices.map((value) => el("option", { value })));
  const control = line({ list: known.id, ...more });
  return { ...control, input: control.node, node: el("div", {}, control.node, known) };
};

export const paragraph = (rows) => valueOf(el("textarea", { rows }));

export const date = () => valueOf(el("input", { type: "date" }), (text) => text || null);

export const choice = (options) => valueOf(select(options));

export function lines(rows, unit) {
  const input = el("textarea", { rows, class: "lines" });
  const count = el("small", { class: "hint" });
  const parse = (text) => text.split("\n").map((each) => each.trim()).filter(Boolean);
  const recount = () => (count.textContent = `${parse(input.value).length} ${unit}`);
  input.addEventListener("input", recount);
  const control = valueOf(input, parse, (value) => (value || []).join("\n"));
  const fill = (value) => {
    control.fill(value);
    recount();
  };
  return { ...control, input, node: el("div", { class: "counted" }, input, count), fill };
}

export function fixed() {
  const node = el("output", { class: "fixed" });
  return {
    node,
    focus: () => {},
    read: () => node.value,
    fill: (value) => (node.value = value),
    invalid: () => {},
  };
}
