// A file that the customer picks: what may be sent, and sending it with its progress.
import { el } from "./dom.js";

export const KINDS = ["image/jpeg", "image/png", "application/pdf"];
// As the gateway's default; its own limit counts, this one only spares the customer the wait.
export const MOST_BYTES = 10_000_000;
const RETRY_MS = [1000, 3000];

// Why a file cannot be sent, or null; the gateway looks at the content itself.
export function whyNot(file) {
  if (!KINDS.includes(file.type)) return "只支持 JPG、PNG 图片和 PDF 文件";
  if (!file.size) return "文件是空的";
  if (file.size > MOST_BYTES) return `文件不能超过 ${MOST_BYTES / 1_000_000} MB，请压缩后再传`;
  return null;
}

// A button that opens the browser's own chooser; pick(files) gets what was chosen.
export function fileButton(pick, title, ...content) {
  const input = el("input", {
    type: "file", accept: KINDS.join(","), hidden: true, tabindex: "-1", "aria-hidden": "true",
    onchange: () => {
      const files = [...input.files];
      input.value = ""; // the same file may be chosen again
      pick(files);
    },
  });
  const button = el("button", { type: "button", title, "aria-label": title, onclick: () => input.click() }, ...content);
  return { button, input };
}

// fetch() tells nothing of how far an upload is; XMLHttpRequest does.
// Resolves to {status, body}; a dropped line rejects.
function post(url, token, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Content-Type", file.type);
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name.slice(-120)));
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) progress(Math.floor((event.loaded / event.total) * 100));
    };
    request.onload = () => resolve({ status: request.status, body: request.response || {} });
    request.onerror = () => reject(new Error("网络中断，文件没有传完"));
    request.send(file);
  });
}

// The same client_id each time: a file that did arrive is not kept twice.
export async function sendFile(url, token, file, progress) {
  for (let attempt = 0; ; attempt++) {
    const last = attempt === RETRY_MS.length;
    try {
      const { status, body } = await post(url, token, file, progress);
      if (status < 300) return;
      if (status < 500 || last) {
        throw Object.assign(new Error(body.error?.message || "文件暂时传不上来，请稍后再试"), { refused: true });
      }
    } catch (error) {
      if (error.refused || last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[attempt]));
  }
}
