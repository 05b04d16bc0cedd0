// In a lesson: an answer is told without a new page, what is chosen is kept as it is chosen, and so is how far the text is read.
// Without script the same buttons do the same by a page of their own.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft], form[data-place]");
  if (!form) return;
  const send = (name, value, more) => {
    const body = new FormData(form);
    body.set(name, value);
    for (const [key, text] of Object.entries(more || {})) body.set(key, text);
    return fetch(form.action, { method: "POST", body: new URLSearchParams(body), keepalive: true, redirect: name === "svara" ? "follow" : "manual" });
  };

  if ("place" in form.dataset) {
    const headings = [...form.querySelectorAll("h2[id]")];
    let kept = "";
    const keep = () => {
      const place = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).pop();
      if (!place || place.id === kept) return;
      const sent = kept = place.id;
      const again = () => { if (kept === sent) kept = ""; }; // what was not received is sent the next time
      send("spara", "tyst", { plats: sent }).then((answer) => { if (answer.status >= 400) again(); }, again);
    };
    addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", () => { if (document.hidden) keep(); });
    return;
  }

  let timer = 0;
  form.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(() => send("spara", "tyst").catch(() => {}), 800);
  });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    const button = event.submitter;
    if (!button || button.name !== "svara") return;
    event.preventDefault();
    const id = "q-" + button.value;
    try {
      const answer = await send("svara", button.value);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = page.getElementById(id), here = document.getElementById(id);
      if (!answer.ok || !told || !here) throw new Error("not told");
      here.replaceWith(told);
      const stages = page.getElementById("delar");
      if (stages) document.getElementById("delar").replaceWith(stages);
      told.tabIndex = -1;
      told.focus({ preventScroll: true });
      told.scrollIntoView({ block: "nearest" });
    } catch {
      const name = document.createElement("input");
      name.type = "hidden"; name.name = "svara"; name.value = button.value;
      form.append(name);
      form.submit();
    }
  });
})();
