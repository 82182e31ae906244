// The opening hall stays live: events tell that something happened, the board is fetched again, one's own panel too.
import { commitmentOf, firstPlace, leafOf } from "./lib/draws.js";
import { serveNonceForms } from "./lib/nonces.js";

const RECONNECT = 5000;
const hall = document.querySelector("[data-hall]");
const board = hall.querySelector("[data-board]");
const panel = hall.querySelector("[data-mine]");
const live = document.querySelector("[data-live]");
const clockAhead = Number(document.documentElement.dataset.at) - Date.now();

let sequence = Number(hall.dataset.sequence);
let timers = [];

function say(kind, text) {
  if (live.dataset.kind === kind) return;
  live.dataset.kind = kind;
  live.querySelector("[data-live-text]").textContent = text;
}

function listen() {
  const source = new EventSource(`${hall.dataset.events}?after=${sequence}`);
  source.onopen = () => say("on", "实时更新中。");
  source.onmessage = (event) => {
    sequence = Math.max(sequence, Number(event.lastEventId));
    refresh();
  };
  source.onerror = () => {
    say("lost", "连接中断，正在重新连接；恢复后自动补上期间的变化，已办的事项不受影响。");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, RECONNECT);
  };
}

// One refresh at a time; what happens meanwhile asks for one more.
let running = null;
let again = false;
function refresh() {
  if (running) {
    again = true;
    return;
  }
  running = Promise.all([refreshBoard(), refreshPanel()]).catch(() => { setTimeout(refresh, RECONNECT); }).finally(() => {
    running = null;
    if (!again) return;
    again = false;
    refresh();
  });
}

async function fragment(url) {
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

async function refreshBoard() {
  const opened = new Set([...board.querySelectorAll("details[open]")].map((one) => one.closest("[data-draw]")?.dataset.draw));
  board.innerHTML = await fragment(hall.dataset.boardUrl);
  for (const one of board.querySelectorAll("[data-draw]")) {
    if (opened.has(one.dataset.draw)) one.querySelector("details").open = true;
  }
  checkDraws();
}

// A form that somebody is filling in stays as it is, as long as its act is still there.
async function refreshPanel() {
  if (!hall.dataset.mineUrl) return;
  const fresh = new DOMParser().parseFromString(await fragment(hall.dataset.mineUrl), "text/html").querySelector("[data-panel]");
  const failed = panel.querySelector("[data-failed]");
  for (const task of fresh.querySelectorAll("[data-task]")) {
    const here = panel.querySelector(`[data-task="${CSS.escape(task.dataset.task)}"]`);
    if (here && isTouched(here) && task.querySelector("form")) task.replaceWith(here);
  }
  const focused = document.activeElement;
  panel.replaceChildren(fresh);
  if (failed) fresh.querySelector("h2").after(failed);
  if (focused && focused !== document.activeElement && panel.contains(focused)) focused.focus();
  wake();
}

function isTouched(task) {
  if (task.contains(document.activeElement) || task.querySelector("form")?.dataset.sent) return true;
  return [...task.querySelectorAll("input:not([type=hidden]), select, textarea")].some((one) =>
    one.type === "file" ? one.files.length
      : one.type === "radio" || one.type === "checkbox" ? one.checked !== one.defaultChecked
        : one.tagName === "SELECT" ? ![...one.options].every((option, index) => option.selected === (option.defaultSelected || (index === 0 && one.selectedIndex === 0)))
          : one.value !== one.defaultValue);
}

// Some acts become possible by the clock alone.
function wake() {
  timers.forEach(clearTimeout);
  timers = [];
  const shown = panel?.querySelector("[data-panel]");
  if (!shown) return;
  for (const moment of (shown.dataset.wakes ?? "").split(" ").filter(Boolean)) {
    const left = Date.parse(moment) - (Date.now() + clockAhead);
    if (left < 24 * 3600_000) timers.push(setTimeout(refresh, Math.max(left, 0) + 500));
  }
  if (shown.dataset.again) timers.push(setTimeout(() => { refreshPanel().catch(() => {}); }, Number(shown.dataset.again) * 1000));
}

async function checkDraws() {
  for (const draw of board.querySelectorAll("[data-draw]:not([data-draw=''])")) {
    for (const cell of draw.querySelectorAll("[data-check-share]")) {
      const { party, commitment, nonce } = cell.dataset;
      if (nonce) verdict(cell, (await commitmentOf(draw.dataset.draw, party, nonce)) === commitment, "与承诺相符");
    }
    const outcome = draw.querySelector("[data-check-outcome]");
    if (!outcome) continue;
    const { seed, size, position, salt, member, leaf } = outcome.dataset;
    const isDrawn = (await firstPlace(seed, Number(size))) === Number(position);
    const isMember = (await leafOf(draw.dataset.draw, salt, member)) === leaf;
    verdict(outcome, isDrawn && isMember, `您的浏览器复算：由种子抽得池中第 ${Number(position) + 1} 号，即 ${member}，相符`);
  }
}

function verdict(place, holds, text) {
  place.textContent = holds ? `✓ ${text}` : "✗ 复算不符，请立即向监督人员报告";
  place.classList.toggle("yg-due-late", !holds);
}

serveNonceForms();
checkDraws().catch(() => {});
wake();
listen();
