// Who has left their desk is signed out: no key and no mouse for a while, in any tab of the page.
import { modal } from "./dialog.js";
import { button, el } from "./ui.js";

const WARNING_MS = 60000;
const LOOK_MS = 1000;
// Often enough to be true, and seldom enough for every move of a mouse.
const NOTE_MS = 1000;
const LAST = "bankbot:active";
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"];

// seconds: how long nobody may be there; kept(): whether the page is meant to stand there by itself;
// alarm(): calls whoever is near, with a minute left; out(): nobody came
export function watchIdle({ seconds, kept, alarm, out }) {
  const limit = seconds * 1000;
  const alone = () => Date.now() - Number(localStorage.getItem(LAST));
  let warning = null;

  // Browsers report moves of a mouse that lies still when something moves under it.
  function there(event) {
    if (event.type === "pointermove" && !event.movementX && !event.movementY) return;
    if (warning || alone() > NOTE_MS) localStorage.setItem(LAST, Date.now());
  }

  function warn() {
    const left = el("b", {});
    const since = Date.now();
    warning = { left: () => Math.ceil((since + WARNING_MS - Date.now()) / 1000), close: () => {} };
    modal("您还在吗？", (close) => {
      warning.close = close;
      const stay = button("继续工作", () => close(), "primary");
      return el("div", { class: "fields" },
        el("p", {}, "很久没有操作了，", left, " 后自动退出。先转为“小休”；手上的会话回到队列，由同事接着服务；没写完的内容都还在。"),
        el("div", { class: "actions" }, stay));
    });
    warning.show = () => (left.textContent = `${Math.max(0, warning.left())} 秒`);
    warning.show();
    alarm();
  }

  function end() {
    clearInterval(looking);
    warning.close();
    out();
  }

  function look() {
    if (kept()) localStorage.setItem(LAST, Date.now());
    const soon = alone() >= limit - WARNING_MS;
    if (warning && !soon) {
      warning.close();
      warning = null;
    } else if (!warning && soon) warn();
    if (!warning) return;
    warning.show();
    // A computer that slept wakes up with the whole minute.
    if (warning.left() <= 0) end();
  }

  localStorage.setItem(LAST, Date.now());
  SIGNS.forEach((sign) => addEventListener(sign, there, { capture: true, passive: true }));
  const looking = setInterval(look, LOOK_MS);
}
