// The agent in the page's head: state, how much there is to do, sound, help.
import { tell } from "../staff/alerts.js";
import { button, el, select } from "../staff/ui.js";
import { showHelp } from "./keys.js";
import { mute, muted } from "./sound.js";

function presence(desk) {
  const control = select(desk.names.agent_states, desk.me.state);
  control.setAttribute("aria-label", "我的状态");
  const node = el("div", { class: "presence" }, el("i", { "aria-hidden": "true" }), control);
  const show = () => {
    control.value = desk.me.state;
    node.dataset.state = desk.me.state;
  };
  control.addEventListener("change", async () => {
    control.disabled = true;
    try {
      await desk.be(control.value);
    } catch (error) {
      tell(error);
    } finally {
      control.disabled = false;
      show();
    }
  });
  desk.addEventListener("me", show);
  show();
  return node;
}

function load(desk) {
  const node = el("span", { class: "load" });
  const show = () => {
    const { load: busy, capacity, at_most: most } = desk.me;
    node.textContent = `接待 ${busy}/${capacity}`;
    node.title = `手上 ${busy} 个会话，容量 ${capacity}：等客户回话的和挂起的算得少，所以可以多接几个，最多 ${most} 个。`;
  };
  desk.addEventListener("me", show);
  show();
  return node;
}

function sound() {
  const node = button("", () => {
    mute(!muted());
    show();
  }, "onbrand");
  const show = () => {
    node.textContent = muted() ? "声音 关" : "声音 开";
    node.setAttribute("aria-pressed", !muted());
  };
  show();
  return node;
}

export const statusTools = (desk) => [
  ...(desk.me.agent ? [load(desk), presence(desk)] : []),
  sound(),
  button("快捷键", showHelp, "onbrand"),
];
