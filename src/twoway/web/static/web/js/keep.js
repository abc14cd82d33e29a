// What was typed in form[data-keep] stays in this tab until Twoway has it. When a session ends or the network
// fails on the way, the words are put back. Signing out (form[data-forget]) clears them.
// A page that answers "this was not taken" says so with <html data-not-saved>.
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

function drafts() {
  try { return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
}

function store(form) {
  const words = {};
  for (const field of written(form)) if (field.value !== field.defaultValue) words[field.name] = field.value;
  if (Object.keys(words).length) write(keyOf(form), { words, at: Date.now() });
  else sessionStorage.removeItem(keyOf(form));
}

function settle() {
  const [visit] = performance.getEntriesByType("navigation");
  const lost = "notSaved" in document.documentElement.dataset || visit?.type === "back_forward";
  for (const key of drafts()) {
    const draft = read(key);
    if (!draft || Date.now() - draft.at > DAYS || (draft.sent && !lost)) sessionStorage.removeItem(key);
    else if (draft.sent) write(key, { ...draft, sent: false });
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
  if (draft) write(keyOf(event.target), { ...draft, sent: true });
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form && event.detail.successful) sessionStorage.removeItem(keyOf(form));
});

settle();
restore(document);
document.addEventListener("htmx:load", (event) => restore(event.target.parentElement ?? document));
