// Pages that stay live: the public log of a trade tells that something happened, never what; the page asks again.

const RECONNECT = 5000;
const FAR = 24 * 3600_000;
const clockAhead = Number(document.documentElement.dataset.at) - Date.now();

/** How long until a moment (ISO text) by the server's clock, in milliseconds; null where it is a day or more away. */
export function leftUntil(moment) {
  const left = Date.parse(moment) - (Date.now() + clockAhead);
  return left < FAR ? left : null;
}

/** Call `changed` for every new entry after `sequence`; a lost connection is said and caught up. */
export function listen({ events, sequence, changed }) {
  const status = document.querySelector("[data-live]");
  let last = sequence;
  const say = (kind, text) => {
    if (status.dataset.kind === kind) return;
    status.dataset.kind = kind;
    status.querySelector("[data-live-text]").textContent = text;
  };
  const open = () => {
    const source = new EventSource(`${events}?after=${last}`);
    source.onopen = () => say("on", "实时更新中。");
    source.onmessage = (event) => {
      last = Math.max(last, Number(event.lastEventId));
      changed();
    };
    source.onerror = () => {
      say("lost", "连接中断，正在重新连接；恢复后自动补上期间的变化，已办的事项不受影响。");
      if (source.readyState === EventSource.CLOSED) setTimeout(open, RECONNECT);
    };
  };
  open();
}

/** `work` one at a time; what is asked for meanwhile asks for one more, and a failure is tried again. */
export function oneAtATime(work) {
  let running = null;
  let again = false;
  return function ask() {
    if (running) {
      again = true;
      return;
    }
    running = work().catch(() => { setTimeout(ask, RECONNECT); }).finally(() => {
      running = null;
      if (!again) return;
      again = false;
      ask();
    });
  };
}

/** A part of our pages as text; what a page tells once stays for the page to which the person goes. */
export async function fragment(url) {
  const answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", headers: { "X-Yangguang-Live": "1" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

/** Whether somebody is filling in a form here, or it is on its way. */
export function isTouched(place) {
  if (place.contains(document.activeElement) || place.querySelector("form")?.dataset.sent || place.dataset.sent) return true;
  return [...place.querySelectorAll("input:not([type=hidden]), select, textarea")].some((one) =>
    one.type === "file" ? one.files.length
      : one.type === "radio" || one.type === "checkbox" ? one.checked !== one.defaultChecked
        : one.tagName === "SELECT" ? ![...one.options].every((option, index) => option.selected === (option.defaultSelected || (index === 0 && one.selectedIndex === 0)))
          : one.value !== one.defaultValue);
}
