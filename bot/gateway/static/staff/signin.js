// Signing in: as a page of its own, or over the page when a session ended.
import { problem } from "./alerts.js";
import { session } from "./api.js";
import { brand } from "./frame.js";
import { holds, rolesOf } from "./roles.js";
import { button, el, labelled, once } from "./ui.js";

// done(person) is called once; roles: whom the demo offers; name: whose session ended, if any
export function signInForm(done, roles, name = "") {
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
    const ours = people.filter((person) => holds(person, roles));
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

const gate = (name, ...content) => el("main", { class: "gate" }, brand(name), el("div", { class: "card" }, ...content));

export const signInPage = ({ name, about, roles }, done) =>
  gate(name, el("h1", {}, `登录${name}`), el("p", { class: "note" }, about), signInForm(done, roles));

// For somebody who has an account, but nothing to do on this page.
export const closedPage = ({ name }, person, signOut) =>
  gate(
    name,
    el("h1", { tabindex: "-1" }, `您的账号没有${name}的权限`),
    el("p", { class: "note" }, `${person.display}（${rolesOf(person)}）没有${name}的角色，请联系管理员开通，或换一个账号登录。`),
    el("div", { class: "actions start" }, button("换一个账号", signOut, "primary"))
  );

// Where what the page needs to begin with can't be had.
export const failedPage = ({ name }, error, again) =>
  gate(
    name,
    el("h1", { tabindex: "-1" }, `${name}暂时打不开`),
    problem(error),
    el("div", { class: "actions start" }, button("重试", again, "primary"))
  );
