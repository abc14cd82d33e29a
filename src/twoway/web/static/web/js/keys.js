// Keys in a list marked data-keys, only while focus is inside it: j and k (or the arrows) go down and up its
// [data-keys-item]s; any other letter presses the element in that item which names it with data-key="p". An address
// that ends in the id of such an item, as after an act, gives it the focus back; if it is gone, the first has it.
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
  const list = document.querySelector("[data-keys]");
  const item = document.getElementById(location.hash.slice(1)) ?? list?.querySelector("[data-keys-item]");
  if (item?.closest("[data-keys]")) target(item)?.focus();
}
