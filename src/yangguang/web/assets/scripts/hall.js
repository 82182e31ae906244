// The opening hall stays live: events tell that something happened, the board is fetched again, one's own panel too.
import { commitmentOf, firstPlace, leafOf } from "./lib/draws.js";
import { fragment, isTouched, leftUntil, listen, oneAtATime } from "./lib/live.js";
import { serveNonceForms } from "./lib/nonces.js";

const hall = document.querySelector("[data-hall]");
const board = hall.querySelector("[data-board]");
const panel = hall.querySelector("[data-mine]");
const refresh = oneAtATime(() => Promise.all([refreshBoard(), refreshPanel()]));

let timers = [];

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

// Some acts become possible by the clock alone.
function wake() {
  timers.forEach(clearTimeout);
  timers = [];
  const shown = panel?.querySelector("[data-panel]");
  if (!shown) return;
  for (const moment of (shown.dataset.wakes ?? "").split(" ").filter(Boolean)) {
    const left = leftUntil(moment);
    if (left !== null) timers.push(setTimeout(refresh, Math.max(left, 0) + 500));
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
listen({ events: hall.dataset.events, sequence: Number(hall.dataset.sequence), changed: refresh });
