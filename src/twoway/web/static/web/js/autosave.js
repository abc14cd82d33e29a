// form[data-autosave] sends itself a moment after the last change and says what became of it in
// [data-autosave-status]. The server answers 2xx when it has the words; anything else is "not saved", and tried again.
const PAUSE = 900;
const AGAIN = [4_000, 15_000, 60_000];
const states = new WeakMap();

const stateOf = (form) => states.get(form) ?? states.set(form, { timer: 0, tries: 0, dirty: false, busy: false }).get(form);

function say(form, word) {
  const status = form.querySelector("[data-autosave-status]");
  if (!status) return;
  status.textContent = status.dataset[word] ?? "";
  status.classList.toggle("failed", word === "failed");
}

async function save(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.busy) return;
  Object.assign(state, { busy: true, dirty: false });
  say(form, "saving");
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new FormData(form), headers: { "X-Autosave": "1", "X-Requested-With": "fetch" }, redirect: "manual",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    state.tries = 0;
    say(form, "saved");
  } catch {
    state.dirty = true;
    say(form, "failed");
    state.timer = setTimeout(save, AGAIN[Math.min(state.tries++, AGAIN.length - 1)], form);
  }
  state.busy = false;
  if (state.dirty && state.tries === 0) save(form);
}

function later(form, pause) {
  const state = stateOf(form);
  Object.assign(state, { dirty: true, tries: 0 });
  clearTimeout(state.timer);
  state.timer = setTimeout(save, pause, form);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form) later(form, PAUSE);
});
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form) later(form, 0);
});

const unsaved = () => [...document.querySelectorAll("form[data-autosave]")].filter((form) => stateOf(form).dirty);
addEventListener("online", () => unsaved().forEach(save));
addEventListener("beforeunload", (event) => { if (unsaved().some((form) => stateOf(form).tries > 0)) event.preventDefault(); });
document.addEventListener("visibilitychange", () => { if (document.hidden) unsaved().forEach(save); });
