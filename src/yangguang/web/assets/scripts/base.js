// What every page does: the server's clock, countdowns, and forms that are sent once and not into a dead line.
const served = Number(document.documentElement.dataset.at);
const offset = served ? served - Date.now() : 0;
const serverNow = () => Date.now() + offset;

const twoDigits = (number) => String(number).padStart(2, "0");

function clockText(milliseconds) {
  const parts = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai", hour12: false, hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  return parts.format(new Date(milliseconds));
}

function leftText(milliseconds) {
  const english = document.documentElement.lang === "en";
  if (milliseconds <= 0) return english ? "time is up" : "已到时间";
  const seconds = Math.floor(milliseconds / 1000);
  const days = Math.floor(seconds / 86400);
  const rest = `${twoDigits(Math.floor(seconds / 3600) % 24)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  if (english) return days ? `${days} days ${rest} left` : `${rest} left`;
  return days ? `还有 ${days} 天 ${rest}` : `还有 ${rest}`;
}

function tick() {
  const now = serverNow();
  for (const one of document.querySelectorAll("[data-server-clock]")) one.textContent = clockText(now);
  for (const one of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(one.dataset.until) - now;
    one.textContent = leftText(left);
    one.classList.toggle("yg-due-late", left < 3600_000);
  }
}

tick();
setInterval(tick, 1000);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine && form.method === "post") {
    event.preventDefault();
    tell(form.querySelector("button[type=submit]") ?? form.lastElementChild, "连接中断，没有提交，填写的内容仍在本页。请恢复网络连接后再提交一次。");
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

window.addEventListener("online", () => document.querySelectorAll("[data-told]").forEach((one) => one.remove()));

// A file that the server would refuse for its size is not sent at all.
document.addEventListener("change", (event) => {
  const { files, dataset } = event.target;
  if (!files?.length || !dataset.most) return;
  const megabytes = (bytes) => `${(bytes / (1 << 20)).toFixed(1)} MB`;
  const large = [...files].find((one) => one.size > Number(dataset.most));
  event.target.parentElement.querySelector("[data-told]")?.remove();
  if (!large) return;
  event.target.value = "";
  tell(event.target, `“${large.name}”${megabytes(large.size)}，超过上限 ${megabytes(Number(dataset.most))}，没有选用（依据：平台规则：上传文件）。请压缩或者拆分后再选。`);
});

/** Say something after an element, in place of what was said there before. */
function tell(element, text) {
  element.parentElement.querySelector("[data-told]")?.remove();
  const said = Object.assign(document.createElement("p"), { className: "yg-refusal mt-2 mb-0", textContent: text });
  said.setAttribute("role", "alert");
  said.dataset.told = "1";
  element.after(said);
}

for (const opener of document.querySelectorAll("[data-toggle]")) {
  opener.addEventListener("click", () => {
    const target = document.getElementById(opener.dataset.toggle);
    const open = target.classList.toggle("show");
    opener.setAttribute("aria-expanded", String(open));
  });
}

const first = document.querySelector("[data-error-summary]");
if (first) first.focus();
