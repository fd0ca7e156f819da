// Drawing: one SVG element, its text through textContent as everywhere.
const SPACE = "http://www.w3.org/2000/svg";

export function shape(name, attributes, text = "") {
  const node = document.createElementNS(SPACE, name);
  Object.entries(attributes).forEach(([key, value]) => node.setAttribute(key, value));
  node.textContent = text;
  return node;
}
