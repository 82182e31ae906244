// Sheets save as they are typed. What could not be saved stays in the form, is said, and is tried again.
import { follow } from "./lib/live_page.js";

const PAUSE = 700;
const AGAIN = 4000;
const state = new WeakMap();

const token = (form) => form.elements.csrfmiddlewaretoken.value;

function valuesOf(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrfmiddlewaretoken" && typeof value === "string") values[name] = value;
  }
  return values;
}

function say(form, text, kind = "") {
  const place = form.querySelector("[data-saved]");
  place.textContent = text;
  place.dataset.kind = kind;
}

async function save(form) {
  const mine = state.get(form);
  if (mine.running) {
    mine.again = true;
    return;
  }
  mine.running = true;
  mine.again = false;
  try {
    const answer = await fetch(form.dataset.sheet, {
      method: "POST", credentials: "same-origin", redirect: "error",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(form) }, body: JSON.stringify(valuesOf(form)),
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      say(form, told.reason ?? "没有保存，请刷新本页后核对。", "lost");
      return;
    }
    const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour12: false, timeStyle: "medium" });
    say(form, `底稿已保存 ${clock.format(new Date(told.saved))}，尚未提交。`);
  } catch {
    say(form, "连接中断，还没有保存；填写的内容仍在本页，正在重试。", "lost");
    setTimeout(() => save(form), AGAIN);
  } finally {
    mine.running = false;
    if (mine.again) save(form);
  }
}

function watch(place) {
  for (const form of place.querySelectorAll("form[data-sheet]")) {
    if (state.has(form)) continue;
    state.set(form, { running: false, again: false, timer: 0 });
    form.addEventListener("input", () => {
      const mine = state.get(form);
      clearTimeout(mine.timer);
      say(form, "正在保存……");
      mine.timer = setTimeout(() => save(form), PAUSE);
    });
    form.addEventListener("submit", () => clearTimeout(state.get(form).timer));
  }
}

watch(document);
follow(watch);
