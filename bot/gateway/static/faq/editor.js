// Writing an entry: the form, the answer as the customer sees it, the checks, what happened.
import { go } from "../staff/address.js";
import { toast } from "../staff/alerts.js";
import { ask } from "../staff/dialog.js";
import { today } from "../staff/format.js";
import { button, card, el, head, note, tag } from "../staff/ui.js";
import { entryPath, get, minedPath, post, put } from "./api.js";
import { checking } from "./checks.js";
import { conflictPanel } from "./conflict.js";
import { changeList } from "./diff.js";
import { drafts } from "./drafts.js";
import { entryForm } from "./form.js";
import { customersSaid, findMined, minedEntry } from "./mined.js";
import { AUDIENCES, STATUSES } from "./names.js";
import { answerMessage, customerView } from "./preview.js";
import { timeline } from "./timeline.js";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const blank = () => ({
  id: "", topic: "", question: "", variants: [], answer: "", quick_replies: [], related: [], advice: "",
  owner: "", source: "", effective: today(), expires: null, reviewed_on: today(), status: "draft",
  audience: "public", expected: [],
});

export async function editorView({ person, id, values, signal }) {
  const fresh = id === "new";
  const [mined, saved, lists, intents] = await Promise.all([
    values.mined ? findMined(values.mined) : null,
    fresh ? null : get(entryPath(id), {}, signal),
    get("/entries", {}, signal),
    get("/intents", {}, signal),
  ]);
  const detail = saved || unwritten(mined);
  const editor = new Editor({ person, id, fresh, mined, detail, lists, intents });
  await editor.begin();
  return editor.node;
}

function unwritten(mined) {
  const entry = mined ? minedEntry(mined, blank()) : blank();
  return { entry, revision: null, waiting: null, timeline: [], related: [] };
}

class Editor {
  constructor({ person, id, fresh, mined, detail, lists, intents }) {
    Object.assign(this, { id, fresh, mined, detail, revision: detail.revision });
    this.editable = person.roles.includes("author");
    this.place = mined ? `${id}?mined=${encodeURIComponent(mined.id)}` : id;
    this.draft = drafts.of(person, this.place);
    this.questions = new Map(detail.related.map((entry) => [entry.id, entry.question || `${entry.id}（不存在）`]));
    this.form = entryForm({
      fresh, intents, editable: this.editable, questions: this.questions,
      topics: lists.topics, owners: lists.owners, changed: () => this.changed(),
    });
    this.checks = checking(this.form, fresh ? null : id);
    this.view = customerView();
    this.notices = el("div", { role: "status" });
    const parts = [this.head(), this.notices, this.source(), this.waiting(), this.columns(), this.past()];
    this.node = el("div", { class: "editor" }, ...parts);
  }

  // What was typed before a reload or a sign-in comes back.
  async begin() {
    this.form.fill(this.detail.entry);
    this.base = this.form.read();
    const kept = this.editable && this.draft.get();
    if (kept) {
      this.form.fill(kept.entry);
      this.restored(kept);
    }
    if (this.fresh) await this.form.follow();
    this.changed();
  }

  restored(kept) {
    if (kept.revision !== this.revision) {
      // Until it is decided whose text goes on, a save is refused.
      this.revision = kept.revision;
      return this.conflict(this.detail);
    }
    const drop = button("放弃这些修改", () => this.discard(), "quiet");
    this.notices.replaceChildren(el("div", { class: "banner" }, el("p", {}, "已恢复您上次没有保存的修改。"), drop));
  }

  // ── what stands where ─────────────────────────────────────────────────────
  head() {
    const { entry, live } = this.detail;
    if (this.fresh) return head("新增条目", "先存成草稿，慢慢写好；写好后改成“已审核”，请同事复核。");
    const view = head(entry.question, null);
    const marks = [tag(STATUSES[entry.status], entry.status), tag(AUDIENCES[entry.audience])];
    if (this.detail.waiting) marks.push(tag("待复核", "warn"));
    if (!live && entry.status === "approved") marks.push(tag("有改动未发布", "info"));
    view.firstChild.append(el("p", { class: "marks" }, ...marks, note(entry.id)));
    return view;
  }

  // What customers said, where that is why the entry is written.
  source() {
    if (!this.mined) return null;
    const { draft_answer: answer } = this.mined;
    const use = button("填进答案", () => this.useAnswer(answer), "quiet");
    const offered = answer && !this.fresh;
    return card(
      "客户是这样问的",
      customersSaid(this.mined),
      offered ? el("blockquote", {}, `人工这样回答：${answer}`) : null,
      offered ? use : null
    );
  }

  useAnswer(answer) {
    this.form.fill({ ...this.form.read(), answer });
    this.changed();
  }

  waiting() {
    const { waiting } = this.detail;
    if (!waiting) return null;
    const { rejected } = waiting;
    const told = rejected
      ? el("p", { class: "rejected" }, el("b", {}, `${rejected.by} 退回：`), rejected.note)
      : note(`${waiting.authors.join("、")} 改过，等另一位同事复核。`);
    const inner = el("details", {}, el("summary", {}, "改了什么"), changeList(waiting.changes));
    return card(rejected ? "修改被退回" : "等待复核", told, inner);
  }

  columns() {
    const aside = el("div", { class: "aside" }, card("客户看到的样子", this.view.node), this.checks.node);
    return el("div", { class: "columns" }, el("div", {}, this.form.node, this.saveBar()), aside);
  }

  past() {
    return this.fresh ? null : card("经过", timeline(this.detail.timeline));
  }

  saveBar() {
    this.state = el("p", { role: "status" });
    if (!this.editable) return el("div", { class: "savebar" }, note("您没有“编写”权限，只能查看。"));
    this.saving = button(this.fresh ? "保存新条目" : "保存修改", () => this.save(), "primary");
    const { entry, waiting } = this.detail;
    const withdrawable = !this.fresh && entry.status !== "withdrawn";
    this.others = [
      ...(withdrawable ? [button("撤下", () => this.withdraw(), "danger quiet")] : []),
      ...(waiting ? [button("恢复到修改之前", () => this.revert(), "quiet")] : []),
    ];
    return el("div", { class: "savebar" }, this.state, ...this.others, this.saving);
  }

  // ── typing ────────────────────────────────────────────────────────────────
  changed() {
    const entry = this.form.read();
    this.showAnswer(entry);
    this.checks.run();
    if (!this.editable) return;
    const dirty = !same(entry, this.base);
    this.saving.disabled = !dirty && !(this.mined && this.fresh);
    this.others.forEach((each) => (each.disabled = dirty));
    this.state.textContent = dirty ? "有没保存的修改" : "";
    if (dirty) this.draft.keep({ entry, revision: this.revision });
    else this.draft.forget();
  }

  showAnswer(entry) {
    const related = entry.related.map((id) => this.questions.get(id) || id);
    this.view.show(entry.question, answerMessage(entry, related));
  }

  discard() {
    this.draft.forget();
    go(`entries/${this.place}`);
  }

  // ── saving ────────────────────────────────────────────────────────────────
  async save() {
    const entry = this.form.read();
    try {
      const saved = await ask({
        title: this.fresh ? "保存新条目" : "保存修改",
        text: entry.status === "approved" ? "保存后请另一位同事复核，复核通过才能发布。" : null,
        label: this.fresh ? "为什么新增" : "为什么修改",
        confirm: "保存",
        work: (why) => this.send(entry, why),
        leave: (error) => !this.fresh && error.code === "conflict",
      });
      if (saved) this.done(saved.done.id, this.news(entry));
    } catch (error) {
      if (error.code !== "conflict") throw error;
      this.conflict(await get(entryPath(this.id)));
    }
  }

  send(entry, why) {
    const { revision } = this;
    if (this.mined) return post(minedPath(this.mined.id, "accept"), { entry, revision, why });
    if (this.fresh) return post("/entries", { entry, why });
    return put(entryPath(this.id), { entry, revision, why });
  }

  // What mining found becomes a draft whatever its status.
  news(entry) {
    if (this.mined && this.fresh) return "已存成草稿；写好后改成“已审核”，请同事复核。";
    return entry.status === "approved" ? "已保存，等待复核。" : "已保存。";
  }

  done(id, news) {
    this.draft.forget();
    toast(news);
    go(`entries/${id}`);
  }

  conflict(present) {
    const keep = () => {
      this.revision = present.revision;
      this.notices.replaceChildren();
      this.changed();
    };
    const panel = conflictPanel(present.entry, this.form.read(), keep, () => this.discard());
    this.notices.replaceChildren(panel);
    panel.querySelector("button").focus();
  }

  async withdraw() {
    const done = await ask({
      title: "撤下这个条目？",
      text: "复核并发布之后，客户不再得到这个答案。内容和经过都会保留。",
      label: "为什么撤下", confirm: "撤下", kind: "danger",
      work: (why) => post(entryPath(this.id, "withdraw"), { why, revision: this.revision }),
    });
    if (done) this.done(this.id, "已撤下，等待复核。");
  }

  async revert() {
    const done = await ask({
      title: "恢复到修改之前？",
      text: "没有复核通过的修改都会取消；经过里查得到。",
      label: "为什么恢复", confirm: "恢复",
      work: (why) => post(entryPath(this.id, "revert"), { why, revision: this.revision }),
    });
    if (done) this.done(this.id, "已恢复到修改之前。");
  }
}
