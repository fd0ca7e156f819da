// Related entries: found by searching, picked by mouse or keyboard, each shown with its question.
import { cross, debounced, el, newName } from "../staff/ui.js";
import { get } from "./api.js";

const TYPING_MS = 200;
const MOST = 8;

// A combobox after the WAI-ARIA pattern; pick(entry) is told what was chosen.
function search(pick) {
  const name = newName("found");
  const found = el("ul", { class: "options", id: name, role: "listbox", "aria-label": "可选的条目", hidden: true });
  const input = el("input", {
    type: "text", role: "combobox", autocomplete: "off", placeholder: "搜索条目，选一个加进来",
    "aria-autocomplete": "list", "aria-controls": name, "aria-expanded": "false",
  });
  let active = -1;

  const close = () => {
    found.hidden = true;
    found.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  };
  const mark = (index) => {
    active = index;
    [...found.children].forEach((option, at) => option.setAttribute("aria-selected", at === index));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", found.children[index].id);
  };
  const choose = (entry) => {
    input.value = "";
    close();
    pick(entry);
  };
  const show = (entries) => {
    const options = entries.slice(0, MOST).map((entry, index) =>
      el("li", { role: "option", id: `${name}-${index}`, "aria-selected": "false", onclick: () => choose(entry) },
        entry.question, el("small", {}, entry.id))
    );
    found.replaceChildren(...options);
    found.hidden = !options.length;
    input.setAttribute("aria-expanded", options.length > 0);
    mark(-1);
    found.scrollIntoView({ block: "nearest" });
  };
  const ask = debounced(async () => {
    const text = input.value.trim();
    if (!text) return close();
    const { entries } = await get("/entries", { q: text });
    if (input.value.trim() === text) show(entries);
  }, TYPING_MS);
  const keyed = (event) => {
    const options = found.children.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.isComposing || found.hidden) return;
    if (step) mark(((active + 1 + step + options + 1) % (options + 1)) - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && active >= 0) found.children[active].click();
    else return;
    event.preventDefault();
  };
  input.addEventListener("input", (event) => (event.stopPropagation(), ask()));
  input.addEventListener("keydown", keyed);
  input.addEventListener("blur", close);
  found.addEventListener("pointerdown", (event) => event.preventDefault());
  return { input, node: el("div", { class: "combobox" }, input, found) };
}

// questions: Map of id to question; entries picked here are noted in it
export function related(questions, changed) {
  let ids = [];
  const chosen = el("ul", { class: "chosen" });
  const box = search((entry) => {
    questions.set(entry.id, entry.question);
    if (!ids.includes(entry.id)) fill([...ids, entry.id]);
    changed();
  });

  function fill(value) {
    ids = [...(value || [])];
    chosen.replaceChildren(...ids.map(item));
  }

  function item(id) {
    const drop = cross(`删除相关条目 ${id}`, () => {
      fill(ids.filter((each) => each !== id));
      box.input.focus();
      changed();
    });
    return el("li", {}, el("span", {}, questions.get(id) || id, el("small", {}, id)), drop);
  }

  return {
    input: box.input,
    node: el("div", {}, chosen, box.node),
    focus: () => box.input.focus(),
    read: () => [...ids],
    fill,
    invalid: (is) => box.input.setAttribute("aria-invalid", is),
  };
}
