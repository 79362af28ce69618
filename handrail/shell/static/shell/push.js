// "Tell me on this phone": <form method="post" action="..."><button data-push-subscribe data-key="VAPID key" hidden>.
// Posts the browser's subscription as JSON; words for what happened stand in the button's data attributes.
(function () {
  "use strict";
  const button = document.querySelector("[data-push-subscribe]");
  if (!button) return;
  const said = document.querySelector("[data-push-says]");
  const tell = (text) => { if (said && text) said.textContent = text; };

  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    tell(button.dataset.unsupported);
    return;
  }
  button.hidden = false;

  function bytes(key) {
    const text = atob(key.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (key.length % 4)) % 4));
    return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }

  async function subscribe() {
    if ((await Notification.requestPermission()) !== "granted") return tell(button.dataset.denied);
    const worker = await navigator.serviceWorker.ready;
    const old = await worker.pushManager.getSubscription();
    if (old) await old.unsubscribe(); // it may belong to somebody else who used this phone
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true, applicationServerKey: bytes(button.dataset.key),
    });
    const token = JSON.parse(document.body.getAttribute("hx-headers:inherited"))["X-CSRFToken"];
    const answer = await fetch(button.form.action, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(subscription),
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    });
    if (!answer.ok) throw new Error("not saved");
    location.reload();
    return undefined;
  }

  button.addEventListener("click", (event) => {
    event.preventDefault();
    button.disabled = true;
    subscribe().catch(() => tell(button.dataset.broken)).then(() => { button.disabled = false; });
  });
})();
