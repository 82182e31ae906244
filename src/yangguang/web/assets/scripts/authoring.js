// The authoring page: saves while one types, and shows the trial and what is found at each field.
const form = document.getElementById("document-form");
const trial = document.getElementById("trial");
const saved = document.getElementById("saved");
const WAIT = 700;
let timer = 0;
let running = false;
let again = false;
let leaves = false;
let sent = null;

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(keep, WAIT);
});
form.addEventListener("change", (event) => {
  if (!event.target.matches("[data-reload]")) return;
  clearTimeout(timer);
  leaves = true;
  keep();
});
// Whoever sends the form while it is being saved would send the revision before that save, and be told of a conflict.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!running) return;
  event.preventDefault();
  event.stopPropagation();
  sent = event.submitter;
});

// One save at a time: the next one carries the revision that the last one was answered with.
async function keep() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  say("正在保存……");
  try {
    const answer = await fetch(form.dataset.typed, { method: "POST", body: new FormData(form), redirect: "error" });
    if (answer.ok) show(await answer.text());
    else if (answer.status === 409) stale(await answer.text());
    else say("没有保存成功，填写的内容还在本页，请稍后再试。", "wrong");
  } catch {
    say("连接中断，填写的内容还在本页；恢复后继续填写即可保存。", "wrong");
  } finally {
    running = false;
    if (sent) {
      form.requestSubmit(sent);
    } else if (again) {
      again = false;
      keep();
    }
  }
}

function show(text) {
  trial.innerHTML = text;
  const piece = trial.querySelector("[data-revision]");
  if (!piece) {
    say("登录已经失效，请在新窗口登录后继续；填写的内容还在本页。", "wrong");
    return;
  }
  form.elements.revision.value = piece.dataset.revision;
  say(piece.dataset.saved, "ok");
  for (const place of form.querySelectorAll("[data-findings-of]")) place.replaceChildren();
  for (const one of trial.querySelectorAll("[data-findings] > [data-for]")) {
    form.querySelector(`[data-findings-of="${CSS.escape(one.dataset.for)}"]`)?.append(...one.childNodes);
  }
  if (leaves) {
    leaves = false;
    location.reload();
  }
}

function stale(text) {
  trial.innerHTML = text;
  say("草稿在别处改过，本页的内容没有覆盖它。请点“保存草稿”查看。", "wrong");
}

function say(text, kind = "") {
  saved.textContent = text;
  saved.dataset.kind = kind;
}
