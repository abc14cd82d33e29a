// [data-show-if="name"][data-show-for="key key"] is shown while the field of that name has one of those values.
// What hangs on something hidden is hidden too. Without this script everything is shown, with a word of when.
const held = (form, name) =>
  [...form.elements]
    .filter((field) => field.name === name && !field.closest("[data-show-if][hidden]"))
    .filter((field) => !["radio", "checkbox"].includes(field.type) || field.checked)
    .map((field) => field.value);

function settle(form) {
  for (const part of form.querySelectorAll("[data-show-if]")) {
    const wanted = part.dataset.showFor.split(" ");
    part.hidden = !held(form, part.dataset.showIf).some((value) => wanted.includes(value));
  }
}

const forms = (within) => new Set([...within.querySelectorAll("[data-show-if]")].map((part) => part.closest("form")));

document.addEventListener("change", (event) => { if (event.target.form) settle(event.target.form); });
addEventListener("pageshow", () => forms(document).forEach(settle));
forms(document).forEach(settle);
