// The desk: agents, their leads and supervisors, and who handles complaints.
import { Drafts } from "../staff/drafts.js";
import { openPage } from "../staff/page.js";
import { boardView } from "./board.js";
import { chatView } from "./chat.js";
import { complaintsView } from "./complaints.js";
import { emergencyView } from "./emergency.js";
import { CASES, DESK, LEADING, SERVING } from "./roles.js";

const SECTIONS = {
  chat: { title: "会话", drawing: "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5", roles: SERVING },
  board: { title: "看板", drawing: "M4 20h16M7 20v-6M12 20V9M17 20V4", roles: LEADING },
  complaints: { title: "投诉", drawing: "M6 3h9l3 3v15H6zM9 10h6M9 14h6", roles: CASES },
  emergency: { title: "公告", drawing: "M4 10v4h3l7 5V5l-7 5zM17.5 9a4 4 0 0 1 0 6", roles: LEADING },
};

const VIEWS = { chat: chatView, board: boardView, complaints: complaintsView, emergency: emergencyView };

openPage({
  name: "坐席台",
  about: "接待找人的客户，看排队和时限，办理投诉。",
  roles: DESK,
  sections: SECTIONS,
  views: VIEWS,
  drafts: new Drafts("desk"),
  unsaved: "回复没有发出",
  kind: "compact",
});
