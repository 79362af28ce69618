// Leave, the doorbell, and the strip that says what happened to the signal. Every page works without this file.
(function () {
  "use strict";
  const body = document.body;
  const strip = document.getElementById("strip");

  // --- Leave -------------------------------------------------------------------------------------------------------
  const hide = () => { document.documentElement.hidden = true; };

  function leave() {
    hide();
    location.replace("/leave");
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest || !event.target.closest("[data-leave]")) return;
    event.preventDefault();
    leave();
  });

  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.repeat) return;
    if (event.key !== "Shift") { presses = []; return; }
    presses = presses.filter((at) => event.timeStamp - at < 5000).concat(event.timeStamp);
    if (presses.length >= 3) leave();
  });

  // The browser may bring a page back from memory after Leave: show nothing, ask the server who is here now.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    hide();
    location.reload();
  });

  // --- the cover: a blank page while the phone shows its list of apps. Best effort: some phones take the picture first.
  const root = document.documentElement;
  const uncover = () => root.classList.remove("covered");
  if (!("uncovered" in body.dataset)) {
    document.addEventListener("visibilitychange", () => root.classList.toggle("covered", document.visibilityState === "hidden"));
    window.addEventListener("pagehide", () => root.classList.add("covered"));
    // Whatever was missed, somebody who is here sees their page.
    for (const sign of ["pageshow", "focus", "pointerdown", "keydown"]) window.addEventListener(sign, uncover);
  }

  // --- the strip ---------------------------------------------------------------------------------------------------
  function say(text, good) {
    if (!strip) return;
    strip.textContent = text || "";
    strip.classList.toggle("good", Boolean(good));
  }
  window.handrail = { say, words: strip ? strip.dataset : {} };

  if (strip) {
    const noSignal = () => say(strip.dataset.offline);
    window.addEventListener("offline", noSignal);
    window.addEventListener("online", () => { if (strip.textContent === strip.dataset.offline) say(""); });
    if (navigator.onLine === false) noSignal();
  }

  document.addEventListener("htmx:response:error", (event) => {
    const answer = event.detail.ctx.response.raw;
    if (answer.status === 422) return; // the form comes back with its errors in it
    const type = answer.headers.get("Content-Type") || "";
    if (type.startsWith("text/plain") && event.detail.ctx.text) say(event.detail.ctx.text);
    else if (strip) say(strip.dataset.unsaved);
  });
  document.addEventListener("htmx:error", (event) => {
    const ctx = event.detail.ctx;
    if (strip && ctx && ctx.request && ctx.request.method !== "GET") say(strip.dataset.unsaved);
  });

  // --- the doorbell: "something changed", and the live parts of the page fetch themselves ------------------------------
  let bell = null;
  let wait = 1000;
  let again = null;

  function listen() {
    clearTimeout(again);
    const heard = bell !== null; // not the first time: something may have changed while we could not hear
    bell = new EventSource("/doorbell");
    bell.onopen = () => { wait = 1000; if (heard) ring(); };
    bell.addEventListener("doorbell", ring);
    bell.onerror = () => {
      bell.close();
      again = setTimeout(listen, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, 30000);
    };
  }

  // A part that fetches itself is about to be replaced, and what it is asked meanwhile goes with it: a bell that rings
  // then is heard afterwards.
  const fetching = new Set();
  let rung = false;

  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (ctx.sourceElement.matches('[hx-trigger*="doorbell"]')) fetching.add(ctx);
  });
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    if (fetching.delete(ctx) && !fetching.size && rung) ring();
  });

  function ring() {
    rung = fetching.size > 0;
    if (!rung) body.dispatchEvent(new CustomEvent("doorbell"));
  }

  if (window.EventSource && document.querySelector('[hx-trigger*="doorbell"]')) {
    listen();
    window.addEventListener("online", () => { bell.close(); listen(); });
    window.addEventListener("pagehide", () => { clearTimeout(again); bell.close(); });
  }

  // --- small comforts ------------------------------------------------------------------------------------------------
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();

  // Buttons that only a script can serve are hidden until one is here, and again whenever a live part has fetched itself.
  const able = (button) => "copy" in button.dataset ? navigator.clipboard : "share" in button.dataset ? navigator.share : true;

  function offer() {
    for (const button of document.querySelectorAll("[data-copy],[data-share],[data-print]")) button.hidden = !able(button);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-copy],[data-share],[data-print]");
    if (!button) return;
    const { copy, share, done } = button.dataset;
    if (copy) navigator.clipboard.writeText(copy).then(() => { button.textContent = done; });
    else if (share) navigator.share({ url: share }).catch(() => undefined);
    else window.print();
  });
  document.addEventListener("htmx:after:swap", offer);
  offer();

  // --- help pages for when there is no signal ------------------------------------------------------------------------
  if ("serviceWorker" in navigator && body.dataset.sw) {
    navigator.serviceWorker.register(body.dataset.sw, { scope: "/", updateViaCache: "none" }).catch(() => undefined);
    navigator.serviceWorker.ready.then((worker) => {
      const day = String(Math.floor(Date.now() / 86400000));
      let freshen = true;
      try {
        freshen = localStorage.getItem("fresh") !== day;
        if (freshen) localStorage.setItem("fresh", day);
      } catch (refused) { /* a full or forbidden store: it is asked for at every page then */ }
      worker.active.postMessage({ freshen, country: body.dataset.keep }); // a public page says no country
    }).catch(() => undefined);
  }
})();
