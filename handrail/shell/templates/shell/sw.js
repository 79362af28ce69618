// Keeps the impersonal help pages for when there is no signal, and shows neutral notifications. Nothing else: a page about
// somebody is never stored and never answered from here (KEPT and VERSION are written above by the view).
const STORE = "kept-" + VERSION;

// Without cookies: what is kept cannot be anybody's page, whoever is signed in.
async function fetchKept() {
  const store = await caches.open(STORE);
  await Promise.all(KEPT.pages.concat(KEPT.files).map(async (url) => {
    const answer = await fetch(url, { credentials: "omit", cache: "no-cache", redirect: "error" });
    if (!answer.ok) throw new Error("not kept");
    await store.put(url, answer);
  }));
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

// Phone lines change: app.js asks once a day. When some file cannot be fetched, the old ones stay.
self.addEventListener("message", (event) => {
  if (event.data === "freshen") event.waitUntil(fetchKept().catch(() => undefined));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, url));
  else if (event.request.method === "GET" && KEPT.files.includes(url.pathname)) event.respondWith(file(event.request, url));
});

async function kept(path) {
  return (await caches.open(STORE)).match(path);
}

async function file(request, url) {
  return (await kept(url.pathname)) || fetch(request);
}

async function page(request, url) {
  const isHelp = request.method === "GET" && KEPT.pages.includes(url.pathname);
  try {
    const answer = fetch(request);
    if (!isHelp) return await answer;
    answer.catch(() => undefined); // it may still break after the kept page was shown
    return (await Promise.race([answer, late(3000)])) || (await kept(url.pathname)) || (await answer);
  } catch (broken) {
    return (isHelp && (await kept(url.pathname))) || (await kept("/offline")) || Response.error();
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
