() => {
  const least = (e) => e.matches(".button:not(.little), .support, .doors a, .menu > summary, .tabs a, .scale label, .field input:not([type=checkbox], [type=radio]), .field textarea, .field select") ? 44 : 24;
  const inText = (e) => e.matches("p a, li > p a, summary.term, .define > summary, td a, .row-title > a, .person-name a, dd a");
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".skip, .hush");
  return [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden]), .scale label, .choice")]
    .filter((e) => seen(e) && !inText(e))
    .map((e) => {
      const own = e.matches("input[type=checkbox], input[type=radio]") ? (e.closest("label") ?? e) : (e.closest(".proposal") ?? e);
      const box = own.getBoundingClientRect();
      return [e.outerHTML.slice(0, 90), Math.round(box.width * 10) / 10, Math.round(box.height * 10) / 10, least(e)];
    })
    .filter(([, width, height, need]) => width < Math.min(need, 24) || height < need - 0.5);
}
