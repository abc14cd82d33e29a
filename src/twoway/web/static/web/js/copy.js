// button[data-copy="id"] copies what stands in that box and says so with its own words (data-copied).
function ready(within) {
  for (const button of within.querySelectorAll?.("[data-copy][hidden]") ?? []) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const box = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(box.value ?? box.textContent.trim());
  } catch {
    box.select?.(); // without TLS there is no clipboard object, only this old way
    if (!document.execCommand("copy")) return;
  }
  const words = button.textContent;
  button.setAttribute("aria-live", "polite");
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = words; }, 2_000);
});

ready(document);
document.addEventListener("htmx:load", (event) => ready(event.target));
