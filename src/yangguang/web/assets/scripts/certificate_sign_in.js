// Certificate sign-in: fetch a challenge, have it signed in the page or by the helper, send the answer.
import { CertificateProblem, openCertificate, problemsOf, serverMoment, textOf } from "./lib/certificate.js";
import { openHelper } from "./lib/helper.js";
import { serveHolders, usesHelper } from "./lib/holders.js";

const FIVE_MINUTES = 300_000;
const form = document.querySelector("[data-certificate-sign-in]");
serveHolders();
if (form) start();

function start() {
  const status = form.querySelector("[data-status]");
  const say = (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
  let busy = false;
  document.addEventListener("submit", async (event) => {
    if (event.target !== form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (busy) return;
    busy = true;
    say(usesHelper(form) ? "请在投标助手的窗口里核对并同意……" : "正在核对证书并签名……");
    try {
      await answer();
      say("已签名，正在登录……");
      HTMLFormElement.prototype.submit.call(form);
    } catch (error) {
      say(textOf(error) + skew(), "wrong");
      busy = false;
    }
  }, { capture: true });
  form.querySelector("button[type=submit]").disabled = false;
  window.addEventListener("pageshow", () => {
    busy = false;
    say(skew().trim());
  });
}

async function answer() {
  const [file, password] = ["certificate", "certificate-password"].map((id) => document.getElementById(id));
  const holder = usesHelper(form) ? await openHelper() : await openCertificate(file.files[0], password.value);
  try {
    const [problem] = problemsOf(holder.certificate, { at: serverMoment() });
    if (problem) throw problem;
    const { nonce, statement } = await challenge();
    form.elements.nonce.value = nonce;
    const [signature] = await holder.signAll([new TextEncoder().encode(statement)]);
    form.elements.signature.value = JSON.stringify(signature);
  } finally {
    holder.close();
  }
}

async function challenge() {
  const given = new FormData();
  given.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  const reply = await fetch(form.dataset.challenge, { method: "POST", body: given }).catch(() => null);
  if (!reply?.ok) {
    throw new CertificateProblem("challenge.none", ["没有取得登录挑战：网络中断，或者页面停留太久", "请刷新页面后重试。"]);
  }
  const made = await reply.json();
  // a page under another name must not pass on what our server would take for its own
  if (made.statement.split("\n")[1] !== location.origin) {
    throw new CertificateProblem("challenge.origin", ["登录挑战不是发给当前网址的", "请核对浏览器地址栏，从中心官方网址进入。"]);
  }
  return made;
}

/** A hint when this computer's clock is far off; nothing depends on it, but people look for the reason there. */
function skew() {
  const off = Math.abs(Date.now() - serverMoment().getTime());
  return off > FIVE_MINUTES ? ` 提示：本机时钟与服务器相差约 ${Math.round(off / 60_000)} 分钟；平台以服务器时间为准。` : "";
}
