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

async function send(method, path, { body, file, signal } = {}) {
  const headers = { "X-Requested-With": "bankbot" };
  if (body) headers["Content-Type"] = "application/json";
  const content = file || (body && JSON.stringify(body));
  const response = await fetch(path, { method, headers, body: content, signal }).catch((error) => {
    throw error.name === "AbortError" ? error : new ApiError(0, "offline", OFFLINE);
  });
  if (response.status === 204) return null;
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

export const BANK = "/api/faq/bank";

// What has a value, as a query string.
export function query(values) {
  const filled = Object.entries(values).filter(([, value]) => value !== "" && value != null);
  return filled.length ? `?${new URLSearchParams(filled)}` : "";
}

export const get = (path, values = {}, signal) => call("GET", BANK + path + query(values), { signal });
export const post = (path, body = {}, signal) => call("POST", BANK + path, { body, signal });
export const put = (path, body) => call("PUT", BANK + path, { body });
export const upload = (path, values, file) => call("POST", BANK + path + query(values), { file });

// Of one entry; its id is made of letters, digits, dots, dashes and underscores.
export const entryPath = (id, verb = "") => `/entries/${encodeURIComponent(id)}${verb && `/${verb}`}`;

export const minedPath = (id, verb) => `/mined/${encodeURIComponent(id)}/${verb}`;

const SESSION = "/api/staff/session";

export const session = {
  present: () => send("GET", SESSION),
  begin: (name, password) => send("POST", SESSION, { body: { name, password } }),
  end: () => send("DELETE", SESSION),
  // Nobody to offer outside the demo.
  demoPeople: () => send("GET", "/api/demo/staff").catch(() => []),
};
