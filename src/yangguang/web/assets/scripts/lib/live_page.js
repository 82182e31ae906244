// A whole page that follows the log: what changed is put in its place, what somebody is filling in stays.
import { fragment, isTouched, leftUntil, listen, oneAtATime } from "./live.js";

const LOST = "情况有变化，本页正在填写的内容在新的页面上已经没有位置。请先记下需要的内容，再";

/**
 * Keep the element with [data-live-page] like the page at its own address (data-url); `fresh(element)` wakes what came
 * new. With data-keeps its forms hold what was typed before and could not be taken.
 */
export function follow(fresh) {
  const page = document.querySelector("[data-live-page]");
  if (!page) return;
  const refresh = oneAtATime(() => renew(page, fresh, wake));
  let timer = 0;
  function wake() {
    clearTimeout(timer);
    const moments = [...page.querySelectorAll("[data-until]")].map((one) => leftUntil(one.dataset.until));
    const next = Math.min(...moments.filter((one) => one !== null && one > 0));
    if (Number.isFinite(next)) timer = setTimeout(refresh, next + 500);
  }
  wake();
  listen({ events: page.dataset.events, sequence: Number(page.dataset.sequence), changed: refresh });
}

async function renew(page, fresh, wake) {
  const text = await fragment(page.dataset.url);
  const next = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live-page]");
  if (!next) return;
  const kept = [...page.querySelectorAll("form")].filter((one) => page.dataset.keeps || isTouched(one));
  const places = kept.map((form) => [...next.querySelectorAll("form")].find((one) => keyOf(one) === keyOf(form)));
  if (places.includes(undefined)) {
    tell(page);
    return;
  }
  const focused = document.activeElement;
  kept.forEach((form, index) => places[index].replaceWith(form));
  const open = new Set([...page.querySelectorAll("details[open] > summary")].map((one) => one.textContent));
  for (const one of next.querySelectorAll("details > summary")) one.parentElement.open ||= open.has(one.textContent);
  page.replaceChildren(...next.childNodes);
  if (focused !== document.activeElement && page.contains(focused)) focused.focus();
  fresh(page);
  wake();
}

/** What a form is about: its address and what the page put into it. */
function keyOf(form) {
  const fixed = [...form.querySelectorAll("input[type=hidden]")].filter((one) => one.name !== "csrfmiddlewaretoken");
  return [form.getAttribute("action"), form.dataset.drawId, ...fixed.map((one) => `${one.name}=${one.defaultValue}`)].join(" ");
}

function tell(page) {
  if (page.querySelector("[data-changed]")) return;
  const link = Object.assign(document.createElement("a"), { href: page.dataset.url, textContent: "刷新本页" });
  const note = Object.assign(document.createElement("p"), { className: "yg-refusal" });
  note.dataset.changed = "1";
  note.setAttribute("role", "alert");
  note.append(LOST, link, "。");
  page.prepend(note);
}
