// What everybody at the desk has to know now, above every view.
import { tell } from "../staff/alerts.js";
import { button, el } from "../staff/ui.js";
import { askBanners } from "./asks.js";

const lineBanner = () =>
  el("div", { class: "strip warn" }, el("span", { class: "spinner" }),
    el("p", {}, "连接断开，正在重新连接…… 您写的内容都在；这段时间客户说的话，连上后会补齐。"));

const offBanner = (desk) =>
  el("div", { class: "strip" }, el("p", {}, desk.me.state === "off" ? "您现在离线，不会派单给您。" : "您在小休，不会派新单给您。"),
    button("上线", () => desk.be("ready").catch(tell), "quiet small"));

const announcementBanner = ({ title, text }) => el("div", { class: "strip info" }, el("b", {}, title), el("p", {}, text));

export function banners(desk) {
  const news = el("div", { role: "status" });
  const show = () => {
    const { announcement, me, up } = desk;
    news.replaceChildren(
      ...[
        announcement ? announcementBanner(announcement) : null,
        up ? null : lineBanner(),
        me.agent && me.state !== "ready" ? offBanner(desk) : null,
      ].filter(Boolean)
    );
  };
  ["line", "me", "announcement"].forEach((kind) => desk.addEventListener(kind, show));
  show();
  return el("div", { class: "banners" }, news, askBanners(desk));
}
