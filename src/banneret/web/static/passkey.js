// A form with `data-passkey` holds what a browser is to make or show, as JSON. Its button asks for it and sends the answer along.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const listed = (held) => (held ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

function ask(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (!options.user) {
    publicKey.allowCredentials = listed(options.allowCredentials);
    return navigator.credentials.get({ publicKey });
  }
  publicKey.user = { ...options.user, id: bytes(options.user.id) };
  publicKey.excludeCredentials = listed(options.excludeCredentials);
  return navigator.credentials.create({ publicKey });
}

function written({ id, rawId, type, response, authenticatorAttachment }) {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const found = parts.filter((name) => response[name]).map((name) => [name, text(response[name])]);
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, response: Object.fromEntries(found) });
}

function why(error) {
  if (error.name === "InvalidStateError") return "This device holds a passkey of yours already.";
  if (error.name === "SecurityError") return "This address cannot have passkeys: they need a host's name, not a number.";
  return "No passkey was shown. Try it again, or take another way.";
}

if (window.PublicKeyCredential) document.querySelector("[data-without]")?.remove();

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const said = form.querySelector("[data-said]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      form.elements.Credential.value = written(await ask(JSON.parse(form.dataset.passkey)));
      form.submit();
    } catch (error) {
      said.textContent = why(error);
    }
  });
}
