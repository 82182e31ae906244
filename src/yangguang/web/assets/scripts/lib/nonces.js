// The forms of a draw: a party's number is made here, stays in this window until the reveal, and only then leaves it.
import { commitmentOf, freshNonce, nonceKey } from "./draws.js";

const LOST = "本窗口没有提交承诺时的随机数。请回到提交承诺的那个窗口揭示；不能揭示的，到时以您的承诺代替，抽取照常完成。";

/** Fill in each form with [data-nonce-for] when it is sent. Works for forms that come later, too. */
export function serveNonceForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset?.nonceFor || form.dataset.ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    prepare(form).then(() => {
      form.dataset.ready = "1";
      setTimeout(() => form.requestSubmit()); // within the event that is being fired a form is not sent again
    }, (problem) => say(form, problem.message));
  }, { capture: true });
}

async function prepare(form) {
  const { drawId, party } = form.dataset;
  const key = nonceKey(drawId, party);
  if (form.dataset.nonceFor === "reveal_for_draw") {
    const kept = sessionStorage.getItem(key);
    if (!kept) throw new Error(LOST);
    form.elements.nonce.value = kept;
    return;
  }
  const nonce = sessionStorage.getItem(key) ?? freshNonce();
  sessionStorage.setItem(key, nonce);
  form.elements.commitment.value = await commitmentOf(drawId, party, nonce);
}

function say(form, text) {
  const status = form.querySelector("[data-nonce-status]");
  status.textContent = text;
  status.classList.add("yg-refusal");
}
