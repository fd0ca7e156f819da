// Files that the customer handed in: pictures are shown here, the rest is saved. The gateway records
// whoever opens one.
import { problem } from "../staff/alerts.js";
import { modal } from "../staff/dialog.js";
import { moment } from "../staff/format.js";
import { save } from "../staff/save.js";
import { button, el, note } from "../staff/ui.js";
import { download, get } from "./api.js";
import { pathOf } from "./conversation.js";

const PICTURE = /^image\//;

const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`);

// As an address that the page's own policy lets it show.
function addressOf(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

async function show(file, blob) {
  const picture = el("img", { src: await addressOf(blob), alt: `客户上传的 ${file.name}` });
  modal(file.name, (close) =>
    el("div", { class: "picture" }, picture,
      el("div", { class: "actions" }, note("打开已留下记录。"), button("另存", () => save(blob, file.name), "quiet"),
        button("关闭", () => close(), "primary"))));
}

function fileLine(number, file) {
  const open = async () => {
    const blob = await download(pathOf(number, `files/${file.id}`));
    if (PICTURE.test(file.media_type)) await show(file, blob);
    else save(blob, file.name);
  };
  const title = PICTURE.test(file.media_type) ? "打开" : "下载";
  const opener = button(title, open, "quiet small");
  opener.setAttribute("aria-label", `${title} ${file.name}`);
  return el("li", {}, el("span", {}, file.name, el("small", {}, ` ${file.kind_name} ${size(file.size)} · ${moment(file.at)}`)), opener);
}

// {node, refresh()}
export function filesOf(number, signal) {
  const node = el("div", { class: "files" }, note("正在读取……"));
  const refresh = () =>
    get(pathOf(number, "files"), {}, signal).then(
      (found) => node.replaceChildren(
        found.length ? el("ul", { class: "plain" }, ...found.map((file) => fileLine(number, file))) : note("没有上传过文件。")
      ),
      (error) => error.name === "AbortError" || node.replaceChildren(problem(error))
    );
  refresh();
  return { node, refresh };
}
