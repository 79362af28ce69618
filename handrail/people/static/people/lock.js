// The app lock on a page that stays open: a sheet goes over it, and what was typed stays beneath until somebody unlocks.
// The server keeps the lock; without this file it comes with the next tap.
(function () {
  "use strict";
  const { minutes, open } = document.currentScript.dataset;
  const root = document.documentElement;
  const AFTER = Number(minutes) * 60000;
  const TOLD_EVERY = Math.min(60000, AFTER / 2);
  const LIVE = { "HX-Request": "true", "Page-Owner": document.body.dataset.owner };
  let used = Date.now();
  let told = used;
  let sheet = null;

  const token = () => JSON.parse(document.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";

  // Reading, typing and scrolling are use, although the server hears nothing of them.
  function use() {
    if (sheet) return;
    used = Date.now();
    if (used - told < TOLD_EVERY) return;
    told = used;
    fetch("/lock/used", { method: "POST", headers: { ...LIVE, "X-CSRFToken": token() } })
      .then((answer) => { if (answer.status > 399 && answer.status < 500) lock(); })
      .catch(() => undefined);
  }

  function lock() {
    if (sheet) return;
    sheet = document.createElement("div");
    sheet.id = "sheet";
    sheet.setAttribute("role", "dialog");
    sheet.setAttribute("aria-modal", "true");
    sheet.setAttribute("aria-label", open);
    const way = document.createElement("a");
    way.className = "btn";
    way.href = "/lock?next=" + encodeURIComponent(location.pathname + location.search);
    way.textContent = open;
    sheet.append(way);
    for (const part of document.body.children) if (!part.matches(".top")) part.inert = true;
    document.body.append(sheet);
    root.classList.add("locked");
    ask();
  }

  function lift() {
    sheet.remove();
    sheet = null;
    used = told = Date.now();
    root.classList.remove("locked");
    for (const part of document.body.children) part.inert = false;
  }

  // Only "204: it is open, and this page is theirs" lifts the sheet. Another tab may have ended the session or opened
  // another account: then the page beneath is not for whoever holds the phone now, and we leave it. While the server
  // itself is down the sheet stays, and so does what was typed.
  function ask(sent) {
    fetch("/lock", { headers: LIVE, ...sent })
      .then(async (answer) => {
        const form = !answer.redirected && (sent ? answer.status === 422 : answer.status === 200);
        const elsewhere = answer.headers.get("HX-Redirect");
        if (answer.status === 204 && !elsewhere) lift();
        else if (form) show(await answer.text());
        else if (answer.status < 500) location.replace(elsewhere || "/lock");
      })
      .catch(() => undefined);
  }

  function show(form) {
    sheet.innerHTML = form;
    const field = sheet.querySelector(".bad input") || sheet.querySelector("input:not([type=hidden])");
    if (field) field.focus();
  }

  document.addEventListener("submit", (event) => {
    if (!sheet || !event.target.matches("[data-unlock]")) return;
    event.preventDefault();
    ask({ method: "POST", body: new URLSearchParams(new FormData(event.target)) });
  });

  const look = () => { if (Date.now() - used >= AFTER) lock(); };
  for (const sign of ["pointerdown", "keydown", "scroll", "input"]) window.addEventListener(sign, use, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", look);
  setInterval(look, 2000);
})();
