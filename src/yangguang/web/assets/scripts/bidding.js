// The bidder's page: upload of sealed files, with pause and resume.
import { sendSealed } from "./lib/upload.js";

const section = document.querySelector("[data-bidding]");
if (section) uploads(section);

function uploads(section) {
  const form = section.querySelector("[data-upload-form]");
  const meter = section.querySelector("[data-upload-progress]");
  const status = section.querySelector("[data-upload-status]");
  const pause = section.querySelector("[data-pause]");
  const button = form.querySelector("button[type=submit]");
  const token = form.elements.csrfmiddlewaretoken.value;
  let sending = null;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const file = form.elements["sealed-file"].files[0];
    if (sending) return;
    if (!file) return say(status, "请先选择密封文件（.ygb）。", "wrong");
    start(file);
  }, { capture: true });

  function start(file) {
    button.disabled = true;
    meter.hidden = false;
    say(status, "正在上传……请不要关闭本页。");
    sending = sendSealed(file, {
      endpoint: section.dataset.uploads, act: form.elements.act.value, token,
      tell: {
        progress: (sent, total) => {
          meter.querySelector("progress").value = sent / total;
          say(status, sent < total ? `已上传 ${size(sent)} / ${size(total)}` : "已全部到达，正在查验、封存……");
        },
        done: (url) => location.assign(`${url}/result/`),
        failed: (refusals, url) => {
          sending = null;
          button.disabled = false;
          meter.hidden = true;
          show(status, refusals, url);
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
      const answer = await fetch(one.dataset.unfinished, { method: "DELETE", headers });
      if (answer.ok) one.remove();
    });
  }
}

function show(status, refusals, url) {
  if (!refusals) {
    say(status, "上传中断。请检查网络，重新选择同一文件后可以接着传。", "wrong");
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
