() => {
  const e = document.activeElement;
  if (e === document.body) return "end";
  const ringed = (style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow.includes("0px 0px 0px 3px");
  const places = [getComputedStyle(e), getComputedStyle(e, "::after"), ...[e.closest("label"), e.closest(".composer")].filter(Boolean).map((p) => getComputedStyle(p))];
  const box = (e.closest("label") ?? e).getBoundingClientRect();
  const bar = document.querySelector(".doors");
  const fixed = bar && getComputedStyle(bar).position === "fixed" && !bar.contains(e) ? bar.getBoundingClientRect().top : innerHeight;
  if (!places.some(ringed)) return "no ring: " + e.outerHTML.slice(0, 120);
  if (box.bottom <= 0 || box.top >= fixed) return "hidden: " + e.outerHTML.slice(0, 120);
  return "";
}
