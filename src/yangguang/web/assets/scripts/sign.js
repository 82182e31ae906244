// The sign panel of act pages: has every paper that waits signed, in the page or by the helper, and fills in #signatures.
import { fromBase64, openCertificate, problemsOf, serverMoment, textOf } from "./lib/certificate.js";
import { openHelper } from "./lib/helper.js";
import { serveHolders, usesHelper } from "./lib/holders.js";

const panel = document.querySelector("[data-sign-panel]");
serveHolders();
if (panel) start(panel);

function start(fieldset) {
  const form = fieldset.closest("form");
  const [file, password] = ["certificate", "certificate-password"].map((id) => document.getElementById(id));
  const button = fieldset.querySelector("[data-sign]");
  const submit = form.querySelector("button[type=submit]");
  const field = document.getElementById("signatures");
  const say = speaker(fieldset.querySelector("[data-sign-status]"));
  let done = false;

  button.addEventListener("click", async () => {
    if (button.disabled) return;
    button.disabled = true;
    say(usesHelper(fieldset) ? "请在投标助手的窗口里核对并同意……" : "正在签名……");
    try {
      const { holder, signatures } = await signAll(fieldset, file.files[0], password.value);
      field.value = JSON.stringify(signatures);
      done = true;
      password.value = "";
      say(`已签名：${nameOf(holder.certificate)}，共 ${Object.keys(signatures).length} 份文件。请点“${submit.textContent.trim()}”。`, "ok");
      submit.focus();
    } catch (error) {
      done = false;
      field.value = "{}";
      say(textOf(error), "wrong");
    } finally {
      button.disabled = false;
    }
  });
  // Enter in the password field signs instead of sending the form, and nothing is sent unsigned.
  password.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    button.click();
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== form || done) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    say(`请先选择证书并签名，再点“${submit.textContent.trim()}”。`, "wrong");
    (usesHelper(fieldset) ? button : file).focus();
  }, { capture: true });
  // The page comes with its buttons disabled: whoever is quicker than this script would send nothing signed.
  button.disabled = false;
  submit.disabled = false;
}

async function signAll(fieldset, file, password) {
  const holder = usesHelper(fieldset) ? await openHelper() : await openCertificate(file, password);
  try {
    const [problem] = problemsOf(holder.certificate, { at: serverMoment(), organisation: fieldset.dataset.organisation ?? "" });
    if (problem) throw problem;
    const waiting = [...fieldset.querySelectorAll("[data-to-sign]")];
    const signed = await holder.signAll(waiting.map((one) => fromBase64(one.dataset.statement)));
    const signatures = Object.fromEntries(waiting.map((one, index) => [one.dataset.toSign, signed[index]]));
    return { holder, signatures };
  } finally {
    holder.close();
  }
}

function speaker(status) {
  return (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
}

const nameOf = (certificate) => certificate.organisationName || certificate.commonName;
