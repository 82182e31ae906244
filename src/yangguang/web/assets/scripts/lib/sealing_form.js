// What a bidder fills in to seal: checked here, because nobody else sees it before the opening.

const MONEY = /^\d{1,13}(\.\d{1,2})?$/;
const DAYS = /^[1-9]\d{0,4}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NEED_FILES = "请为每个部分选择文件：";

/** Heading and certificates for the worker; throws an Error with words for people. */
export function inputsOf(form, { tender, lot, organisation }) {
  const certificate = form.elements["seal-certificate"].files[0];
  if (!certificate) throw new Error("请选择签名证书文件（.p12）。");
  const encryption = form.elements["seal-encryption"].files[0];
  const password = form.elements["seal-password"].value;
  return { heading: { tender, lot }, organisation, certificate, encryption, password, rescue: rescueIn(form) };
}

/** 解密救援 as the page has it from the tender document, or null. */
function rescueIn(form) {
  const declared = form.querySelector("[data-rescue]");
  if (!declared) return null;
  const trustees = [...declared.querySelectorAll("[data-trustee]")].map(({ dataset }) => ({ name: dataset.trustee, certificate: dataset.certificate }));
  return { threshold: Number(declared.dataset.rescue), trustees };
}

/** The parts with their files, the structured facts first. */
export function partsOf(form, what, { lot, beneficiary }) {
  return what === "bid" ? bidParts(form) : [guaranteePart(form, lot, beneficiary)];
}

function bidParts(form) {
  const parts = [...form.querySelectorAll("[data-part]")].map((one) => ({
    name: one.dataset.part,
    label: one.labels[0].textContent,
    files: [...(one.dataset.part === "price" ? [priceFile(form)] : []), ...chosen(one)],
  }));
  const empty = parts.filter((one) => !one.files.length).map((one) => one.label);
  if (empty.length) throw new Error(`${NEED_FILES}${empty.join("、")}。`);
  return parts.map(({ name, files }) => ({ name, files }));
}

function priceFile(form) {
  const amount = plain(form.elements["price-amount"].value);
  const days = plain(form.elements["price-days"].value);
  if (!MONEY.test(amount) || Number(amount) <= 0) throw new Error("投标报价应为大于零的金额，最多两位小数。");
  if (!DAYS.test(days)) throw new Error("工期应为天数。");
  return json("price.json", { amount: cents(amount), period_days: Number(days) });
}

function guaranteePart(form, lot, beneficiary) {
  const value = (id) => form.elements[id].value.trim();
  const amount = plain(value("guarantee-amount"));
  if (!MONEY.test(amount) || Number(amount) <= 0) throw new Error("保证金金额应为大于零的金额，最多两位小数。");
  if (!value("guarantor")) throw new Error("请填写开立机构。");
  const [from, until] = [value("valid-from"), value("valid-until")];
  if (!DATE.test(from) || !DATE.test(until) || until < from) throw new Error("请填写生效日和到期日，到期日不早于生效日。");
  const facts = { amount: cents(amount), beneficiary, guarantor: value("guarantor"), lot, valid_from: from, valid_until: until };
  return { name: "guarantee", files: [json("guarantee.json", facts), ...chosen(form.elements["guarantee-files"])] };
}

const chosen = (input) => [...input.files].map((one) => ({ name: one.name, size: one.size, content: one }));
const plain = (text) => text.replace(/[,，\s]/g, "");

function cents(amount) {
  const [whole, part = ""] = amount.split(".");
  return `${whole.replace(/^0+(?=\d)/, "")}.${part.padEnd(2, "0")}`;
}

function json(name, value) {
  const content = new Blob([JSON.stringify(value)]);
  return { name, size: content.size, content };
}
