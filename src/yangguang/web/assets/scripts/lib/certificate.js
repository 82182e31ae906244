// A person's or an organisation's certificate file (.p12) in the page. Keys and passwords never leave it.
//
//   const holder = await openCertificate(file, password);            // for signing
//   const opener = await openCertificate(file, password, "encrypt"); // the pair that opens sealed content
//   holder.certificate        // facts to show: organisationName, organisationCode, notAfter … (x509.js)
//   await holder.sign(bytes)  // {algorithm, certificate, value}: what proof.signatures.Signature.from_json reads
//   await opener.unwrap(bytes)                                       // what wrapFor or the server's seal wrapped
//   holder.close()                                                   // forget the key before the page closes
//   problemsOf(holder.certificate, {at, organisation})               // expired, other organisation …: [CertificateProblem]
//
// Everything that a person can put right is thrown as CertificateProblem: `code`, `message`, `remedy`, `text`.
import { toBase64, toHex } from "./bytes.js";
import { loadKey, SIGNATURE_NAMES } from "./families.js";
import { openPkcs12 } from "./pkcs12.js";
import { CertificateProblem, textOf } from "./problems.js";
import { readCertificate } from "./x509.js";

export { fromBase64, toBase64, toHex } from "./bytes.js";
export { wrapFor } from "./families.js";
export { CertificateProblem, readCertificate, textOf };

const LARGEST = 1 << 20;

/**
 * Open a certificate file (a File or Blob) for "sign" or "encrypt".
 * A file may hold two pairs (双证书): the one whose certificate allows the use is taken.
 */
export async function openCertificate(file, password, use = "sign") {
  if (!globalThis.crypto?.subtle) throw new CertificateProblem("browser.insecure");
  if (!file) throw new CertificateProblem("file.missing");
  if (file.size > LARGEST) throw new CertificateProblem("file.unreadable");
  const pairs = await pairsOf(await contentsOf(file, password));
  const allows = use === "encrypt" ? "mayEncrypt" : "maySign";
  const chosen = pairs.find(({ certificate }) => certificate[allows]);
  if (!chosen) throw new CertificateProblem(use === "encrypt" ? "key.cannot_decrypt" : "certificate.other_use");
  return new Holder(chosen);
}

/** Why the certificate will not be accepted at the moment `at` (Date) for this organisation's code ("" for a person). */
export function problemsOf(certificate, { at, organisation = "" }) {
  const found = [];
  const day = (moment) => moment.toLocaleDateString("zh-CN", { timeZone: "Asia/Shanghai" });
  const say = (code, ...words) => found.push(new CertificateProblem(code, words));
  if (at > certificate.notAfter) {
    say("certificate.expired", `证书已于 ${day(certificate.notAfter)} 到期`, "请向认证机构续期，使用新的证书文件。");
  }
  if (at < certificate.notBefore) {
    say("certificate.early", `证书从 ${day(certificate.notBefore)} 起才有效`, "请使用现在有效的证书。");
  }
  if (organisation && certificate.organisationCode !== organisation) {
    const whose = certificate.organisationName || certificate.commonName;
    say("certificate.other", `证书属于“${whose}”（${certificate.organisationCode || "没有统一社会信用代码"}），不是您现在代表的单位`,
      "请选择本单位的证书，或在账户页切换所代表的单位。");
  }
  return found;
}

/** The server's moment (Date): the one that the page was made at, and what passed since by the machine's own counter. */
export function serverMoment() {
  const served = Number(document.documentElement.dataset.at);
  return new Date(served ? served + performance.now() : Date.now());
}

/** SHA-256 of a certificate, lowercase hex: its fingerprint as the platform knows it. */
export async function fingerprintOf(certificate) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", certificate.der)));
}

/** A certificate with its key, until it is closed. */
class Holder {
  #key;

  constructor({ key, certificate }) {
    this.#key = key;
    this.certificate = certificate;
  }

  /** A detached signature over bytes, as JSON of three members. */
  async sign(bytes) {
    const value = await this.#open().sign(bytes);
    return {
      algorithm: SIGNATURE_NAMES[this.#key.family],
      certificate: this.certificate.base64,
      value: toBase64(value),
    };
  }

  /** The signatures over several pieces, in the same order. */
  async signAll(many) {
    const signatures = [];
    for (const bytes of many) signatures.push(await this.sign(bytes));
    return signatures;
  }

  /** The secret that was wrapped for this certificate. */
  async unwrap(bytes) {
    return this.#open().unwrap(bytes);
  }

  /** Forget the key. */
  close() {
    this.#key = null;
  }

  #open() {
    if (!this.#key) throw new CertificateProblem("holder.closed");
    return this.#key;
  }
}

async function contentsOf(file, password) {
  try {
    return await openPkcs12(new Uint8Array(await file.arrayBuffer()), password);
  } catch (error) {
    throw error instanceof CertificateProblem ? error : new CertificateProblem("file.unreadable");
  }
}

/** Each key with its certificate: whichever verifies a trial signature of the key. */
async function pairsOf({ keys, certificates }) {
  if (!keys.length) throw new CertificateProblem("file.no_key");
  const read = certificates.map(readCertificate);
  const pairs = [];
  for (const pkcs8 of keys) {
    const key = await loadKey(pkcs8);
    const trial = crypto.getRandomValues(new Uint8Array(32));
    const value = await key.sign(trial);
    for (const certificate of read.filter((one) => one.family === key.family)) {
      if (await key.verify(value, trial, certificate)) pairs.push({ key, certificate });
    }
  }
  if (!pairs.length) throw new CertificateProblem("file.no_certificate");
  return pairs;
}
