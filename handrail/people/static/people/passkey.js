// Passkeys: asks the phone or the browser, and posts its answer as an ordinary form. Nothing here runs inline.
//   <form data-passkey="make"> ... options in <script type="application/json" id="passkey-options">
//   <form data-passkey="use">  ... the same, or data-options-url to fetch them when the button is pressed
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const ids = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function make(options) {
    const wanted = options.publicKey;
    const made = await navigator.credentials.create({
      publicKey: {
        ...wanted,
        challenge: bytes(wanted.challenge),
        user: { ...wanted.user, id: bytes(wanted.user.id) },
        excludeCredentials: ids(wanted.excludeCredentials),
      },
    });
    return answer(made, {
      attestationObject: text(made.response.attestationObject),
      clientDataJSON: text(made.response.clientDataJSON),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }

  async function use(options) {
    const wanted = options.publicKey;
    const found = await navigator.credentials.get({
      publicKey: { ...wanted, challenge: bytes(wanted.challenge), allowCredentials: ids(wanted.allowCredentials) },
    });
    const { response } = found;
    return answer(found, {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    });
  }

  const answer = (credential, response) => ({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });

  async function optionsOf(form) {
    const url = form.dataset.optionsUrl;
    if (!url) return JSON.parse(document.getElementById("passkey-options").textContent);
    const reply = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
    if (!reply.ok) throw new Error(String(reply.status));
    return (await reply.json()).request_options;
  }

  // A passkey belongs to a host name: a bare address (a trial on 127.0.0.1) cannot have one.
  if (!window.PublicKeyCredential || /^[\d.]+$|:/.test(location.hostname)) return;
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    const wrong = form.querySelector(".wrong");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (wrong) wrong.hidden = true;
      try {
        const options = await optionsOf(form);
        const credential = form.dataset.passkey === "make" ? await make(options) : await use(options);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch (error) {
        if (wrong) wrong.hidden = false;
      }
    });
  });
})();
