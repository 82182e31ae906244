// The choice of templates/parts/key_holder.html: a certificate file in the page, or the helper outside of the browser.
// One choice stands for its [data-holders] element ("open": a key that opens is needed); within it, [data-by] shows what
// belongs to the chosen one.
import { helperStatus, isPaired, pair } from "./helper.js";
import { textOf } from "./problems.js";

/** Whether the person chose the helper for the panel that this element is in. */
export const usesHelper = (element) => choiceOf(element)?.value === "helper";

/** Serve every choice of the page, also those that come later; a tab that is paired already begins with the helper. */
export function serveHolders() {
  if (document.documentElement.dataset.holders) return; // two scripts of a page may ask for it
  document.documentElement.dataset.holders = "1";
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-holder-choice]")) show(target);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-pair]");
    if (button) pairFrom(button);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.("[data-pairing-code]")) return;
    event.preventDefault(); // the code is no answer to the form around it
    pairFrom(scopeOf(event.target).querySelector("[data-pair]"));
  });
  for (const choice of document.querySelectorAll("[data-holder-choice]")) {
    if (isPaired()) choice.value = "helper";
    show(choice);
  }
}

const scopeOf = (element) => element.closest("[data-holders]");
const choiceOf = (element) => (element.matches("[data-holders]") ? element : scopeOf(element))?.querySelector("[data-holder-choice]");

function show(choice) {
  const scope = scopeOf(choice);
  for (const one of scope.querySelectorAll("[data-by]")) one.hidden = one.dataset.by !== choice.value;
  if (choice.value !== "helper") return;
  scope.querySelector("[data-helper-command]").textContent = `yangguang bid agent --origin ${location.origin} --key 证书.p12`;
  tellState(scope);
}

async function tellState(scope) {
  if (!isPaired()) return say(scope, "还没有配对。");
  say(scope, "正在询问投标助手……");
  try {
    const { signs, opens } = await helperStatus();
    const until = signs.notAfter.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
    const whose = signs.organisationName || signs.commonName;
    const lacks = scope.dataset.holders === "open" && !opens;
    say(scope, `已配对：${whose}，签名证书有效期至 ${until}${lacks ? "；没有加密证书，不能解密" : ""}。`, "ok");
  } catch (error) {
    say(scope, textOf(error), "wrong");
  }
}

async function pairFrom(button) {
  if (button.disabled) return;
  const scope = scopeOf(button);
  const code = scope.querySelector("[data-pairing-code]");
  button.disabled = true;
  try {
    await pair(code.value);
    code.value = "";
    for (const choice of document.querySelectorAll("[data-holder-choice]")) {
      if (choice.value === "helper") tellState(scopeOf(choice));
    }
  } catch (error) {
    say(scope, textOf(error), "wrong");
    code.focus();
  } finally {
    button.disabled = false;
  }
}

function say(scope, text, kind = "") {
  const state = scope.querySelector("[data-helper-state]");
  state.textContent = text;
  state.dataset.kind = kind;
  scope.querySelector("[data-helper-pairing]").hidden = kind === "ok";
}
