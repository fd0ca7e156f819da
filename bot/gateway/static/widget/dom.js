// Building elements. Text only ever enters through textContent: nothing said is ever run.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null));
  return node;
}

// A drawing of one path in a square of 24; what it means stands in its button's label.
export function svg(path) {
  const space = "http://www.w3.org/2000/svg";
  const node = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  node.setAttribute("viewBox", "0 0 24 24");
  node.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  node.append(line);
  return node;
}

// Light Markdown of FAQ answers: **bold**, "- " and "1. " lists, line breaks.
export function markup(text) {
  const out = document.createDocumentFragment();
  let list = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const bullet = line.match(/^\s*[-*]\s+(.*)/);
    const number = line.match(/^\s*\d+[.、]\s*(.*)/);
    if (bullet || number) {
      const tag = bullet ? "UL" : "OL";
      if (!list || list.tagName !== tag) out.append((list = el(tag)));
      list.append(inline(el("li"), (bullet || number)[1]));
      paragraph = null;
    } else if (!line.trim()) {
      list = paragraph = null;
    } else {
      if (paragraph) paragraph.append(el("br"));
      else out.append((paragraph = el("p")));
      inline(paragraph, line);
      list = null;
    }
  }
  return out;
}

function inline(node, text) {
  text.split(/\*\*(.+?)\*\*/).forEach((part, index) => {
    if (part) node.append(index % 2 ? el("strong", {}, part) : part);
  });
  return node;
}

export function clock(iso) {
  const format = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat("zh-CN", format).format(new Date(iso));
}

// "3月17日", of a moment or of a day in Shanghai; with its year where that is not this one.
export function day(iso) {
  const when = new Date(iso.length === 10 ? `${iso}T00:00:00+08:00` : iso);
  const format = new Intl.DateTimeFormat("en", { timeZone: "Asia/Shanghai", year: "numeric", month: "numeric", day: "numeric" });
  const of = (moment) => Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const shown = of(when);
  const year = shown.year === of(new Date()).year ? "" : `${shown.year}年`;
  return `${year}${shown.month}月${shown.day}日`;
}
