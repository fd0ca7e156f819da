// The page: who is signed in, the frame around the views, and which view is shown.
import { parse } from "./address.js";
import { quiet, speakers, tell } from "./alerts.js";
import { get, onSessionEnd, session } from "./api.js";
import { ask, must } from "./dialog.js";
import { forgetAll, reload, unsaved } from "./drafts.js";
import { editorView } from "./editor.js";
import { evaluationView } from "./evaluate.js";
import { exchangeView } from "./exchange.js";
import { frame } from "./frame.js";
import { historyView } from "./history.js";
import { listView } from "./list.js";
import { miningView } from "./mining.js";
import { publishView } from "./publish.js";
import { reviewsView } from "./reviews.js";
import { signInForm, signInPage } from "./signin.js";
import { tryView } from "./tryit.js";
import { el, waiting } from "./ui.js";

const VIEWS = {
  entries: listView,
  reviews: reviewsView,
  publish: publishView,
  mining: miningView,
  try: tryView,
  evaluation: evaluationView,
  history: historyView,
  exchange: exchangeView,
};

let person = null;
let shell = null;
let showing = null;

async function start() {
  try {
    person = await session.present();
    open();
  } catch (error) {
    if (error.status !== 401) tell(error);
    document.body.replaceChildren(...speakers, await signInPage(welcome));
    document.querySelector("input").focus();
  }
}

function welcome(found) {
  person = found;
  open();
}

function open() {
  shell = frame(person, signOut);
  document.body.replaceChildren(shell.node, ...speakers);
  route();
}

// A session that ended is begun again over the page as it stands; another person gets a new page.
let again = null;
onSessionEnd(() => {
  again ||= must("请重新登录", (close) =>
    el("div", {}, el("p", {}, "登录已过期。您正在写的内容都还在，登录后继续。"), signInForm(close, person?.name))
  )
    .then(checkPerson)
    .finally(() => (again = null));
  return again;
});

function checkPerson(found) {
  if (!person || found.name === person.name) return null;
  reload();
  return new Promise(() => {});
}

async function signOut() {
  const places = unsaved(person);
  const leave = async () => {
    await session.end();
    forgetAll(person);
    reload();
  };
  if (!places.length) return leave();
  const text = `还有 ${places.length} 处修改没有保存，退出后就没有了。`;
  return ask({ title: "退出登录？", text, confirm: "不保存，退出", kind: "danger", work: leave });
}

async function route() {
  if (!person) return;
  showing?.abort();
  const { signal } = (showing = new AbortController());
  const { section, id, values } = parse(location.hash);
  const known = section in VIEWS ? section : "entries";
  const view = known === "entries" && id ? editorView : VIEWS[known];
  quiet();
  shell.mark(known);
  shell.show(waiting());
  try {
    const node = await view({ person, id, values, signal });
    if (signal.aborted) return;
    shell.show(node);
    const title = node.querySelector("h1");
    document.title = `${title.textContent} · 知识库 · 云杉银行`;
    title.focus({ preventScroll: true });
    scrollTo(0, 0);
  } catch (error) {
    if (signal.aborted) return;
    shell.show(el("div", { class: "empty" }, el("h1", { tabindex: "-1" }, "没有读到内容")));
    tell(error);
  }
  refresh();
}

// The numbers in the navigation are a help: where they can't be had, there are none.
async function refresh() {
  const many = (path) => get(path).then((found) => found.length, () => 0);
  const [reviews, mining] = await Promise.all([many("/reviews"), many("/mined")]);
  shell.count({ reviews, mining });
}

addEventListener("hashchange", route);

// Another tab may have signed in somebody else meanwhile.
addEventListener("visibilitychange", async () => {
  if (document.hidden || !person || again) return;
  const found = await session.present().catch(() => null);
  if (found) checkPerson(found);
});

start();
