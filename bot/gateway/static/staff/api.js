// Calls on the gateway. Every failure is an ApiError whose message may be shown as it is.

export class ApiError extends Error {
  constructor(status, code, message, reasons = []) {
    super(message);
    Object.assign(this, { status, code, reasons });
  }
}

const OFFLINE = "连不上服务器，请检查网络后再试。";
const UNREADABLE = "服务器的回复无法读取，请稍后再试。";

let signInAgain = null;

// ask(): resolves once the same person has signed in again.
export function onSessionEnd(ask) {
  signInAgain = ask;
}

async function send(method, path, { body, file, signal, blob } = {}) {
  const headers = { "X-Requested-With": "bankbot" };
  if (body) headers["Content-Type"] = "application/json";
  const content = file || (body && JSON.stringify(body));
  const response = await fetch(path, { method, headers, body: content, signal }).catch((error) => {
    throw error.name === "AbortError" ? error : new ApiError(0, "offline", OFFLINE);
  });
  if (response.status === 204) return null;
  if (blob && response.ok) return response.blob();
  const answer = await response.json().catch(() => {
    throw new ApiError(response.status, "unreadable", UNREADABLE);
  });
  if (response.ok) return answer;
  const { code, message, reasons } = answer.error || {};
  throw new ApiError(response.status, code, message || UNREADABLE, reasons);
}

// A call that finds the session ended waits for the sign-in and is then made once more.
async function call(method, path, options = {}) {
  try {
    return await send(method, path, options);
  } catch (error) {
    if (error.code !== "sign_in") throw error;
    await signInAgain();
    return send(method, path, options);
  }
}

// What has a value, as a query string.
export function query(values) {
  const filled = Object.entries(values).filter(([, value]) => value !== "" && value != null);
  return filled.length ? `?${new URLSearchParams(filled)}` : "";
}

// The calls of one page's part of the gateway, e.g. all under "/api/faq/bank".
export const calls = (base) => ({
  get: (path, values = {}, signal) => call("GET", base + path + query(values), { signal }),
  post: (path, body = {}, signal) => call("POST", base + path, { body, signal }),
  put: (path, body) => call("PUT", base + path, { body }),
  remove: (path) => call("DELETE", base + path),
  // A file as a Blob; with a body it is asked for by POST.
  download: (path, values = {}, body = undefined) => call(body ? "POST" : "GET", base + path + query(values), { body, blob: true }),
  upload: (path, values, file) => call("POST", base + path + query(values), { file }),
});

const SESSION = "/api/staff/session";

export const session = {
  present: () => send("GET", SESSION),
  begin: (name, password) => send("POST", SESSION, { body: { name, password } }),
  end: () => send("DELETE", SESSION),
  // Nobody to offer outside the demo.
  demoPeople: () => send("GET", "/api/demo/staff").catch(() => []),
};
