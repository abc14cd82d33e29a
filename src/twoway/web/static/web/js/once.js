// A form is sent once. Its buttons wait after the first press, and come back when the page does.
// data-again on a form lets it be sent as often as one likes (a search, a download).
const waiting = new Map();

function hold(form) {
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    if (button.disabled) continue;
    const words = button.querySelector("span:not(.hush)");
    waiting.set(button, words?.textContent);
    button.disabled = true;
    if (words && button.dataset.busyLabel) words.textContent = button.dataset.busyLabel;
  }
}

function release(within = document) {
  for (const [button, words] of waiting) {
    if (!within.contains(button)) continue;
    button.disabled = false;
    const span = button.querySelector("span:not(.hush)");
    if (span && words !== undefined) span.textContent = words;
    waiting.delete(button);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
  // After the browser has gathered the fields, so that the pressed button's own value still travels.
  setTimeout(() => hold(form));
});

addEventListener("pageshow", () => release());
document.addEventListener("htmx:afterRequest", (event) => release(event.target));
