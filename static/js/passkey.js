// Passkeys: asks our server for a question, the device for its answer, and posts that with the form.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const able = window.isSecureContext && "PublicKeyCredential" in window;

function readable(options) {
  const asked = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (asked[list]) asked[list] = asked[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey: asked };
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

async function answer(form) {
  const asking = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
  if (!asking.ok) throw new Error("not asked");
  const options = readable(await asking.json());
  const making = "user" in options.publicKey;
  return told(await (making ? navigator.credentials.create(options) : navigator.credentials.get(options)));
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!able) break;
  form.hidden = false;
  form.nextElementSibling.hidden = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = form.querySelector("[data-passkey-said]");
    said.textContent = "";
    try {
      form.elements.passkey.value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      said.textContent = said.dataset.stopped;
    }
  });
}
