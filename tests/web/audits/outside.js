() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest(".hush, .skip, svg, caption") && getComputedStyle(e).clipPath === "none")
  .filter((e) => { const b = e.getBoundingClientRect(); return b.width > 1 && (b.right > innerWidth + 1 || b.left < -1); })
  .map((e) => e.outerHTML.slice(0, 100))
