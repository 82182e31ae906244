// Passkeys (WebAuthn): [data-passkey="create"] and [data-passkey="get"] forms fetch a credential before they are sent.
// data-options names the element with the server's options, or the address that answers with fresh ones.

const WORDS = {
  NotAllowedError: "没有完成：已取消、超时，或者本机没有可用的通行密钥。",
  InvalidStateError: "这个设备已经添加过了。",
  SecurityError: "当前网址不能使用通行密钥，请用 https:// 和域名打开本站。",
};

for (const form of document.querySelectorAll("form[data-passkey]")) start(form);

function start(form) {
  const status = form.querySelector("[data-status]");
  document.addEventListener("submit", async (event) => {
    if (event.target !== form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    status.dataset.kind = "";
    status.textContent = "请按浏览器的提示操作……";
    try {
      if (!window.PublicKeyCredential) throw new DOMException("", "SecurityError");
      form.querySelector("[data-credential]").value = JSON.stringify(await credentialFor(form));
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      status.dataset.kind = "wrong";
      status.textContent = WORDS[error.name] ?? `没有完成：${error.message}`;
    }
  }, { capture: true });
}

async function credentialFor(form) {
  const given = await optionsOf(form.dataset.options);
  if (form.dataset.passkey === "get") {
    return jsonOf(await navigator.credentials.get({ publicKey: decoded(given.request_options.publicKey) }));
  }
  const options = given.creation_options.publicKey;
  const alone = form.querySelector("[name=passwordless]").checked;
  const selection = { ...options.authenticatorSelection, residentKey: alone ? "required" : "discouraged", requireResidentKey: alone };
  if (alone) selection.userVerification = "required";
  return jsonOf(await navigator.credentials.create({ publicKey: { ...decoded(options), authenticatorSelection: selection } }));
}

async function optionsOf(place) {
  if (place.startsWith("#")) return JSON.parse(document.querySelector(place).textContent);
  const answer = await fetch(place, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error("请求太频繁或网络中断，请稍后重试");
  return answer.json();
}

function decoded(options) {
  const listed = (all) => all?.map((one) => ({ ...one, id: bytesOf(one.id) }));
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytesOf(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: listed(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: listed(options.allowCredentials) }),
  };
}

function jsonOf(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
