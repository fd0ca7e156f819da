// The calls of complaints, what things are called, and how a term is written.
import { calls } from "../staff/api.js";
import { el, link, tag } from "../staff/ui.js";
import { DESK_API } from "./api.js";

export const { get, post, download } = calls(`${DESK_API}/complaints`);

const pathOf = (number, verb = "") => `/${encodeURIComponent(number)}${verb && `/${verb}`}`;

export const readCase = (number, signal) => get(pathOf(number), {}, signal);
export const act = (number, verb, body = {}) => post(pathOf(number, verb), body);

// Asked for once: what things are called changes with the bank's files, not while one works.
let names = null;
export const learn = () => (names ||= get("/names").catch((error) => {
  names = null;
  throw error;
}));

// How many are due today or should have been answered; a help, so a failure is none.
export const pressing = () =>
  get("", { view: "today" }).then(({ counts }) => counts.today + counts.overdue, () => 0);

export const caseLink = (number, text = number) => link(`#/complaints/${encodeURIComponent(number)}`, text);

// Colleagues who may do something: {name: title}
export const colleagues = ({ people }, role) =>
  Object.fromEntries(people.filter((person) => person.roles.includes(role)).map(({ name }) => [name, personOf({ people }, name)]));

// Somebody of the house as colleagues call them.
export function personOf({ people }, name) {
  const found = people.find((person) => person.name === name);
  return !found || found.display === name ? name : `${found.display}（${name}）`;
}

// "还有 3 天", with a tone that its words carry too
export function leftOf({ days_left: days, overdue, paused }) {
  if (overdue) return ["bad", `已超期 ${-days} 天`];
  if (paused) return ["info", `计时中止：${paused}`];
  if (days === 0) return ["bad", "今天到期"];
  return [days <= 3 ? "warn" : "", `还有 ${days} 天`];
}

export function termTag(term) {
  const [tone, text] = leftOf(term);
  return tag(text, tone);
}

export const cell = (...children) => el("td", {}, ...children);
