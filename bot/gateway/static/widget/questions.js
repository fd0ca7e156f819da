// Questions of the bank: those an empty conversation opens with, and related ones under an answer.
import { el } from "./dom.js";

// What asking for suggestions too fast, or without a line, is answered with: a pause.
export class Pause extends Error {
  constructor(milliseconds) {
    super("not now");
    this.milliseconds = milliseconds;
  }
}
const PAUSE_MS = 10000;

// No header of ours: a page on another origin would have to ask leave for each keystroke.
async function fetchQuestions(server, path, signal) {
  const response = await fetch(server + path, { signal });
  if (!response.ok) throw new Pause(1000 * response.headers.get("Retry-After") || PAUSE_MS);
  return (await response.json()).questions;
}

export const hotQuestions = (server) => fetchQuestions(server, "/api/faq/hot");

export const suggestions = (server, text, signal) =>
  fetchQuestions(server, `/api/faq/suggest?q=${encodeURIComponent(text)}`, signal);

// A titled list of questions; each button asks its own.
export function questionList(title, kind, items) {
  const heading = el("h4", {}, title);
  const list = el(
    "ul",
    {},
    ...items.map(([text, ask]) => el("li", {}, el("button", { type: "button", onclick: ask }, text)))
  );
  return el("section", { class: `questions ${kind}`, "aria-label": title }, heading, list);
}
