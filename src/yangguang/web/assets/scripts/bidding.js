// The bidder's page: sealing and trial decryption by the worker, upload of sealed files with pause and resume.
import { tryOutByHelper } from "./lib/helper.js";
import { serveHolders, usesHelper } from "./lib/holders.js";
import { serverMoment } from "./lib/moment.js";
import { inputsOf, partsOf } from "./lib/sealing_form.js";
import { sendSealed } from "./lib/upload.js";
import { sealingWorker } from "./lib/worker.js";

const uploadSection = document.querySelector("[data-bidding]");
const sealSection = document.querySelector("[data-seal]");
const trialSection = document.querySelector("[data-trial]");
serveHolders();
const send = uploadSection ? uploads(uploadSection) : null;
if (sealSection) sealing(sealSection, send);
if (trialSection) trials(trialSection);

function uploads(section) {
  const form = section.querySelector("[data-upload-form]");
  const meter = section.querySelector("[data-upload-progress]");
  const status = section.querySelector("[data-upload-status]");
  const pause = section.querySelector("[data-pause]");
  const button = form.querySelector("button[type=submit]");
  const token = form.elements.csrfmiddlewaretoken.value;
  let sending = null;

  whenSubmitted(form, () => {
    const file = form.elements["sealed-file"].files[0];
    if (!file) return say(status, "请先选择密封文件（.ygb）。", "wrong");
    start(file, form.elements.act.value);
  });

  function start(file, act) {
    if (sending) return;
    button.disabled = true;
    meter.hidden = false;
    say(status, "正在上传……请不要关闭本页。");
    sending = sendSealed(file, {
      endpoint: section.dataset.uploads, act, token,
      tell: {
        progress: (sent, total) => {
          meter.querySelector("progress").value = sent / total;
          say(status, sent < total ? `已上传 ${size(sent)} / ${size(total)}` : "已全部到达，正在查验、封存……");
        },
        done: (url) => location.assign(`${url}/result/`),
        failed: (refusals, answered) => {
          sending = null;
          button.disabled = false;
          meter.hidden = true;
          show(status, refusals, answered);
        },
      },
    });
  }

  pause.addEventListener("click", () => {
    const paused = pause.dataset.paused === "1";
    if (paused) sending?.go();
    else sending?.pause();
    pause.dataset.paused = paused ? "0" : "1";
    pause.textContent = paused ? "暂停" : "继续上传";
    if (!paused) say(status, "已暂停。已传的部分保留 24 小时。");
  });

  for (const one of section.querySelectorAll("[data-unfinished]")) {
    one.querySelector("[data-drop]")?.addEventListener("click", async () => {
      const headers = { "Tus-Resumable": "1.0.0", "X-CSRFToken": token };
      const answer = await fetch(one.dataset.unfinished, { method: "DELETE", headers }).catch(() => null);
      if (answer?.ok) one.remove();
      else say(status, "没有删除：连接中断，或者文件正在传。请稍后刷新本页再试。", "wrong");
    });
  }
  const bidAct = () => form.querySelector("[name=act]").value; // the first choice is the bid's
  return (file, what) => start(file, what === "bid" ? bidAct() : "record_guarantee");
}

function sealing(section, send) {
  const form = section.querySelector("[data-seal-form]");
  const meter = section.querySelector("[data-seal-progress]");
  const status = section.querySelector("[data-seal-status]");
  const ready = section.querySelector("[data-sealed]");
  const ask = sealingWorker(section);
  const button = form.querySelector("button[type=submit]");
  let sealed = null;

  const what = () => form.elements.what.value;
  form.addEventListener("change", (event) => {
    if (event.target.name !== "what") return;
    for (const one of section.querySelectorAll("[data-for]")) one.hidden = one.dataset.for !== what();
  });
  whenSubmitted(form, async () => {
    if (button.disabled) return;
    ready.hidden = true;
    try {
      const inputs = { ...inputsOf(form, section.dataset), parts: partsOf(form, what(), section.dataset), at: serverMoment().getTime() };
      [button.disabled, meter.hidden] = [true, false];
      say(status, "正在加密……请不要关闭本页。");
      const began = performance.now();
      const { file, manifest } = await ask("seal", inputs, (done, total) => {
        meter.querySelector("progress").value = done / total;
      });
      sealed = { file, what: what() };
      section.dataset.seconds = ((performance.now() - began) / 1000).toFixed(2);
      offer(ready, file, manifest);
      say(status, `已加密并签名（${manifest.suite === "GM" ? "国密" : "国际"}算法，${size(file.size)}）。请上传，并存一份到本机。`, "ok");
    } catch (error) {
      say(status, error.message, "wrong");
    } finally {
      [button.disabled, meter.hidden] = [false, true];
    }
  });
  section.querySelector("[data-send]").addEventListener("click", () => {
    send(sealed.file, sealed.what);
    document.getElementById("upload").scrollIntoView();
  });
}

function offer(ready, file, manifest) {
  const link = ready.querySelector("[data-save]");
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(file);
  link.download = `${manifest.lot}-${manifest.created_at.replace(/\D/g, "")}.ygb`;
  ready.hidden = false;
}

function trials(section) {
  const form = section.querySelector("[data-trial-form]");
  const meter = section.querySelector("[data-trial-progress]");
  const status = section.querySelector("[data-trial-status]");
  const button = form.querySelector("button[type=submit]");
  const ask = sealingWorker(section);

  whenSubmitted(form, async () => {
    const chosen = form.elements["trial-file"].selectedOptions[0];
    if (button.disabled || !chosen) return;
    button.disabled = true;
    try {
      const told = await (usesHelper(form) ? byHelper : inPage)(chosen.dataset);
      const isKept = await tellTrial(section, form, chosen.value, told);
      tellParts(status, told, isKept);
    } catch (error) {
      say(status, error.text ?? error.message, "wrong");
    } finally {
      [button.disabled, meter.hidden] = [false, true];
    }
  });

  function inPage({ url, manifest }) {
    meter.hidden = false;
    say(status, "正在试解密……");
    const certificate = form.elements["trial-certificate"].files[0];
    const inputs = { url: new URL(url, location).href, manifest, certificate, password: form.elements["trial-password"].value };
    return ask("tryOut", inputs, (done, total) => { meter.querySelector("progress").value = done / total; });
  }

  async function byHelper({ url, manifest }) {
    say(status, "正在从平台取回文件，交给投标助手……");
    const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) throw new Error("没有读到平台上的文件：连接中断，或者登录过期。请恢复连接、刷新页面后重试。");
    const file = await answer.blob();
    say(status, "投标助手正在试解密……");
    return tryOutByHelper(file, manifest);
  }
}

async function tellTrial(section, form, sealed, { parts, certificate }) {
  const body = new URLSearchParams({ sealed, certificate, opened: parts.every((one) => !one.problem) ? "yes" : "no" });
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(section.dataset.trial, { method: "POST", body, headers, redirect: "error" }).catch(() => null);
  return Boolean(answer?.ok);
}

function tellParts(status, { parts, certificate, notAfter }, isKept) {
  const until = new Date(notAfter).toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
  const lines = parts.map((one) => one.problem
    ? `${one.part}：打不开。${one.problem}`
    : `${one.part}：能打开，${one.files.map((file) => `${file.name}（${size(file.size)}）`).join("、")}`);
  const good = parts.every((one) => !one.problem);
  const head = good ? `能打开。证书：${certificate}，有效期至 ${until}；请确认开标时仍然有效并在手边。` : `这张证书（${certificate}）不能全部打开：`;
  if (!isKept) lines.push("这次试解密没有记到平台（连接中断或者登录过期），不影响投标；恢复后可以再试一次。");
  status.replaceChildren(...[head, ...lines].map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  status.dataset.kind = good ? "ok" : "wrong";
}

/** The form never leaves the page: its button is disabled until somebody listens. */
function whenSubmitted(form, perform) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    perform();
  }, { capture: true });
  form.querySelector("button[type=submit]").disabled = false;
}

function show(status, refusals, answered) {
  if (!refusals) {
    // An answer that is none of the protocol's is the sign-in page, or a form token from before a new sign-in.
    say(status, answered && answered < 500
      ? "登录已过期，或者本页停留太久。请刷新本页并重新登录，再选择同一文件接着传；已传的部分保留 24 小时。"
      : "上传中断。请检查网络，重新选择同一文件后可以接着传；已传的部分保留 24 小时。", "wrong");
    return;
  }
  status.replaceChildren(...refusals.map((one) => {
    const line = document.createElement("p");
    line.textContent = `${one.reason}。依据：${one.article}。怎么办：${one.remedy}`;
    line.dataset.code = one.code;
    return line;
  }));
  status.dataset.kind = "wrong";
}

function say(status, text, kind = "") {
  status.textContent = text;
  status.dataset.kind = kind;
}

const size = (bytes) => bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
