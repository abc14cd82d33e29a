// A counter under a long answer with a limit. (The field itself grows by CSS where the browser can, else here.)
const grows = CSS.supports("field-sizing", "content");

function fit(area) {
  if (grows) return;
  area.rows = Math.min(24, Math.max(area.dataset.rows ??= area.rows, area.value.split("\n").length + Math.floor(area.value.length / 70)));
}

function count(area) {
  const counter = area.id && document.querySelector(`[data-counter="${CSS.escape(area.id)}"]`);
  if (!counter || area.maxLength < 1) return;
  const near = area.value.length > area.maxLength * 0.9;
  counter.hidden = false;
  counter.textContent = `${area.value.length} / ${area.maxLength}`;
  counter.classList.toggle("near", near);
  if (near) counter.setAttribute("role", "status");
  else counter.removeAttribute("role");
}

const look = (area) => { fit(area); count(area); };

document.addEventListener("input", (event) => { if (event.target.matches("textarea")) look(event.target); });
document.querySelectorAll("textarea").forEach(look);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.("textarea").forEach(look));
