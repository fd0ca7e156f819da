// Entering a complaint that came by telephone, letter, branch or a regulator.
import { go } from "../staff/address.js";
import { problem, toast } from "../staff/alerts.js";
import { choice, line, lines, paragraph } from "../staff/controls.js";
import { card, el, head, link, once } from "../staff/ui.js";
import { learn, post } from "./complaints_api.js";
import { fieldList, momentField, needed, valuesOf } from "./complaints_form.js";

const NOT_HERE = ["chat", "app"];

const chosen = (options, value) => {
  const control = choice(options);
  control.fill(value);
  return control;
};

const outside = (channels) => Object.fromEntries(Object.entries(channels).filter(([name]) => !NOT_HERE.includes(name)));

function parts(names) {
  return {
    what: {
      customer_id: ["客户号", needed(line({ maxlength: 64 })), "投诉的是谁的事，例如 C1001"],
      text: ["投诉内容", needed(paragraph(6)), "用客户自己的话；卡号、手机号、证件号会自动掩码"],
      category: ["类别", choice({ "": "由内容推断", ...names.categories })],
      received: ["收到的时间", momentField(), "北京时间；期限从收到之日算，补录时请写。不写就是现在"],
    },
    how: {
      channel: ["渠道", chosen(outside(names.channels), "phone")],
      source: ["来源", chosen(names.sources, "customer")],
      source_ref: ["来文编号", line({ maxlength: 64 }), "外部单位转来的要写"],
    },
    who: {
      relation: ["投诉人", chosen(names.relations, "self")],
      complainant: ["受托人或继承人的姓名", line({ maxlength: 64 }), "代为投诉的要写"],
      proof: ["怎样核实的身份", needed(line({ maxlength: 500 })), "代为投诉的，还要写授权或继承证明"],
      people: ["一起投诉的人数", needed(line({ type: "number", min: 1, value: 1, inputmode: "numeric" }))],
      against: ["被投诉的员工账号", lines(2, "人"), "一行一个，自动回避；不知道可以不写"],
    },
  };
}

// What is only asked of who acts for somebody, or of what was passed on.
function follow({ how, who }) {
  const depends = (control, plain, more) => {
    const show = () => {
      const wanted = control.read() !== plain;
      more.node.closest(".field").hidden = !wanted;
      more.node.required = wanted;
    };
    control.node.addEventListener("change", show);
    show();
  };
  depends(how.source[1], "customer", how.source_ref[1]);
  depends(who.relation[1], "self", who.complainant[1]);
}

const TITLES = { what: "投诉", how: "从哪里来", who: "谁提出的" };

export async function openView() {
  const names = await learn();
  const groups = parts(names);
  const failed = el("div", { role: "alert" });
  const send = el("button", { type: "submit", class: "button primary" }, "登记");
  const give = async () => {
    failed.replaceChildren();
    try {
      const values = Object.assign({}, ...Object.values(groups).map(valuesOf));
      const body = { ...values, people: Number(values.people), category: values.category || null };
      const done = await post("", body);
      toast(done.new ? `已登记 ${done.number}，最晚 ${done.due_on} 答复。` : `之前已经登记过：${done.number}。`);
      go(`complaints/${encodeURIComponent(done.number)}`);
    } catch (error) {
      failed.replaceChildren(problem(error));
    }
  };
  const cards = Object.entries(groups).map(([name, fields]) => card(TITLES[name], fieldList(fields)));
  follow(groups);
  const form = el("form", { class: "open-case", onsubmit: (event) => (event.preventDefault(), once(send, give)) },
    ...cards, failed, el("div", { class: "actions" }, link("#/complaints", "取消", "button quiet"), send));
  return el("div", {}, head("登记投诉", "电话、网点、信函和监管转来的。同样的内容一天内登记两次仍是一件。"), form);
}
