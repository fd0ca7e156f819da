// How days, moments, people and numbers are written on staff's pages.

export const personName = (by) => (!by || by === "system" ? "系统" : by);

const SHANGHAI = { timeZone: "Asia/Shanghai", hour12: false };
const MOMENT = new Intl.DateTimeFormat("sv-SE", { ...SHANGHAI, dateStyle: "short", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat("sv-SE", { ...SHANGHAI, dateStyle: "short" });

export const moment = (iso) => (iso ? MOMENT.format(new Date(iso)) : "");
export const day = (iso) => (iso ? DAY.format(new Date(iso)) : "");
export const today = () => DAY.format(new Date());

export const percent = (share) => (share == null ? "—" : `${(share * 100).toFixed(1)}%`);
export const countOf = (number) => new Intl.NumberFormat("zh-CN").format(number);
