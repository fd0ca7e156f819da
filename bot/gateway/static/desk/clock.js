// Time that passes on the page: what is left, and how long something lasts. One ticker for all.
import { el } from "../staff/ui.js";

const TICK_MS = 1000;
let skew = 0;

// The gateway's clock decides, not this computer's.
export function setClock(iso) {
  skew = new Date(iso) - Date.now();
}

export const now = () => Date.now() + skew;

const two = (number) => String(number).padStart(2, "0");

function short(seconds) {
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 48) return `${hours} 小时 ${Math.floor((seconds % 3600) / 60)} 分`;
  return `${Math.floor(hours / 24)} 天`;
}

const FORMS = {
  left: (until) => (until <= 0 ? `超 ${short(-until)}` : `剩 ${short(until)}`),
  for: (until) => short(Math.max(0, -until)),
};

function write(node) {
  node.textContent = FORMS[node.dataset.form](Math.round((new Date(node.dateTime) - now()) / 1000));
}

function passing(form, iso) {
  const node = el("time", { datetime: iso, "data-form": form, class: "passing" });
  write(node);
  return node;
}

export const left = (iso) => passing("left", iso);
export const since = (iso) => passing("for", iso);

setInterval(() => document.querySelectorAll("time.passing").forEach(write), TICK_MS);
