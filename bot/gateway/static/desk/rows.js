// What a ticket's row means to whoever looks at it.

const QUEUED = ["waiting", "reopened"];
const HELD = ["offered", "active", "on_hold", "wrap_up"];

export const isQueued = (row) => QUEUED.includes(row.state);
export const isOver = (row) => ["resolved", "closed", "abandoned"].includes(row.state);
export const isTalking = (row) => ["active", "on_hold"].includes(row.state);

export const isMine = (row, agent) => row.agent === agent && HELD.includes(row.state);
export const isOffer = (row, agent) => row.agent === agent && row.state === "offered";

// How somebody else's conversation is followed: "join", "whisper" or null
export const guestMode = (row, agent) => row.guests.find((guest) => guest.agent === agent)?.mode || null;

// What somebody is asked about a conversation by who has it.
export const asksOf = (row, agent) => row.asks.filter((ask) => ask.asked.includes(agent));

// Nobody has looked at it yet, or the customer has the last word.
export const isFresh = (row) => !row.seen_seq || (row.last_seq > row.seen_seq && row.last?.role === "customer");

const order = (a, b) => (a < b ? -1 : Number(a > b));

// As the gateway orders the queue.
export const inQueueOrder = (a, b) =>
  b.urgent - a.urgent || order(a.sort_at, b.sort_at) || order(a.number, b.number);

// Offers first, then who waits longest for an answer, then those whose turn it is.
const rank = (row) => {
  if (row.state === "offered") return 0;
  if (row.state === "wrap_up") return 4;
  if (row.state === "on_hold") return 3;
  return row.awaiting_since ? 1 : 2;
};

export const inDeskOrder = (a, b) =>
  rank(a) - rank(b) || order(a.awaiting_since || a.taken_at || "", b.awaiting_since || b.taken_at || "") ||
  order(a.number, b.number);

// How near the clocks are to their end, as classes.
export const LEVELS = ["", "near", "broken"];

const CLOCKS = { first: "首次响应", next: "回复", resolution: "解决" };

// The running clock that ends first: {key, name, due_at} or null
export function nearestClock({ sla, state }) {
  if (state === "wrap_up" || isOver({ state })) return null;
  const running = Object.entries(CLOCKS)
    .map(([key, name]) => ({ key, name, ...sla?.[key] }))
    .filter((clock) => clock.due_at && !clock.stopped_at);
  return running.sort((a, b) => order(a.due_at, b.due_at))[0] || null;
}

export const customerName = ({ customer }) => (customer.id ? `客户 ${customer.id}` : "未登录访客");
