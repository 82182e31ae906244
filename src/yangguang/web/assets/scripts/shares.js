// 解密份额: the panel of templates/hall/share.html, whenever it appears. It takes a trustee's shares out of the chosen
// bidder's sealed files, signs them, fills in the form's share_text and sends the form.
import { serverMoment } from "./lib/moment.js";
import { workerAt } from "./lib/worker.js";

let ask = null;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-take-share]");
  if (!button || button.disabled) return;
  const panel = button.closest("[data-share-panel]");
  const form = panel.closest("form");
  const status = panel.querySelector("[data-share-status]");
  const say = (text, kind = "") => {
    status.textContent = text;
    status.dataset.kind = kind;
  };
  button.disabled = true;
  say("正在取出份额并签名……");
  try {
    form.elements.share_text.value = await shares(panel, form);
    say("份额已签名，正在提交……", "ok");
    form.requestSubmit();
  } catch (error) {
    say(error.message, "wrong");
  } finally {
    button.disabled = false;
  }
});

// Enter in the password field takes the shares instead of sending a form without them.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "share-password") return;
  event.preventDefault();
  event.target.closest("[data-share-panel]").querySelector("[data-take-share]").click();
});

async function shares(panel, form) {
  const { elements } = form;
  const file = (name) => elements[`share-${name}`].files[0];
  const urls = elements["share-of"].value.trim().split(/\s+/).map((one) => new URL(one, location).href);
  ask ??= workerAt(panel.dataset.worker);
  const common = { certificate: file("certificate"), encryption: file("encryption"), password: elements["share-password"].value };
  return new TextDecoder().decode(await ask("share", { urls, ...common, at: serverMoment().getTime() }));
}
