// What was typed in form[data-keep] stays in this tab until Twoway has it. When a session ends or the network
// fails on the way, the words are put back. Signing out (form[data-forget]) clears them.
// A page that answers "this was not taken" says so with <html data-not-saved>.
// Whoever goes back finds what was not taken; what was taken is not put back into its box, to be sent twice.
const PREFIX = "twoway.kept:";
const DAYS = 86_400_000;

const keyOf = (form) => `${PREFIX}${location.pathname}#${form.id || form.getAttribute("action") || "form"}`;
const written = (form) => [...form.querySelectorAll("textarea, input[type=text], input:not([type])")].filter((field) => field.name);

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}

function write(key, draft) {
  try { sessionStorage.setItem(key, JSON.stringify(draft)); } catch { /* storage is full or closed: typing goes on */ }
}

function works() {
  try { return Boolean(sessionStorage); } catch { return false; }
}

function drafts() {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
}

function store(form) {
  const words = {};
  for (const field of written(form)) if (field.value !== field.defaultValue) words[field.name] = field.value;
  if (Object.keys(words).length) write(keyOf(form), { words, at: Date.now() });
  else sessionStorage.removeItem(keyOf(form));
}

const [visit] = performance.getEntriesByType("navigation");
const sent = new Set();

function settle(isBack) {
  const lost = isBack || "notSaved" in document.documentElement.dataset;
  const refused = visit?.responseStatus >= 400; // the words stand in this page, and wait in case one goes back
  for (const key of drafts()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > DAYS || (draft.sent && !lost && !refused)) sessionStorage.removeItem(key);
    else if (draft.sent && lost) write(key, { ...draft, sent: false });
  }
}

// Going back, a browser fills in by itself what was typed before. Words without a draft have arrived.
function empty(forms) {
  if (!works()) return;
  for (const form of forms) {
    if (read(keyOf(form))) continue;
    for (const field of written(form)) field.value = field.defaultValue;
  }
}

function restore(within) {
  for (const form of within.querySelectorAll("form[data-keep]")) {
    const draft = read(keyOf(form));
    if (!draft || draft.sent) continue;
    for (const field of written(form)) {
      const words = draft.words[field.name];
      if (words === undefined || field.value !== field.defaultValue || field.getAttribute("aria-invalid")) continue;
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form) store(form);
});

document.addEventListener("submit", (event) => {
  if ("forget" in event.target.dataset) for (const key of drafts()) sessionStorage.removeItem(key);
  if (!("keep" in event.target.dataset)) return;
  const draft = read(keyOf(event.target));
  if (!draft) return;
  write(keyOf(event.target), { ...draft, sent: true });
  sent.add(event.target);
});

addEventListener("pageshow", (event) => {
  if (event.persisted) {
    settle(true);
    empty(sent);
    sent.clear();
  } else if (visit?.type === "back_forward") empty(document.querySelectorAll("form[data-keep]"));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form && event.detail.successful) sessionStorage.removeItem(keyOf(form));
});

settle(visit?.type === "back_forward");
restore(document);
document.addEventListener("htmx:load", (event) => restore(event.target.parentElement ?? document));
