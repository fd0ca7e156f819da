// Calls on the gateway: their errors, their time limit, and when they are made again.

const RETRY_MS = [500, 1000, 2000, 4000, 8000];
// What is not answered so long is given up, or asked for again: a dead line says nothing itself.
const ANSWER_MS = 15000;
// Answers that mean "later", not "never".
export const TRY_AGAIN = new Set([429, 500, 502, 503, 504]);

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

// body: a JSON value, or undefined for none. Throws an ApiError, or what fetch() throws of the line.
export async function call(method, url, body, headers) {
  const response = await fetch(url, {
    method,
    signal: within(ANSWER_MS),
    headers: { "Content-Type": "application/json", ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error || {};
  throw new ApiError(response.status, error.code, error.message || "服务暂时不可用，请稍后再试。");
}

export function wait(attempt) {
  const base = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
  // Spread out, so that a gateway coming back is not met by everybody at once.
  return new Promise((resolve) => setTimeout(resolve, base * (0.75 + Math.random() / 2)));
}

function within(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}

// Whose conversation it is; only to keep two customers of one browser apart.
export function subject(token) {
  try {
    const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
    return JSON.parse(atob(part)).sub;
  } catch {
    return "anonymous";
  }
}

// randomUUID is only there on https and localhost; a page tried out over a LAN has neither.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0")
  ).join("");
}
