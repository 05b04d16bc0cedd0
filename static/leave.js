// Leaves at once, by the button or by Escape twice: the page is replaced, so that the back button does not show it again.
// Without script the same button posts to /lamna. Either way the login ends.
"use strict";
(() => {
  const form = document.querySelector("form[data-leave]");
  if (!form) return;
  let last = 0;
  const leave = () => {
    fetch(form.action, { method: "POST", redirect: "manual", keepalive: true }).catch(() => {});
    document.documentElement.hidden = true;
    location.replace(form.dataset.leave);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); leave(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < 1000) leave();
    last = event.timeStamp;
  });
})();
