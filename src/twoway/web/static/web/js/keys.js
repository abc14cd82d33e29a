// Keys in a list marked data-keys, only while focus is inside it: j and k (or the arrows) go down and up its
// [data-keys-item]s; any other letter presses the element in that item which names it with data-key="p". An address
// that ends in #row-…, as after an act, gives that link the focus by itself; if it is gone, the first item has it.
function target(item) {
  return item.matches("a, button, [tabindex]") ? item : item.querySelector("a, button, [tabindex]");
}

function move(list, item, by) {
  const items = [...list.querySelectorAll("[data-keys-item]")];
  const next = items[items.indexOf(item) + by];
  if (next) target(next)?.focus();
}

document.addEventListener("keydown", (event) => {
  const list = event.target.closest("[data-keys]");
  if (!list || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const item = event.target.closest("[data-keys-item]");
  const by = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const act = /^[a-z?]$/.test(event.key) && (item ?? list).querySelector(`[data-key="${event.key}"]`);
  if (!by && !act) return;
  event.preventDefault();
  if (by) move(list, item, by);
  else act.click();
});

if (location.hash.startsWith("#row-")) {
  const first = document.querySelector("[data-keys] [data-keys-item]");
  if (first && !document.getElementById(location.hash.slice(1))) target(first)?.focus();
}
