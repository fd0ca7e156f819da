// One function a card type; an unknown type shows nothing, since the text says it all.
import { el } from "./dom.js";
import { fileButton } from "./files.js";

const rows = (pairs) =>
  el(
    "dl",
    { class: "rows" },
    ...pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])
  );

const box = (kind, title, ...content) =>
  el(
    "section",
    { class: `card ${kind}`, "aria-label": title || false },
    title ? el("h4", {}, title) : null,
    ...content
  );

const note = (text) => (text ? el("p", { class: "note" }, text) : null);

// Things of one kind, each with its name, its figure and what else is to be said of it.
const list = (kind) => (card) =>
  box(
    kind,
    card.title,
    el(
      "div",
      { role: "list" },
      ...card.items.map((item) =>
        el(
          "div",
          { class: "account", role: "listitem" },
          el("span", { class: "name" }, item.title),
          item.status ? el("span", { class: "status" }, item.status) : null,
          item.balance ? el("strong", { class: "money" }, item.balance) : null,
          item.note ? el("span", { class: "note" }, item.note) : null
        )
      )
    ),
    note(card.note)
  );

const CARDS = {
  accounts: list("accounts"),
  list: list("list"),
  facts: (card) => box("facts", card.title, rows(card.rows), note(card.note)),
  transactions: (card) =>
    box(
      "transactions",
      card.title,
      el(
        "table",
        {},
        el(
          "thead",
          { class: "sr" },
          el("tr", {}, ...["时间", "摘要", "金额"].map((name) => el("th", { scope: "col" }, name)))
        ),
        el(
          "tbody",
          {},
          ...card.items.map((item) =>
            el(
              "tr",
              {},
              el("td", { class: "date" }, item.date),
              el("td", {}, item.summary),
              el("td", { class: item.amount.startsWith("-") ? "money out" : "money in" }, item.amount)
            )
          )
        )
      ),
      card.more ? note("还有更早的记录没有显示") : null
    ),
  confirm: (card) => box("confirm", card.title, rows(card.rows)),
  receipt: (card) => box("receipt", card.title, rows(card.rows)),
  one_time_code: (card) =>
    box(
      "code",
      "短信验证码",
      el("p", {}, `已发送至 ${card.phone}，${Math.round(card.expires_in / 60)} 分钟内有效。`),
      el("p", { class: "note" }, "验证码只用于本次办理，请勿告诉任何人。")
    ),
  ticket: (card) => box("ticket", "人工服务", rows([["排队编号", card.number]])),
};

export function renderCard(card, actions) {
  if (!card) return null;
  if (card.type === "sign_in") {
    const button = el("button", { class: "primary", type: "button", onclick: actions.signIn }, "登录");
    return box("sign-in", null, button);
  }
  if (card.type === "upload") {
    const { button, input } = fileButton(actions.upload, `选择文件：${card.title}`, "选择文件");
    button.className = "primary";
    return box("upload", card.title, note("JPG、PNG 或 PDF，不超过 10 MB，加密保存，只用于本次办理。"), button, input);
  }
  return CARDS[card.type] ? CARDS[card.type](card) : null;
}
