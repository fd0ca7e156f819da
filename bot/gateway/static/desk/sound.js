// What makes an agent look up: a tone, and the tab's title while the page is hidden.

const MUTED = "bankbot:desk-muted";
// Each note: Hz, and when it starts, s.
const TUNES = { offer: [[784, 0], [1047, 0.18], [784, 0.36], [1047, 0.54]], words: [[880, 0]] };
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.12;
const FLASH_MS = 1000;

let context = null;

// A browser lets a page sound only after the person has done something on it.
function awake() {
  context ||= new AudioContext();
  context.resume();
}
["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, awake, { once: true }));

export const muted = () => localStorage.getItem(MUTED) === "yes";

export function mute(off) {
  localStorage.setItem(MUTED, off ? "yes" : "no");
}

export function play(tune) {
  if (muted() || context?.state !== "running") return;
  for (const [pitch, start] of TUNES[tune]) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const from = context.currentTime + start;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(LOUDNESS, from);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + NOTE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(from + NOTE_SECONDS);
  }
}

let flashing = null;
let title = "";

// Until the tab is looked at again.
export function flash(text) {
  if (!document.hidden) return;
  stop();
  title = document.title;
  document.title = text;
  flashing = setInterval(() => (document.title = document.title === text ? title : text), FLASH_MS);
}

function stop() {
  if (!flashing) return;
  clearInterval(flashing);
  flashing = null;
  document.title = title;
}

addEventListener("visibilitychange", () => !document.hidden && stop());
