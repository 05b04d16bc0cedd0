// The author's preview: a page asks for the latest version until it is another than its own, and is then loaded again.
"use strict";
(() => {
  const shown = document.currentScript.dataset;
  const latest = async () => {
    const answer = await fetch("/version", { cache: "no-store" });
    return answer.ok ? answer.text() : shown.version;
  };
  const look = async () => {
    const version = await latest().catch(() => shown.version);
    if (version === shown.version) setTimeout(look, 1000);
    else if (shown.method === "GET") location.reload();
    else location.replace(location.pathname); // to load a sent form's answers again would ask whether to send it again
  };
  setTimeout(look, 1000);
})();
