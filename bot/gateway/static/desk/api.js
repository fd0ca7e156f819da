// The calls of the desk.
import { calls } from "../staff/api.js";

export const DESK_API = "/api/desk";

export const { get, post, remove, download } = calls(DESK_API);
