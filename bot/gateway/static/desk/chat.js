// The agent's view: the list, the ticket that is open, and the keys.
import { go } from "../staff/address.js";
import { tell } from "../staff/alerts.js";
import { el, empty } from "../staff/ui.js";
import { end } from "./actions.js";
import { lookIn } from "./asks.js";
import { listenToKeys } from "./keys.js";
import { TicketList } from "./list.js";
import { isTalking } from "./rows.js";
import { TicketView } from "./ticket.js";

const open = (number) => go(`chat/${encodeURIComponent(number)}`);

class Chat {
  constructor(desk, signal) {
    this.desk = desk;
    this.list = new TicketList(desk, open, signal);
    this.place = el("div", { class: "place" });
    this.node = el("div", { class: "desk" }, el("h1", { class: "sr", tabindex: "-1" }, "会话"), this.list.node, this.place);
    this.node.moved = ({ id }) => this.show(id);
    signal.addEventListener("abort", () => this.ticket?.close());
    listenToKeys({
      ArrowUp: () => this.list.step(-1),
      ArrowDown: () => this.list.step(1),
      KeyA: () => this.list.accept(),
      KeyR: () => this.ticket?.composer?.input.focus(),
      KeyN: () => this.ticket?.side?.focusNote(),
      KeyE: () => this.withMine(end),
      KeyG: () => this.withMine(lookIn),
    }, signal);
  }

  async show(number) {
    this.ticket?.close();
    this.ticket = null;
    this.list.choose(number);
    if (!number) {
      this.place.replaceChildren(empty("从左边选一个会话。有人找您时会响一声，派给您的会话在左上角应答。"));
      return;
    }
    const ticket = (this.ticket = new TicketView(this.desk, number));
    this.place.replaceChildren(ticket.node);
    await ticket.begin();
    if (this.ticket === ticket) ticket.focus();
  }

  // What is done to the conversation that is open, if it is the agent's and goes on.
  async withMine(work) {
    const row = this.ticket?.row;
    if (row && this.desk.isMine(row) && isTalking(row)) await work(this.desk, row).catch(tell);
  }
}

export async function chatView({ desk, id, signal }) {
  const chat = new Chat(desk, signal);
  chat.show(id);
  return chat.node;
}
