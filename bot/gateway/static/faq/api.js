// The calls of the FAQ bank.
import { calls } from "../staff/api.js";

export const BANK = "/api/faq/bank";

export const { get, post, put, upload } = calls(BANK);

// Of one entry; its id is made of letters, digits, dots, dashes and underscores.
export const entryPath = (id, verb = "") => `/entries/${encodeURIComponent(id)}${verb && `/${verb}`}`;

export const minedPath = (id, verb) => `/mined/${encodeURIComponent(id)}/${verb}`;
