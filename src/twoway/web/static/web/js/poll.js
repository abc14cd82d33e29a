// An element with hx-get, hx-trigger="poll" and data-poll asks again by itself: every 3 seconds while something
// happened in the last minute, slowly down to every 30, never while the page is hidden. 204 means nothing new.
const QUICK = 3_000;
const SLOW = 30_000;
const LIVELY = 60_000;
const clocks = new WeakMap();

let stirred = Date.now();
let pause = QUICK;
let timer = 0;

const polled = () => document.querySelectorAll("[data-poll]");

function ask() {
  if (document.hidden || !polled().length) return;
  for (const place of polled()) {
    if (clocks.get(place)) continue;
    window.htmx?.trigger(place, "poll");
  }
  pause = Date.now() - stirred < LIVELY ? QUICK : Math.min(SLOW, pause * 1.5);
  plan();
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(ask, pause);
}

function stir() {
  stirred = Date.now();
  if (pause === QUICK) return;
  pause = QUICK;
  plan();
}

document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches("[data-poll]")) clocks.set(event.target, true); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.target.matches("[data-poll]")) return stir();
  clocks.delete(event.target);
  const { status } = event.detail.xhr;
  if (status === 200) stir();
  if (status === 0 || status >= 400) { stirred = 0; pause = SLOW; plan(); }
});
document.addEventListener("input", stir);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { stir(); ask(); } });
plan();
