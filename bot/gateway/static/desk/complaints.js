// Complaints at the desk: the register, one case, and what comes in by other ways.
import { caseView } from "./complaints_case.js";
import { registerView } from "./complaints_list.js";
import { openView } from "./complaints_open.js";

export const NEW = "new";

export function complaintsView(place) {
  if (place.id === NEW) return openView(place);
  return place.id ? caseView(place) : registerView(place);
}
