// The desk: agents, their leads and supervisors, and who handles complaints.
import { toast } from "../staff/alerts.js";
import { session } from "../staff/api.js";
import { reload } from "../staff/drafts.js";
import { watchIdle } from "../staff/idle.js";
import { openPage } from "../staff/page.js";
import { holds } from "../staff/roles.js";
import { answerWords } from "./asks.js";
import { banners } from "./banners.js";
import { boardView } from "./board.js";
import { chatView } from "./chat.js";
import { complaintsView } from "./complaints.js";
import { pressing } from "./complaints_api.js";
import { Desk, drafts } from "./desk.js";
import { emergencyView } from "./emergency.js";
import { CASES, DESK, LEADING, SERVING } from "./roles.js";
import { flash, play } from "./sound.js";
import { statusTools } from "./status.js";

const SECTIONS = {
  chat: { title: "会话", drawing: "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5", roles: SERVING },
  board: { title: "看板", drawing: "M4 20h16M7 20v-6M12 20V9M17 20V4", roles: LEADING },
  complaints: { title: "投诉", drawing: "M6 3h9l3 3v15H6zM9 10h6M9 14h6", roles: CASES },
  emergency: { title: "公告", drawing: "M4 10v4h3l7 5V5l-7 5zM17.5 9a4 4 0 0 1 0 6", roles: LEADING },
};

const VIEWS = { chat: chatView, board: boardView, complaints: complaintsView, emergency: emergencyView };

const RING_MS = 6000;
const LEFT_ALONE = "bankbot:desk-left-alone";

let desk = null;
let handles = false;

const counts = async () => (handles ? { complaints: await pressing() } : {});

// Who only handles complaints has no customers at the line.
async function begin(person, { count }) {
  handles = holds(person, CASES);
  const parts = holds(person, SERVING) ? await serve(person, count) : {};
  const alarm = () => call("offer", "【即将退出】您还在吗");
  watchIdle({ seconds: person.idle_seconds, kept: onTheWall, alarm, out: leftAlone });
  return parts;
}

async function serve(person, count) {
  desk = await new Desk(person).begin();
  desk.addEventListener("rows", () => count({ chat: desk.unread() }));
  desk.addEventListener("call", ({ detail }) => called(detail));
  desk.addEventListener("answer", ({ detail }) => {
    call("words", "【同事答复】");
    toast(answerWords(desk, detail));
  });
  desk.addEventListener("words", ({ detail }) => {
    const row = desk.rows.get(detail.number);
    if (row && desk.isMine(row)) call("words", "【新消息】客户在等");
  });
  return { tools: statusTools(desk), around: [banners(desk)], context: { desk } };
}

function called({ kind }) {
  if (kind === "look") call("offer", "【请您看一下】");
  else ring(kind === "offer" ? "【新派单】请应答" : "【请您接手】请答复");
}

// Again and again, until it is accepted or goes to somebody else.
function ring(title) {
  call("offer", title);
  setTimeout(() => desk.pressing() && ring(title), RING_MS);
}

function call(tune, title) {
  play(tune);
  flash(title);
}

// Going home leaves nobody waiting: who still has conversations is told so, and stays.
async function leaving() {
  if (desk?.me.agent && desk.me.state !== "off") await desk.be("off");
}

// The board is made to be looked at from afar.
const onTheWall = () => location.hash.startsWith("#/board");

// Nobody new is given to who is not there; what they have goes back to the queue, as when a page is
// closed. What they were writing stays in this tab.
async function leftAlone() {
  try {
    // A session that is over already needs no ending, and nobody is there to sign in again.
    await session.present();
    if (desk?.me.agent && desk.me.state === "ready") await desk.be("away");
    await session.end();
  } catch (error) {
    console.error(error);
  }
  sessionStorage.setItem(LEFT_ALONE, "yes");
  reload();
}

function tellLeftAlone() {
  if (!sessionStorage.getItem(LEFT_ALONE)) return;
  sessionStorage.removeItem(LEFT_ALONE);
  toast("很久没有操作，已自动退出。登录后继续，没写完的内容都还在。");
}

openPage({
  name: "坐席台",
  about: "接待找人的客户，看排队和时限，办理投诉。",
  roles: DESK,
  sections: SECTIONS,
  views: VIEWS,
  begin,
  counts,
  leaving,
  drafts,
  unsaved: "写了一半或没有发出的内容",
  kind: "compact",
}).then(tellLeftAlone);
