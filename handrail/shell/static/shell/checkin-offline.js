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
    const without = lacking(form);
    if (without) return ask(without);
    const fields = Array.from(answers(form, submitter)).filter((pair) => typeof pair[1] === "string");
    const about = fields.filter((pair) => pair[0] !== "csrfmiddlewaretoken");
    if (!form.elements.namedItem("answered_at")) about.push(["answered_at", new Date().toISOString()]);
    const key = form.elements.namedItem("key");
    return store("readwrite", (forms) => forms.put({ key: key.value, owner, action: form.action, fields: about, said: said(form) }))
      .then(() => { say(words.kept); later(); empty(form); return show(); }, () => say(words.unsaved));
  }

  function empty(form) {
    form.reset();
    form.elements.namedItem("key").value = newKey();
    for (const added of form.querySelectorAll("[data-added]")) added.remove();
  }

  // A question that must be answered and was not. The server would send such a form back, so it is not kept as if it were whole.
  function lacking(form) {
    return Array.from(form.querySelectorAll("fieldset[data-needed]")).find((asked) => !asked.querySelector(":checked"));
  }

  function ask(asked) {
    const first = asked.querySelector("input");
    let wrong = asked.querySelector(".wrong");
    if (!wrong) {
      wrong = document.createElement("p");
      wrong.className = "wrong";
      wrong.id = first.id + "_error";
      wrong.setAttribute("role", "alert");
      asked.setAttribute("aria-describedby", wrong.id);
      asked.querySelector("legend").after(wrong);
    }
    wrong.textContent = asked.dataset.needed;
    first.focus();
  }

  document.addEventListener("change", (event) => {
    const asked = event.target.closest("fieldset[data-needed]");
    const answered = asked && asked.querySelector(".wrong[role=alert]");
    if (answered) answered.remove();
  });

  // Every question that was answered, in the words that stood on the page: [["How are you right now?", "Low"], ...]
  function said(form) {
    return Array.from(form.elements).filter((field) => field.labels && field.labels.length && field.value).flatMap((field) => {
      const picked = field.type === "radio" || field.type === "checkbox";
      if (picked && !field.checked) return [];
      const question = (picked && field.closest("fieldset") && field.closest("fieldset").querySelector("legend")) || field.labels[0];
      return [[question.firstChild.textContent.trim(), picked ? field.labels[0].textContent.trim() : field.value]];
    });
  }

  // What is typed next into the same page is another check-in: under the old key it would take this one's place.
  function newKey() {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    return Array.from(crypto.getRandomValues(new Uint32Array(22)), (number) => letters[number % 62]).join("");
  }

  // --- sending it later --------------------------------------------------------------------------------------------
  async function sendKept() {
    if (navigator.onLine === false) return;
    const mine = (await store("readonly", (forms) => forms.getAll())).filter((kept) => kept.owner === owner && !kept.trouble);
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
    if (answer.status === 422 || answer.status === 409) return setAside(kept, answer.status === 409 ? "late" : "unfinished");
    if (!answer.ok) return undefined; // signed out, busy or broken: it stays here and is tried again
    await store("readwrite", (forms) => forms.delete(kept.key));
    say(words.sent, true);
    document.body.dispatchEvent(new CustomEvent("kept-sent")); // its form, with its key, has done its work
    return undefined;
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

  // --- what the server could not take: it stays, and only its person lets it go ----------------------------------------
  async function setAside(kept, trouble) {
    await store("readwrite", (forms) => forms.put({ ...kept, trouble }));
    say(words[trouble]);
    await show();
  }

  async function letGo(key) {
    await store("readwrite", (forms) => forms.delete(key));
    await show();
  }

  async function show() {
    const template = document.querySelector("template[data-kept]");
    if (!template) return;
    const all = (await store("readonly", (forms) => forms.getAll())).filter((kept) => kept.owner === owner && kept.trouble);
    const main = document.getElementById("main");
    for (const box of main.querySelectorAll("[data-aside]")) box.remove();
    for (const kept of all) main.prepend(boxOf(kept, template.content.firstElementChild.cloneNode(true)));
    const asked = all.find((kept) => location.hash === "#" + kept.key);
    if (asked) mend(asked);
  }

  function boxOf(kept, box) {
    const typed = new Map(kept.fields);
    box.dataset.aside = kept.trouble;
    for (const part of box.querySelectorAll("[data-if]")) if (part.dataset.if !== kept.trouble) part.remove();
    const when = new Date(typed.get("answered_at"));
    box.querySelector("[data-when]").textContent = when.toLocaleString(document.documentElement.lang, { dateStyle: "full", timeStyle: "short" });
    const answered = kept.said || kept.fields.filter((pair) => pair[0] !== "key" && pair[0] !== "answered_at");
    box.querySelector("[data-said]").append(...answered.map((pair) => {
      const line = document.createElement("li");
      line.textContent = pair.join(" ");
      return line;
    }));
    const mends = box.querySelector("[data-mend]");
    if (mends) mends.addEventListener("click", () => mend(kept));
    box.querySelector("[data-drop]").addEventListener("click", () => letGo(kept.key));
    return box;
  }

  // Back into its own form, on the page that has it, as of the moment when it was typed.
  function mend(kept) {
    const form = Array.from(document.querySelectorAll("form[data-keep-offline]")).find((each) => each.action === kept.action);
    if (!form) { location.href = kept.action + "#" + kept.key; return; }
    if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    empty(form);
    for (const [name, value] of kept.fields) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
      else form.append(added(name, value));
    }
    const without = lacking(form);
    if (without) ask(without);
    else form.scrollIntoView();
  }

  function added(name, value) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    field.dataset.added = "";
    return field;
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

  // Saved after all, by its person's own hand.
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    const form = sourceElement && sourceElement.closest("form[data-keep-offline]");
    if (form && response && response.raw.ok) letGo(form.elements.namedItem("key").value).catch(() => undefined);
  });

  window.addEventListener("online", sendOnce);
  show().catch(() => undefined);
  sendOnce();
})();
