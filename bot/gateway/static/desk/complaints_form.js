// Dialogs with several fields, each a control with its label.
import { ask } from "../staff/dialog.js";
import { el, labelled } from "../staff/ui.js";

// A moment on Shanghai's clock, sent with its offset; null where none was given.
export function momentField() {
  const node = el("input", { type: "datetime-local" });
  return { node, read: () => (node.value ? `${node.value}:00+08:00` : null) };
}

export const needed = (control) => {
  (control.input || control.node).required = true;
  return control;
};

// fields: {name: [label, control, hint]}
export function fieldList(fields) {
  const rows = Object.values(fields).map(([label, control, hint]) => {
    if (!control.input) return labelled(label, control.node, hint);
    const field = labelled(label, control.input, hint);
    field.append(control.node);
    return field;
  });
  return el("div", { class: "fields" }, ...rows);
}

export const valuesOf = (fields) =>
  Object.fromEntries(Object.entries(fields).map(([name, [, control]]) => [name, control.read()]));

// Resolves to {done: what work(values) returned}, or undefined if given up.
export const fill = ({ about = null, fields, work, ...rest }) =>
  ask({
    ...rest,
    text: el("div", { class: "fields" }, about && el("p", {}, about), fieldList(fields)),
    work: () => work(valuesOf(fields)),
  });
