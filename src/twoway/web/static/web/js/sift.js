// input[data-sift="id"] hides, in the list of that id, every entry without the word. What is chosen stays in sight.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function sift(box) {
  const wanted = plain(box.value.trim());
  const list = document.getElementById(box.dataset.sift);
  let shown = 0;
  for (const entry of list.children) {
    const stays = !wanted || entry.querySelector(":checked") || plain(entry.textContent).includes(wanted);
    entry.hidden = !stays;
    shown += stays ? 1 : 0;
  }
  const none = document.getElementById(`${box.dataset.sift}_none`);
  if (none) none.hidden = shown > 0;
}

function ready(within) {
  for (const box of within.querySelectorAll?.("[data-sift]") ?? []) box.hidden = false;
}

document.addEventListener("input", (event) => { if (event.target.matches("[data-sift]")) sift(event.target); });
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("[data-sift]")) event.preventDefault();
});
ready(document);
document.addEventListener("htmx:load", (event) => ready(event.target));
