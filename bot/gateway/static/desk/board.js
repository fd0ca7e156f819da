// The wall board: how the queue, its people and the day stand, kept current by itself.
import { query } from "../staff/api.js";
import { today } from "../staff/format.js";
import { button, el, link } from "../staff/ui.js";
import { DESK_API, get } from "./api.js";
import { queueCard } from "./board_queue.js";
import { dayCard } from "./board_day.js";
import { agentsCard, figures, groupsCard } from "./board_wall.js";

const EVERY_MS = 5000;
// What is older is not to be taken for the present.
const STALE_MS = 15000;

const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", timeStyle: "medium", hour12: false });

function exportLink() {
  const node = link(`${DESK_API}/board/export${query({ day: today() })}`, "导出今天的工单", "button");
  node.setAttribute("download", "");
  return node;
}

// Large on a wall; a browser that cannot offers nothing.
function wallButton(node) {
  if (!document.fullscreenEnabled) return null;
  return button("大屏显示", () => node.requestFullscreen(), "quiet");
}

class Board {
  constructor(desk, signal) {
    this.desk = desk;
    this.signal = signal;
    this.told = el("p", { class: "note board-time" });
    this.stale = el("p", { class: "banner", role: "alert", hidden: true });
    this.body = el("div", { class: "board-body" });
    this.queue = queueCard(desk, signal);
    this.node = el("div", { class: "board" });
    const title = el("div", {}, el("h1", { tabindex: "-1" }, "看板"), this.told);
    const tools = el("div", { class: "actions" }, wallButton(this.node), exportLink());
    this.node.append(el("div", { class: "head" }, title, tools), this.stale, this.body);
  }

  async begin() {
    this.show(await get("/board", {}, this.signal));
    this.timer = setInterval(() => this.look(), EVERY_MS);
    this.signal.addEventListener("abort", () => clearInterval(this.timer));
    // Nobody looks at a hidden page; who comes back sees the present at once.
    document.addEventListener("visibilitychange", () => this.look(), { signal: this.signal });
    return this;
  }

  async look() {
    if (document.hidden) return;
    try {
      this.show(await get("/board", {}, this.signal));
    } catch (error) {
      if (error.name !== "AbortError") this.late(error);
    }
  }

  late(error) {
    if (Date.now() - this.at < STALE_MS) return;
    this.stale.hidden = false;
    this.stale.textContent = `数据停在 ${this.shownAt}，正在重新读取。${error.message}`;
    this.node.classList.add("is-stale");
  }

  show(board) {
    this.at = Date.now();
    this.shownAt = CLOCK.format(new Date(board.now));
    this.told.textContent = `${this.shownAt}，每 5 秒更新`;
    this.stale.hidden = true;
    this.node.classList.remove("is-stale");
    const open = this.body.querySelector("details")?.open;
    this.body.replaceChildren(
      figures(board),
      el("div", { class: "board-columns" },
        el("div", {}, groupsCard(board.groups), this.queue.node),
        el("div", {}, agentsCard(this.desk, board.agents), dayCard(board.today, open)))
    );
    this.queue.show();
  }
}

export async function boardView({ desk, signal }) {
  const board = await new Board(desk, signal).begin();
  return board.node;
}

