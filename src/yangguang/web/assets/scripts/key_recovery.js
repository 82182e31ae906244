// 解密: the panel of templates/bidding/key_recovery.html, wherever it stands and whenever it appears. Inside of a form
// with the hidden fields release_text and guarantee_release_text it fills them in and sends the form; elsewhere it
// offers the key files for saving.
import { releaseByHelper } from "./lib/helper.js";
import { serveHolders, usesHelper } from "./lib/holders.js";
import { serverMoment } from "./lib/moment.js";
import { workerAt } from "./lib/worker.js";

const FIELDS = { bid: "release_text", guarantee: "guarantee_release_text" };
const NAMES = { bid: "投标文件密钥.json", guarantee: "保证金密钥.json" };
let ask = null;

serveHolders();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-recover]");
  if (!button || button.disabled) return;
  const panel = button.closest("[data-key-recovery]");
  const say = speaker(panel.querySelector("[data-recovery-status]"));
  button.disabled = true;
  say(usesHelper(panel) ? "请在投标助手的窗口里核对并同意……" : "正在解出密钥并签名……");
  try {
    ask ??= workerAt(panel.dataset.worker);
    const releases = await (usesHelper(panel) ? recoverByHelper : recover)(panel);
    const form = panel.closest("form");
    if (form?.elements.release_text) hand(form, releases, say);
    else offer(panel, releases, say);
  } catch (error) {
    say(error.text ?? error.message, "wrong");
  } finally {
    button.disabled = false;
  }
});

// Enter in the password field opens instead of sending a form without keys.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.("[data-recovery-password]")) return;
  event.preventDefault();
  event.target.closest("[data-key-recovery]").querySelector("[data-recover]").click();
});

async function recover(panel) {
  const file = (name) => panel.querySelector(`[data-recovery-${name}]`).files[0];
  const password = panel.querySelector("[data-recovery-password]").value;
  const common = { certificate: file("certificate"), encryption: file("encryption"), password, at: serverMoment().getTime() };
  const releases = {};
  for (const kind of kindsOf(panel)) {
    releases[kind] = new TextDecoder().decode(await ask("release", { url: urlOf(panel, kind), ...common }));
  }
  return releases;
}

async function recoverByHelper(panel) {
  const kinds = kindsOf(panel);
  const files = [];
  for (const kind of kinds) files.push(await ask("heads", { url: urlOf(panel, kind) }));
  const texts = await releaseByHelper(files);
  return Object.fromEntries(kinds.map((kind, index) => [kind, texts[index]]));
}

const kindsOf = (panel) => Object.keys(FIELDS).filter((kind) => panel.dataset[kind]);
const urlOf = (panel, kind) => new URL(panel.dataset[kind], location).href;

function hand(form, releases, say) {
  for (const [kind, text] of Object.entries(releases)) form.elements[FIELDS[kind]].value = text;
  say("密钥已签名，正在交给平台……", "ok");
  form.requestSubmit();
}

function offer(panel, releases, say) {
  say("密钥文件已签名。请在开标大厅的解密时间内交出；交出之前请妥善保管，持有它的人可以打开您的投标文件。", "ok");
  const status = panel.querySelector("[data-recovery-status]");
  for (const [kind, text] of Object.entries(releases)) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = NAMES[kind];
    link.textContent = `保存${NAMES[kind]}`;
    link.className = "btn btn-outline-primary me-2";
    status.append(document.createElement("br"), link);
  }
}

function speaker(status) {
  return (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
}
