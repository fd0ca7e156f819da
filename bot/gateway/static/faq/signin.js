// Signing in: as a page of its own, or over the page when a session ended.
import { problem } from "./alerts.js";
import { session } from "./api.js";
import { brand, rolesOf } from "./frame.js";
import { ROLES } from "./names.js";
import { button, el, labelled, once } from "./ui.js";

// done(person) is called once; name is whose session ended, if any
export function signInForm(done, name = "") {
  const who = el("input", { name: "name", value: name, autocomplete: "username", required: true });
  const secret = el("input", { name: "password", type: "password", autocomplete: "current-password", required: true,
    autofocus: Boolean(name) });
  const failed = el("div", { role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, "登录");
  const give = async (person, password) => {
    failed.replaceChildren();
    try {
      done(await session.begin(person, password));
    } catch (error) {
      failed.replaceChildren(problem(error));
      secret.select();
    }
  };
  const submit = (event) => {
    event.preventDefault();
    once(send, () => give(who.value.trim(), secret.value));
  };
  const node = el(
    "form",
    { class: "signin", onsubmit: submit },
    labelled("姓名或工号", who),
    labelled("密码", secret),
    failed,
    send
  );
  const offered = el("div", {});
  session.demoPeople().then((people) => {
    const ours = people.filter((person) => person.roles.some((role) => role in ROLES));
    if (ours.length) offered.append(demo(ours, give));
  });
  return el("div", {}, node, offered);
}

function demo(people, give) {
  const cards = people.map((person) => {
    const node = button("", () => give(person.name, person.password), "person");
    node.append(el("b", {}, person.display), el("small", {}, rolesOf(person)));
    return node;
  });
  return el(
    "section",
    { class: "demo", "aria-label": "演示人员" },
    el("h2", {}, "演示环境：选一位同事，直接进入"),
    el("div", { class: "people" }, ...cards)
  );
}

export async function signInPage(done) {
  const title = el("h1", {}, "登录知识库");
  const about = el("p", { class: "note" }, "写问答、复核、发布，当天就能让客户问到。");
  return el("main", { class: "gate" }, brand(), el("div", { class: "card" }, title, about, signInForm(done)));
}
