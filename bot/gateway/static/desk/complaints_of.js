// The complaints of the customer whom one serves: how they stand, and by when they are answered.
import { problem } from "../staff/alerts.js";
import { day } from "../staff/format.js";
import { holds } from "../staff/roles.js";
import { el, list, note } from "../staff/ui.js";
import { get } from "./api.js";
import { caseLink, termTag } from "./complaints_api.js";
import { pathOf } from "./conversation.js";
import { CASES } from "./roles.js";

function line(person, { number, state_name: state, received_at: at, ended, term }) {
  const name = holds(person, CASES) ? caseLink(number) : el("b", {}, number);
  const due = ended ? null : el("span", {}, `最晚 ${term.due_on} 答复 `, termTag(term));
  return el("div", {}, name, ` ${state}，${day(at)} 收到。`, due);
}

export function complaintsOf(person, number, signal) {
  const place = el("div", {}, note("正在读取……"));
  get(pathOf(number, "complaints"), {}, signal).then(
    (found) => place.replaceChildren(found.length ? list(found.map((each) => line(person, each)), 5) : note("没有投诉。")),
    (error) => error.name === "AbortError" || place.replaceChildren(problem(error))
  );
  return place;
}
