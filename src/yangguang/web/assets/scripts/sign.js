// The sign panel of act pages: signs every paper that waits, in the page, and fills in #signatures.
import { fromBase64, openCertificate, problemsOf, serverMoment, textOf } from "./lib/certificate.js";

const panel = document.querySelector("[data-sign-panel]");
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
    say("正在签名……");
    try {
      const { holder, signatures } = await signAll(fieldset, file.files[0], password.value);
      field.value = JSON.stringify(signatures);
      done = true;
      password.value = "";
      say(`已签名：${nameOf(holder.certificate)}，共 ${Object.keys(signatures).length} 份文件。请点“确认办理”。`, "ok");
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
    say("请先选择证书并签名，再确认办理。", "wrong");
    file.focus();
  }, { capture: true });
  // The page comes with its submit button disabled: whoever is quicker than this script would send nothing signed.
  submit.disabled = false;
}

async function signAll(fieldset, file, password) {
  const holder = await openCertificate(file, password);
  try {
    const [problem] = problemsOf(holder.certificate, { at: serverMoment(), organisation: fieldset.dataset.organisation ?? "" });
    if (problem) throw problem;
    const signatures = {};
    for (const one of fieldset.querySelectorAll("[data-to-sign]")) {
      signatures[one.dataset.toSign] = await holder.sign(fromBase64(one.dataset.statement));
    }
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
