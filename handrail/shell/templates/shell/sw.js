// Keeps the impersonal help pages for when there is no signal, and shows neutral notifications. Nothing else: a page about
// somebody is never stored and never answered from here (KEPT and VERSION are written above by the view).
const STORE = "kept-" + VERSION;

const OFFLINE = "/offline";
const HELP = KEPT.pages.filter((path) => path !== OFFLINE);
const OTHERS = KEPT.countries.map((country) => "?country=" + country);

// Without cookies: what is kept cannot be anybody's page, whoever is signed in.
async function fetchAs(name, address) {
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache", redirect: "error" });
  if (!answer.ok) throw new Error("not kept");
  await (await caches.open(STORE)).put(name, answer);
}

// `own`: "?country=GB" where that is the country of this phone's person, "" for the install's, nothing: as it was.
async function fetchKept(own) {
  const theirs = own === undefined ? await ownCountry() : own;
  const others = await keptCountries();
  if (OTHERS.includes(theirs)) others.add(theirs);
  // What only some need must not keep the rest from everybody; it is asked for again at the next page.
  await Promise.allSettled(Array.from(others, fetchHelp));
  await Promise.all([fetchHelp(""), fetchAs(OFFLINE, OFFLINE + theirs), ...KEPT.files.map((path) => fetchAs(path, path))]);
}

function fetchHelp(country) {
  return Promise.all(HELP.map((path) => fetchAs(path + country, path + country)));
}

// In every store: a worker that is new takes over from the one before what was kept for this phone.
async function keptCountries() {
  const found = new Set();
  for (const name of await caches.keys()) {
    for (const asked of await (await caches.open(name)).keys()) found.add(new URL(asked.url).search);
  }
  return new Set(OTHERS.filter((country) => found.has(country)));
}

// Where the links of the kept page "No signal" lead.
async function ownCountry() {
  const page = await caches.match(OFFLINE);
  return page ? new URL(page.url).search : "";
}

async function keepOwn(country) {
  if ((await ownCountry()) !== country || !(await isKept(country))) await fetchKept(country);
}

async function keepAsked(country) {
  if (!(await isKept(country))) await fetchHelp(country);
}

async function isKept(country) {
  return (await Promise.all(HELP.map((path) => kept(path + country)))).every(Boolean);
}

self.addEventListener("install", (event) => {
  event.waitUntil(fetchKept().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
    await self.clients.claim();
  })());
});

// Phone lines change: app.js asks once a day. When some file cannot be fetched, the old ones stay. It says at each page which
// country its person chose, so that what could not be fetched today is there tomorrow.
self.addEventListener("message", (event) => {
  const { freshen, country } = event.data || {};
  const own = country === "" || OTHERS.includes(country) ? country : undefined;
  if (freshen) event.waitUntil(fetchKept(own).catch(() => undefined));
  else if (own !== undefined) event.waitUntil(keepOwn(own).catch(() => undefined));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, url));
  else if (event.request.method === "GET" && KEPT.files.includes(url.pathname)) event.respondWith(file(event.request, url));
});

async function kept(name) {
  return (await caches.open(STORE)).match(name);
}

// "?country=GB", or nothing where the server shows the install's own. As it reads it: the last one counts, in small letters too.
function countryOf(url) {
  const said = "?country=" + (url.searchParams.getAll("country").pop() || "").toUpperCase();
  return OTHERS.includes(said) ? said : "";
}

async function file(request, url) {
  return (await kept(url.pathname)) || fetch(request);
}

// A help page is kept under its path and its country: better none than the phone numbers of another one.
async function page(event, url) {
  const isHelp = event.request.method === "GET" && KEPT.pages.includes(url.pathname);
  const country = isHelp ? countryOf(url) : "";
  try {
    const answer = fetch(event.request);
    if (!isHelp) return await answer;
    const asked = answer.then((good) => (good.ok && country ? keepAsked(country) : undefined));
    event.waitUntil(asked.catch(() => undefined)); // it may still break after the kept page was shown
    return (await Promise.race([answer, late(3000)])) || (await kept(url.pathname + country)) || (await answer);
  } catch (broken) {
    return (isHelp && (await kept(url.pathname + country))) || (await kept(OFFLINE)) || Response.error();
  }
}

function late(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, undefined));
}

// The same words for every notification: they stand on a locked screen and in the phone's own history.
self.addEventListener("push", (event) => {
  let sent = {};
  try { sent = event.data.json() || {}; } catch (unreadable) { sent = {}; }
  const shown = self.registration.showNotification(KEPT.title, {
    body: KEPT.body, icon: KEPT.icon, badge: KEPT.icon, tag: "update", renotify: true, data: { link: ownPath(sent.link) },
  });
  event.waitUntil(shown.then(() => onPhone(sent.seen)));
});

// Only now may the screen of the person who waits say "on phone".
function onPhone(address) {
  if (typeof address !== "string" || !/^\/push\/seen\/[\w-]{10,200}$/.test(address)) return undefined;
  return fetch(address, { method: "POST", credentials: "omit", keepalive: true }).catch(() => undefined);
}

function ownPath(link) {
  if (typeof link !== "string") return KEPT.home;
  try {
    const url = new URL(link, self.location.origin);
    if (url.origin === self.location.origin) return url.pathname + url.search + url.hash;
  } catch (nonsense) { /* falls through to the first page */ }
  return KEPT.home;
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = ownPath((event.notification.data || {}).link);
  event.waitUntil((async () => {
    for (const open of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
      try {
        const gone = await open.navigate(link);
        if (gone) return gone.focus();
      } catch (elsewhere) { /* a page we may not steer: open a new one */ }
    }
    return self.clients.openWindow(link);
  })());
});
