// Who may go where on the desk's page.

const COMPLAINTS = ["complaint_handler", "complaint_lead", "complaint_reviewer"];

export const LEADING = ["lead", "supervisor"];
export const SERVING = ["agent", ...LEADING];
export const CASES = [...COMPLAINTS, ...LEADING];
export const DESK = [...SERVING, ...COMPLAINTS];
