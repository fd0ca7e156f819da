// Where in the page one is: "#/entries/loss.fee?from=list" and the like.
import { query } from "./api.js";

// {section, id, values} of an address
export function parse(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [section, id = ""] = path.split("/").map(decoded);
  return { section, id, values: Object.fromEntries(new URLSearchParams(search)) };
}

// A hand-written address may be no valid one.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Notes where a view stands now, so that coming back to it shows the same.
export function remember(path, values) {
  history.replaceState(null, "", `#/${path}${query(values)}`);
}

// Shows what stands at an address, anew if one is there already.
export function go(path) {
  const to = `#/${path}`;
  if (location.hash === to) dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = to;
}
