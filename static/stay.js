// Says that the login is about to end, two minutes before, and lets one stay. Without script nothing is said: answers are kept anyway.
"use strict";
(() => {
  const box = document.querySelector("[data-seconds-left]");
  const WARN = 120000;
  let end, turn;
  const look = () => {
    const left = end - Date.now();
    box.hidden = left > WARN || left <= 0;
    clearTimeout(turn);
    if (left > 0) turn = setTimeout(look, left > WARN ? left - WARN : left);
  };
  const until = (seconds) => { end = Date.now() + 1000 * seconds; look(); };
  const stay = async () => {
    const answer = await fetch("/kvar", { cache: "no-store", redirect: "manual" }).catch(() => null);
    until(answer?.ok ? Number(await answer.text()) : 0);
  };
  box.querySelector("button").addEventListener("click", stay);
  document.addEventListener("keydown", () => { if (!box.hidden) stay(); }); // who types is there
  document.addEventListener("visibilitychange", look); // a telephone that slept has lost its timers
  until(Number(box.dataset.secondsLeft));
})();
