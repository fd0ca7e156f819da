// The demo page around the widget: choosing a customer, reading the simulated text messages.
import { el } from "./widget/dom.js";

const SAMPLES = ["查一下余额", "上个月的流水", "我卡丢了，帮我挂失", "挂失收费吗", "存款保险保多少", "有一笔钱不是我刷的", "转人工"];
const OUTBOX_MS = 2000;

const list = document.querySelector("#customers");
const outbox = document.querySelector("#outbox");
const response = await fetch("/api/demo/customers");
const customers = response.ok ? await response.json() : [];
const choices = [{ id: "", name: "未登录访客", about: "可以咨询；办理业务时会请您登录。", token: null }, ...customers];
let current = null;

// The page picks the customer before the widget connects: put the element down first, then load it.
const chat = document.createElement("bankbot-chat");

for (const customer of choices) {
  list.append(
    el("li", {}, el("button", { type: "button", role: "radio", "data-customer": customer.id,
      "aria-checked": "false", onclick: () => choose(customer) },
      customer.name, el("small", {}, customer.about)))
  );
}
for (const text of SAMPLES) {
  document.querySelector("#samples").append(
    el("li", {}, el("button", { type: "button", onclick: () => { chat.show(true, true); chat.say(text); } }, text))
  );
}

function mark(customer) {
  current = customer;
  sessionStorage.setItem("demo-customer", customer.id);
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-checked", button.dataset.customer === customer.id);
  }
  outbox.replaceChildren();
  readOutbox();
}

function choose(customer) {
  take(customer);
  chat.connect(customer.token);
  chat.show(true, true);
}

function take(customer) {
  mark(customer);
  if (customer.token) chat.setAttribute("token", customer.token);
  else chat.removeAttribute("token");
}

async function readOutbox() {
  if (!current || !current.id) return;
  const answer = await fetch(`/api/demo/outbox?customer=${encodeURIComponent(current.id)}`);
  if (!answer.ok) return;
  const codes = await answer.json();
  outbox.replaceChildren(
    ...codes.slice(0, 3).map((sms) => el("li", {}, el("b", {}, sms.code), sms.purpose))
  );
}

// A stand-in for the bank's own sign-in: the demo signs the visitor in as the first customer.
addEventListener("bankbot-sign-in", () => {
  const customer = customers[0];
  mark(customer);
  chat.signIn(customer.token);
});

take(choices.find((each) => each.id === sessionStorage.getItem("demo-customer")) || choices[1] || choices[0]);
// A phone has no room for both page and widget; there the launcher waits to be tapped.
chat.toggleAttribute("open", innerWidth > 900);
document.body.append(chat);
await import("/widget.js");
setInterval(readOutbox, OUTBOX_MS);
