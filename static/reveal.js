// Shows the password while it is typed, on one's own wish; it is hidden again before it is sent.
"use strict";
for (const box of document.querySelectorAll("[data-reveal]")) {
  const fields = [...box.form.querySelectorAll("[type=password]")];
  const show = (is_shown) => fields.forEach((field) => { field.type = is_shown ? "text" : "password"; });
  box.addEventListener("change", () => show(box.checked));
  box.form.addEventListener("submit", () => show(false));
}
