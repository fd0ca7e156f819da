// Telling the customer: into their conversation, or by another way with its proof.
import { toast } from "../staff/alerts.js";
import { choice, line } from "../staff/controls.js";
import { act } from "./complaints_api.js";
import { fill, momentField, needed } from "./complaints_form.js";

const CHAT = "chat";

// chosen: {what}; what is untold comes first
export async function tell({ file, names }, chosen = {}) {
  const order = [...file.untold, ...file.tellable.filter((what) => !file.untold.includes(what))];
  const fresh = (what) => (file.untold.includes(what) ? names.notices[what] : `${names.notices[what]}（再告知一次）`);
  const what = needed(choice({ "": "请选择", ...Object.fromEntries(order.map((each) => [each, fresh(each)])) }));
  what.fill(chosen.what || file.untold[0] || "");
  const channel = needed(choice({ [CHAT]: "发到客户的在线会话", ...withoutChat(names.channels) }));
  channel.fill(CHAT);
  const proof = line({ maxlength: 500 });
  const at = momentField();
  const follow = () => {
    const here = channel.read() === CHAT;
    proof.node.required = !here;
    [proof.node, at.node].forEach((node) => (node.disabled = here));
  };
  channel.node.addEventListener("change", follow);
  follow();
  const done = await fill({
    title: "告知客户", confirm: "告知",
    about: "文字由系统按这件投诉写好，各种渠道一样，客户在“我的投诉”里都能看到。延期、中止、处理决定和核查决定告知后才生效。",
    fields: {
      what: ["告知什么", what],
      channel: ["渠道", channel],
      proof: ["凭证", proof, "录音编号、短信编号、挂号单号等；发到会话的，凭证就是那条消息"],
      at: ["告知的时间", at, "北京时间；不写就是现在"],
    },
    work: (values) => act(file.number, "notice", here(values) ? { what: values.what, channel: CHAT } : values),
  });
  if (done) toast("已告知客户。");
  return done?.done;
}

const here = ({ channel }) => channel === CHAT;

const withoutChat = (channels) => Object.fromEntries(Object.entries(channels).filter(([name]) => name !== CHAT));
