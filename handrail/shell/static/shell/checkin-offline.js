// Forms on a phone without signal. A check-in is kept here and sent later, once; a call for help is never sent late.
//   form[data-keep-offline]  with a hidden `key`: kept in this browser for the person of body[data-owner], and for nobody else
//   form[data-never-late]    shows <template data-offline-lines> (tel: and sms: links) instead of pretending
(function () {
  "use strict";
  if (window.handrail.forms) return; // a page that names this file once more must not send twice
  window.handrail.forms = true;
  const words = window.handrail.words;
  const say = window.handrail.say;
  const owner = document.body.dataset.owner;
  const PATIENCE = 5000; // ms a person waits before we say that it did not go out
  const AGAIN = 30000; // ms until a kept form is tried again while the phone believes it has signal
  const BY_ITSELF = { "By-Itself": "1" }; // no hand is behind it: it keeps no locked app open, and none from locking
  const waiting = new Set();
  const sent = new Set();

  // --- what is kept ------------------------------------------------------------------------------------------------
  function store(mode, work) {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("kept", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "key" });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const moment = opening.result.transaction("forms", mode);
        const asked = work(moment.objectStore("forms"));
        moment.oncomplete = () => { opening.result.close(); resolve(asked.result); };
        moment.onerror = moment.onabort = () => { opening.result.close(); reject(moment.error); };
      };
    });
  }

  function keep(form, submitter) {
    const fields = Array.from(answers(form, submitter)).filter((pair) => typeof pair[1] === "string");
    const about = fields.filter((pair) => pair[0] !== "csrfmiddlewaretoken" && pair[0] !== "answered_at");
    about.push(["answered_at", new Date().toISOString()]);
    const key = form.elements.namedItem("key");
    return store("readwrite", (forms) => forms.put({ key: key.value, owner, action: form.action, fields: about }))
      .then(() => { say(words.kept); later(); form.reset(); key.value = newKey(); }, () => say(words.unsaved));
  }

  // What is typed next into the same page is another check-in: under the old key it would take this one's place.
  function newKey() {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from(crypto.getRandomValues(new Uint32Array(22)), (number) => letters[number % 62]).join("");
  }

  // --- sending it later --------------------------------------------------------------------------------------------
  async function sendKept() {
    if (navigator.onLine === false) return;
    const mine = (await store("readonly", (forms) => forms.getAll())).filter((kept) => kept.owner === owner);
    if (!mine.length) return;
    later();
    const token = await freshToken();
    if (!token) return;
    for (const kept of mine) await sendOne(kept, token);
  }

  // Asks again who is signed in: another tab may have changed that since this page was made.
  async function freshToken() {
    const answer = await fetch(location.pathname === "/today" ? location.href : "/today", { credentials: "same-origin", headers: BY_ITSELF });
    if (!answer.ok) return "";
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!owner || page.body.dataset.owner !== owner) return "";
    return tokenOf(page);
  }

  function tokenOf(page) {
    return JSON.parse(page.body.getAttribute("hx-headers:inherited") || "{}")["X-CSRFToken"] || "";
  }

  async function sendOne(kept, token) {
    const answer = await fetch(kept.action, {
      method: "POST", credentials: "same-origin", body: new URLSearchParams(kept.fields),
      headers: { ...BY_ITSELF, "X-CSRFToken": token, "HX-Request": "true" },
    });
    const settled = answer.ok || answer.status === 409 || answer.status === 422;
    if (!settled) return; // signed out, busy or broken: it stays here and is tried again
    await store("readwrite", (forms) => forms.delete(kept.key));
    say(answer.ok ? words.sent : words.late, answer.ok);
    if (answer.ok) document.body.dispatchEvent(new CustomEvent("kept-sent")); // its form, with its key, has done its work
  }

  let next = 0;
  function later() {
    clearTimeout(next);
    next = setTimeout(sendOnce, AGAIN);
  }

  function sendOnce() {
    const quietly = () => sendKept().catch(() => undefined);
    if (!navigator.locks) return quietly();
    return navigator.locks.request("kept", { ifAvailable: true }, (lock) => (lock ? quietly() : undefined));
  }

  // --- sending it now ----------------------------------------------------------------------------------------------
  function answers(form, submitter) {
    const data = new FormData(form);
    if (submitter && submitter.name) data.append(submitter.name, submitter.value);
    return data;
  }

  // One short question to the server, then the form goes the way it goes without any script.
  function reachable() {
    if (navigator.onLine === false) return Promise.resolve(false);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), PATIENCE);
    return fetch("/offline", { method: "HEAD", cache: "no-store", credentials: "omit", signal: patience.signal })
      .then((answer) => answer.status < 500, () => false)
      .then((yes) => { clearTimeout(timer); return yes; });
  }

  async function submit(form, submitter) {
    if (!(await reachable())) return noSignal(form, submitter);
    sent.add(form);
    if (submitter) submitter.click();
    else form.submit();
    return undefined;
  }

  function notSent(form) {
    const lines = document.querySelector("template[data-offline-lines]");
    say(words.notsent);
    let box = document.getElementById("not-sent");
    if (!box) {
      box = document.createElement("div");
      box.id = "not-sent";
      box.className = "note alarm stack";
      box.tabIndex = -1;
      box.setAttribute("role", "alert");
      form.before(box);
    }
    const said = document.createElement("p");
    said.append(document.createElement("strong"));
    said.firstChild.textContent = words.notsent + " " + words.callnow;
    box.replaceChildren(said);
    if (lines) box.append(lines.content.cloneNode(true));
    box.focus();
  }

  function noSignal(form, submitter) {
    if (form.hasAttribute("data-never-late")) notSent(form);
    else keep(form, submitter);
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-keep-offline],form[data-never-late]")) return;
    if (sent.delete(form)) return; // the second time around: off it goes
    if (navigator.onLine !== false && form.hasAttribute("hx-post")) return; // htmx sends it; see below
    event.preventDefault();
    event.stopImmediatePropagation();
    if (waiting.has(form)) return;
    waiting.add(form);
    submit(form, event.submitter).then(() => waiting.delete(form));
  }, true);

  document.addEventListener("htmx:error", (event) => {
    const source = event.detail.ctx && event.detail.ctx.sourceElement;
    const form = source && source.closest("form[data-keep-offline],form[data-never-late]");
    if (form) noSignal(form, null);
  });

  window.addEventListener("online", sendOnce);
  sendOnce();
})();
