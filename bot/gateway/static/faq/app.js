// The FAQ maintainers' page.
import { openPage } from "../staff/page.js";
import { get } from "./api.js";
import { drafts } from "./drafts.js";
import { drawer } from "./drawer.js";
import { editorView } from "./editor.js";
import { evaluationView } from "./evaluate.js";
import { exchangeView } from "./exchange.js";
import { historyView } from "./history.js";
import { listView } from "./list.js";
import { miningView } from "./mining.js";
import { publishView } from "./publish.js";
import { reviewsView } from "./reviews.js";
import { tryView } from "./tryit.js";

const SECTIONS = {
  entries: { title: "条目", drawing: "M5 4h14v16H5zM8.5 8.5h7M8.5 12h7M8.5 15.5h4" },
  reviews: { title: "复核", drawing: "M4 12.5l5 5L20 6.5" },
  publish: { title: "发布", drawing: "M12 15V4M7.5 8.5L12 4l4.5 4.5M5 14v6h14v-6" },
  mining: { title: "挖掘", drawing: "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M15.5 15.5L20 20" },
  try: { title: "试一试", drawing: "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5" },
  evaluation: { title: "评估", drawing: "M4 20h16M7 20v-6M12 20V9M17 20V4" },
  history: { title: "历史", drawing: "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17M12 7.5V12l3.5 2" },
  exchange: { title: "导入导出", drawing: "M7 4v13M3.5 13.5L7 17l3.5-3.5M17 20V7M13.5 10.5L17 7l3.5 3.5" },
};

const VIEWS = {
  entries: (place) => (place.id ? editorView(place) : listView(place)),
  reviews: reviewsView,
  publish: publishView,
  mining: miningView,
  try: tryView,
  evaluation: evaluationView,
  history: historyView,
  exchange: exchangeView,
};

function begin() {
  const { node, opener } = drawer();
  return { tools: [opener], around: [node] };
}

async function counts() {
  const many = (path) => get(path).then((found) => found.length, () => 0);
  const [reviews, mining] = await Promise.all([many("/reviews"), many("/mined")]);
  return { reviews, mining };
}

openPage({
  name: "知识库",
  about: "写问答、复核、发布，当天就能让客户问到。",
  roles: ["author", "reviewer", "publisher"],
  sections: SECTIONS,
  views: VIEWS,
  begin,
  counts,
  drafts,
  unsaved: "修改没有保存",
});
