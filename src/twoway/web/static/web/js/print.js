// button[data-print] prints the page; folded parts open for the printer and fold again after.
for (const button of document.querySelectorAll("[data-print][hidden]")) button.hidden = false;

document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) print(); });

const unfolded = new Set();
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("main details:not([open])")) { fold.open = true; unfolded.add(fold); }
});
addEventListener("afterprint", () => {
  for (const fold of unfolded) fold.open = false;
  unfolded.clear();
});
