// A staff page: who is signed in, the frame around the views, and which view is shown.
import { parse } from "./address.js";
import { quiet, speakers, tell } from "./alerts.js";
import { onSessionEnd, session } from "./api.js";
import { ask, must } from "./dialog.js";
import { reload } from "./drafts.js";
import { frame } from "./frame.js";
import { holds } from "./roles.js";
import { closedPage, failedPage, signInForm, signInPage } from "./signin.js";
import { el, waiting } from "./ui.js";

const BANK = "云杉银行";

class StaffPage {
  constructor(page) {
    this.page = page;
    this.person = null;
    this.showing = null;
    this.shown = {};
    this.again = null;
    this.counting = async () => this.shell.count(await page.counts());
  }

  async start() {
    onSessionEnd(() => this.signInAgain());
    addEventListener("hashchange", () => this.route());
    addEventListener("visibilitychange", () => this.checkSession());
    try {
      await this.open(await session.present());
    } catch (error) {
      if (error.status !== 401) tell(error);
      this.only(signInPage(this.page, (person) => this.open(person)), "input");
    }
  }

  // Nothing but this, and the focus on what it is about.
  only(node, focus) {
    document.body.replaceChildren(...speakers, node);
    document.querySelector(focus).focus();
  }

  async open(person) {
    if (!holds(person, this.page.roles)) return this.only(closedPage(this.page, person, () => this.leave()), "h1");
    document.body.replaceChildren(...speakers, waiting());
    try {
      await this.begin(person);
    } catch (error) {
      return this.only(failedPage(this.page, error, () => this.open(person)), "h1");
    }
    return this.route();
  }

  async begin(person) {
    const { name, sections, kind, begin } = this.page;
    const may = ([, section]) => !section.roles || holds(person, section.roles);
    this.sections = Object.fromEntries(Object.entries(sections).filter(may));
    const count = (numbers) => this.shell?.count(numbers);
    const { tools, around, context } = (await begin?.(person, { count })) || {};
    this.context = context;
    this.shell = frame({ name, person, sections: this.sections, tools, around, kind }, () => this.signOut());
    this.person = person;
    document.body.replaceChildren(this.shell.node, ...speakers);
  }

  // A session that ended is begun again over the page as it stands; another person gets a new page.
  signInAgain() {
    const text = "登录已过期。您正在写的内容都还在，登录后继续。";
    const form = (close) => el("div", {}, el("p", {}, text), signInForm(close, this.page.roles, this.person?.name));
    this.again ||= must("请重新登录", form)
      .then((found) => this.checkPerson(found))
      .finally(() => (this.again = null));
    return this.again;
  }

  checkPerson(found) {
    if (!this.person || found.name === this.person.name) return null;
    reload();
    return new Promise(() => {});
  }

  // Another tab may have signed in somebody else meanwhile.
  async checkSession() {
    if (document.hidden || !this.person || this.again) return;
    const found = await session.present().catch(() => null);
    if (found) this.checkPerson(found);
  }

  async leave() {
    await this.page.leaving?.();
    await session.end();
    if (this.person) this.page.drafts.forgetAll(this.person);
    reload();
  }

  async signOut() {
    const places = this.page.drafts.unsaved(this.person);
    if (!places.length) return this.leave();
    const text = `还有 ${places.length} 处${this.page.unsaved}，退出后就没有了。`;
    return ask({ title: "退出登录？", text, confirm: "不保存，退出", kind: "danger", work: () => this.leave() });
  }

  async route() {
    if (!this.person) return;
    const { section, id, values } = parse(location.hash);
    const known = section in this.sections ? section : Object.keys(this.sections)[0];
    const place = { ...this.context, person: this.person, id: known === section ? id : "", values };
    if (known === this.shown.section && this.shown.node?.moved) return this.shown.node.moved(place);
    this.showing?.abort();
    const { signal } = (this.showing = new AbortController());
    this.shown = { section: known };
    quiet();
    this.shell.mark(known);
    this.shell.show(waiting());
    await this.show(known, { ...place, signal });
    // The numbers in the navigation are a help: where they can't be had, there are none.
    if (this.page.counts) this.counting();
  }

  async show(section, place) {
    try {
      const node = await this.page.views[section](place);
      if (place.signal.aborted) return;
      this.shown = { section, node };
      this.shell.show(node);
      const title = node.querySelector("h1");
      document.title = `${title.textContent} · ${this.page.name} · ${BANK}`;
      title.focus({ preventScroll: true });
      scrollTo(0, 0);
    } catch (error) {
      if (place.signal.aborted) return;
      this.shell.show(el("div", { class: "empty" }, el("h1", { tabindex: "-1" }, "没有读到内容")));
      tell(error);
    }
  }
}

// Opens a page of:
//
// name, about: what it is called, and what for; roles: who may come in;
// sections: {section: {title, drawing, roles}}, the first is where one arrives; without roles
//   everybody who came in may go there;
// views: {section: async ({person, id, values, signal, …context}) → a node with an h1}; a node
//   with moved(place) is told of a new address within its section and stays;
// begin(person, {count}): {tools, around, context} or a promise of it, see frame.js; context is
//   given to every view; count({section: number}) sets numbers in the navigation at any time;
// drafts, unsaved: what is not saved yet, and what it is called;
// counts(): a promise of {section: number}, asked for after each change of view;
// leaving(): done before signing out; kind: see frame.js
export const openPage = (page) => new StaffPage(page).start();
